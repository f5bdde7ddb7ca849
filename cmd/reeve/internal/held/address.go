// Package held has the sockets that reeve holds for process types (--listen).
//
// A server that binds its own address refuses connections from when it stops until its successor
// listens. A socket that outlives it does not: reeve binds it before the first start, hands it to
// every run, and keeps it in between, so that whoever connects meanwhile waits in its queue. reeve
// itself never accepts a connection.
//
// How a run finds its socket is the protocol of systemd (sd_listen_fds(3)), which package
// reeve/supervisor speaks.
package held

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"

	"reeve/env"
)

// Address is where a socket is to be: a TCP port, or the path of a Unix socket.
type Address struct {
	host string // an IP address; empty: all of them; localhost: both loopback addresses
	port int    // 0: the type's own PORT
	path string // of a Unix socket; empty: it is a TCP port
}

// localhost stands for both loopback addresses.
const localhost = "localhost"

// Own is a type's own PORT on the loopback addresses.
func Own() Address { return Address{host: localhost} }

var errForm = errors.New("must be an address and a port, as in 0.0.0.0:8080, [::]:8080 or 127.0.0.1:$PORT, or the path of a Unix socket, as in tmp/web.sock")

// Parse reads an address.
func Parse(text string) (Address, error) {
	path, isUnix := strings.CutPrefix(text, "unix:")
	path = strings.TrimPrefix(path, "//")
	if isUnix || looksLikePath(text) {
		if path == "" || path == "@" || strings.HasSuffix(path, "/") || strings.ContainsRune(path, 0) {
			return Address{}, errForm
		}
		return Address{path: path}, nil
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		return Address{}, errForm
	}
	a := Address{host: host}
	if ip, err := netip.ParseAddr(host); host == "*" || ip == netip.IPv6Unspecified() {
		a.host = "" // which is both of IPv6 and of IPv4
	} else if err != nil && host != "" && host != localhost {
		return Address{}, fmt.Errorf("%s is not an IP address: it must be one of this machine's, or localhost, or 0.0.0.0 or [::] for all of them", host)
	} else if err == nil && ip.Is4In6() {
		a.host = ip.Unmap().String()
	}
	if port == "$PORT" || port == "${PORT}" {
		return a, nil
	}
	if a.port, err = strconv.Atoi(port); err != nil || a.port < 1 || a.port > 65535 {
		return Address{}, errors.New("its port must be a whole number from 1 to 65535, or $PORT")
	}
	return a, nil
}

// looksLikePath reports whether an address is the path of a Unix socket, or the name of an abstract one.
func looksLikePath(text string) bool {
	return strings.ContainsRune(text, '/') || strings.HasPrefix(text, ".") || strings.HasPrefix(text, "@") ||
		strings.HasSuffix(text, ".sock") || strings.HasSuffix(text, ".socket")
}

// IsOwnPort reports whether a socket is at the PORT that its type is given.
func (a Address) IsOwnPort() bool { return a.path == "" && a.port == 0 }

// In is the address for a type that has a port, in a root.
func (a Address) In(root string, port int) Address {
	switch {
	case a.IsOwnPort():
		a.port = port
	case a.path != "" && !a.isAbstract() && !filepath.IsAbs(a.path):
		a.path = filepath.Join(root, a.path)
	}
	return a
}

// Port is the TCP port; 0: there is none.
func (a Address) Port() int { return a.port }

// File is the path of a Unix socket that is a file; empty: there is none.
func (a Address) File() string {
	if a.isAbstract() {
		return ""
	}
	return a.path
}

// Host is a host by which this machine reaches a TCP socket.
func (a Address) Host() string {
	if ip, err := netip.ParseAddr(a.host); err == nil && !ip.IsUnspecified() && !ip.IsLoopback() {
		return a.host
	}
	return localhost
}

// OfLoopback reports whether a socket is for both loopback addresses, and gives the address that is
// then bound on the loopback interface alone.
func (a Address) OfLoopback() (all string, ok bool) {
	if a.path != "" || a.host != localhost {
		return "", false
	}
	a.host = ""
	return a.String(), true
}

// Overlaps reports whether two sockets cannot both be had.
func (a Address) Overlaps(b Address) bool {
	if a.path != "" || b.path != "" {
		return a.path == b.path
	}
	return a.port == b.port && (a.covers(b) || b.covers(a))
}

// covers reports whether a TCP socket has the host of another one, too.
func (a Address) covers(b Address) bool {
	of, err := netip.ParseAddr(b.host)
	switch {
	case a.host == "" || a.host == b.host:
		return true
	case a.host == localhost:
		return err == nil && of.IsLoopback()
	case a.host == netip.IPv4Unspecified().String():
		return b.host == localhost || err == nil && of.Is4()
	}
	return false
}

// InUseError says that others listen on a TCP port, as far as the system tells who.
type InUseError struct{ By []env.Owner }

func (e InUseError) Error() string {
	text := "the address is in use"
	if len(e.By) > 0 && e.By[0].PID != 0 {
		text += fmt.Sprintf(" by %s (pid %d)", e.By[0].Name, e.By[0].PID)
	}
	return text + ": stop that program, or use another one"
}

// isAbstract reports whether a Unix socket has a name and no file (unix(7)).
func (a Address) isAbstract() bool { return strings.HasPrefix(a.path, "@") }

// String is the address as it can be written.
func (a Address) String() string {
	if a.path != "" {
		return a.path
	}
	port := "$PORT"
	if a.port != 0 {
		port = strconv.Itoa(a.port)
	}
	return net.JoinHostPort(cmp.Or(a.host, "::"), port)
}
