//go:build unix

package held

import (
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"

	"reeve/env"
)

// How a socket is bound at each kind of address, and why it could not be.

// bind makes a socket that does not listen yet. It blocks, and children do not inherit it.
func (a Address) bind(first ...func(fd int) error) (fd int, err error) {
	everywhere := netip.AddrPortFrom(netip.IPv6Unspecified(), uint16(a.port))
	switch {
	case a.path != "":
		return a.bindUnix()
	case a.host == "":
		if fd, err = bindIP(everywhere, append(first, dual)...); errors.Is(err, unix.EAFNOSUPPORT) {
			return bindIP(netip.AddrPortFrom(netip.IPv4Unspecified(), uint16(a.port)), first...)
		}
		return fd, err
	case a.host != localhost:
		return bindIP(netip.AddrPortFrom(netip.MustParseAddr(a.host), uint16(a.port)), append(first, dual)...)
	}
	// One socket for both loopback addresses: a program that takes only the first of two would
	// leave those waiting for ever who come by the other.
	fd, err = bindIP(everywhere, append(first, dual, confine)...)
	if err == nil || errors.Is(err, unix.EADDRINUSE) || errors.Is(err, unix.EACCES) {
		return fd, err
	}
	closeSocket(fd)
	return bindIP(netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), uint16(a.port)), first...)
}

// dual makes a socket of all IPv6 addresses one of all IPv4 addresses, too.
func dual(fd int) error {
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 0) // which is not one of IPv6, perhaps
	return nil
}

// bindIP makes a TCP socket, does something to it and binds it.
func bindIP(at netip.AddrPort, first ...func(fd int) error) (fd int, err error) {
	ip, port := at.Addr(), int(at.Port())
	family, address := unix.AF_INET6, unix.Sockaddr(&unix.SockaddrInet6{Port: port, Addr: ip.As16(), ZoneId: zoneOf(ip)})
	if ip.Is4() {
		family, address = unix.AF_INET, &unix.SockaddrInet4{Port: port, Addr: ip.As4()}
	}
	if fd, err = newSocket(family); err != nil {
		return fd, err
	}
	for _, do := range append(slices.Clip(first), reuse) {
		if err := do(fd); err != nil {
			return fd, err
		}
	}
	return fd, unix.Bind(fd, address)
}

// reuse lets a socket be bound while connections of an earlier one are still there.
func reuse(fd int) error { return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1) }

func zoneOf(ip netip.Addr) uint32 {
	n, err := strconv.ParseUint(ip.Zone(), 10, 32)
	if err != nil {
		return interfaceIndex(ip.Zone())
	}
	return uint32(n)
}

// bindUnix makes a Unix socket. A file that is left of one on which nobody listens is replaced.
func (a Address) bindUnix() (fd int, err error) {
	if fd, err = newSocket(unix.AF_UNIX); err != nil {
		return fd, err
	}
	if a.isAbstract() {
		return fd, unix.Bind(fd, &unix.SockaddrUnix{Name: a.path})
	}
	// Whoever looks whether a socket is alive, and replaces it, does so alone.
	defer lock(filepath.Dir(a.path))()
	dead, err := a.unixRoom()
	if err != nil {
		return fd, err
	}
	if dead {
		_ = os.Remove(a.path)
	}
	return fd, unix.Bind(fd, &unix.SockaddrUnix{Name: a.path})
}

// errNoSocket says that something else has the path of a Unix socket.
var errNoSocket = errors.New("there is a file of that name, and it is not a socket")

func newSocket(family int) (fd int, err error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if fd, err = unix.Socket(family, unix.SOCK_STREAM, 0); err != nil {
		return -1, err
	}
	unix.CloseOnExec(fd)
	return fd, nil
}

func closeSocket(fd int) {
	if fd >= 0 {
		_ = unix.Close(fd)
	}
}

// explain says why there is no socket, and who is in the way.
func (a Address) explain(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, unix.EADDRINUSE) && a.port != 0:
		return InUseError{env.Listeners([]int{a.port})}
	case errors.Is(err, unix.EADDRINUSE):
		return errors.New("the address is in use")
	case errors.Is(err, unix.EADDRNOTAVAIL), errors.Is(err, unix.EAFNOSUPPORT):
		return errors.New("this machine does not have that address")
	case errors.Is(err, unix.EACCES) && a.port != 0 && a.port < 1024:
		return errors.New("permission denied: only root may use this port, or who has the capability CAP_NET_BIND_SERVICE")
	}
	return err
}
