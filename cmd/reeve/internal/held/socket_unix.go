//go:build unix

package held

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"reeve/env"
)

// backlog is how many connections may wait, as far as the system allows.
const backlog = 1<<16 - 1

// Socket is a socket that listens, and on which reeve never accepts.
type Socket struct {
	at   Address
	file *os.File
	info fs.FileInfo // of a Unix socket's file
}

// Bind makes the socket of an address, which listens from then on.
func Bind(at Address) (*Socket, error) {
	fd, err := at.bind()
	if err == nil {
		err = unix.Listen(fd, backlog)
	}
	if err != nil {
		closeSocket(fd)
		return nil, at.explain(err)
	}
	s := &Socket{at: at, file: os.NewFile(uintptr(fd), at.String())}
	if file := at.File(); file != "" {
		s.info, err = os.Lstat(file)
	}
	return s, err
}

// Try reports why the socket of an address could not be made now. It makes none.
func Try(at Address) error {
	if file := at.File(); file != "" {
		_, err := at.unixRoom()
		return at.explain(err)
	}
	fd, err := at.bind()
	closeSocket(fd)
	return at.explain(err)
}

// File is what a run is given.
func (s *Socket) File() *os.File { return s.file }

// At is where the socket is.
func (s *Socket) At() Address { return s.at }

// Mend makes good what a run may have done to a socket that it shared: a socket that it has shut down
// listens again, and one whose file it has removed is made anew.
func (s *Socket) Mend() error {
	file := s.at.File()
	if file == "" {
		return unix.Listen(int(s.file.Fd()), backlog)
	}
	if s.isThere() {
		return unix.Listen(int(s.file.Fd()), backlog)
	}
	anew, err := Bind(s.at)
	if err != nil {
		return err
	}
	_ = s.file.Close()
	*s = *anew
	return nil
}

// Block makes reads from the socket wait again, which a run may have ended for all who share it. No
// run may have it now.
func (s *Socket) Block() { _ = unix.SetNonblock(int(s.file.Fd()), false) }

// Close ends reeve's part in the socket: when nobody has it any longer, connections are refused.
func (s *Socket) Close() { _ = s.file.Close() }

// Remove removes the file of a Unix socket, unless it is another one's by now.
func (s *Socket) Remove() {
	if file := s.at.File(); file != "" && s.isThere() {
		_ = os.Remove(file)
	}
}

// isThere reports whether the file of a Unix socket is still its own. A file system may give the number of
// a file that was removed to the next one, but not its type and its time.
func (s *Socket) isThere() bool {
	info, err := os.Lstat(s.at.File())
	return err == nil && os.SameFile(info, s.info) && info.Mode().Type() == fs.ModeSocket &&
		info.ModTime().Equal(s.info.ModTime())
}

// bind makes a socket that does not listen yet. It blocks, and children do not inherit it.
func (a Address) bind() (fd int, err error) {
	switch {
	case a.path != "":
		return a.bindUnix()
	case a.host == "":
		return bindIP(netip.IPv6Unspecified(), a.port, dual)
	case a.host != localhost:
		return bindIP(netip.MustParseAddr(a.host), a.port, dual)
	}
	// One socket for both loopback addresses: a program that takes only the first of two would
	// leave those waiting for ever who come by the other.
	fd, err = bindIP(netip.IPv6Unspecified(), a.port, dual, confine)
	if err == nil || errors.Is(err, unix.EADDRINUSE) || errors.Is(err, unix.EACCES) {
		return fd, err
	}
	closeSocket(fd)
	return bindIP(netip.AddrFrom4([4]byte{127, 0, 0, 1}), a.port)
}

// dual makes a socket of all IPv6 addresses one of all IPv4 addresses, too.
func dual(fd int) error {
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 0) // which is not one of IPv6, perhaps
	return nil
}

// bindIP makes a TCP socket, does something to it and binds it. Without IPv6, all addresses are
// those of IPv4.
func bindIP(ip netip.Addr, port int, first ...func(fd int) error) (fd int, err error) {
	family, address := unix.AF_INET6, unix.Sockaddr(&unix.SockaddrInet6{Port: port, Addr: ip.As16(), ZoneId: zoneOf(ip)})
	if ip.Is4() {
		family, address = unix.AF_INET, &unix.SockaddrInet4{Port: port, Addr: ip.As4()}
	}
	fd, err = newSocket(family)
	if err != nil && ip == netip.IPv6Unspecified() && len(first) == 1 {
		return bindIP(netip.IPv4Unspecified(), port)
	}
	if err != nil {
		return fd, err
	}
	first = append(slices.Clip(first), reuse)
	for _, do := range first {
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

// aliveError says that somebody listens at the path of a Unix socket.
type aliveError struct{ pid int }

func (e aliveError) Error() string {
	if e.pid == 0 {
		return "somebody else listens there"
	}
	return fmt.Sprintf("pid %d listens there", e.pid)
}

// unixRoom finds out whether a Unix socket can be made, and whether a dead one is in its place.
func (a Address) unixRoom() (dead bool, err error) {
	const longest = 103 // of sun_path on the BSDs; Linux has 107
	if len(a.path) > longest {
		return false, fmt.Errorf("the path is too long for a Unix socket: it must have at most %d bytes", longest)
	}
	info, err := os.Lstat(a.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Stat(filepath.Dir(a.path)); err != nil {
			return false, fmt.Errorf("its directory is missing: create %s", filepath.Dir(a.path))
		}
		return false, nil
	case err != nil:
		return false, err
	case info.Mode().Type() != fs.ModeSocket:
		return false, errNoSocket
	}
	return isDead(a.path)
}

// isDead asks a Unix socket whether somebody listens there.
func isDead(path string) (dead bool, err error) {
	fd, err := newSocket(unix.AF_UNIX)
	if err != nil {
		return false, err
	}
	defer closeSocket(fd)
	_ = unix.SetNonblock(fd, true) // the queue of one that lives may be full
	err = unix.Connect(fd, &unix.SockaddrUnix{Name: path})
	if errors.Is(err, unix.EPROTOTYPE) {
		return isDeadForDatagrams(path)
	}
	switch {
	case errors.Is(err, unix.ECONNREFUSED), errors.Is(err, unix.ENOENT):
		return true, nil
	case err == nil:
		return false, aliveError{peerPid(fd)}
	case errors.Is(err, unix.EAGAIN):
		return false, aliveError{}
	}
	return false, err
}

// isDeadForDatagrams asks a Unix socket for datagrams whether somebody has it.
func isDeadForDatagrams(path string) (dead bool, err error) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
	if err != nil {
		return false, err
	}
	defer closeSocket(fd)
	unix.CloseOnExec(fd)
	if err = unix.Connect(fd, &unix.SockaddrUnix{Name: path}); errors.Is(err, unix.ECONNREFUSED) {
		return true, nil
	}
	return false, aliveError{}
}

// RemoveDead removes the file of a Unix socket on which nobody listens any longer.
func RemoveDead(path string) {
	defer lock(filepath.Dir(path))()
	if info, err := os.Lstat(path); err != nil || info.Mode().Type() != fs.ModeSocket {
		return
	}
	if dead, _ := isDead(path); dead {
		_ = os.Remove(path)
	}
}

// lockTries bounds how long others may have a directory locked.
const lockTries = 1000

// lock keeps other reeves from replacing what is in a directory. Where a lock cannot be had it
// does without.
func lock(dir string) (unlock func()) {
	f, err := os.Open(dir)
	if err != nil {
		return func() {}
	}
	for range lockTries {
		if unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
	return func() { _ = f.Close() }
}

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
		text := "the address is in use"
		if owners := env.Listeners([]int{a.port}); len(owners) > 0 && owners[0].PID != 0 {
			text += fmt.Sprintf(" by %s (pid %d)", owners[0].Name, owners[0].PID)
		}
		return errors.New(text + ": stop that program, or use another one")
	case errors.Is(err, unix.EADDRINUSE):
		return errors.New("the address is in use")
	case errors.Is(err, unix.EADDRNOTAVAIL), errors.Is(err, unix.EAFNOSUPPORT):
		return errors.New("this machine does not have that address")
	case errors.Is(err, unix.EACCES) && a.port != 0 && a.port < 1024:
		return errors.New("permission denied: only root may use this port, or who has the capability CAP_NET_BIND_SERVICE")
	}
	return err
}
