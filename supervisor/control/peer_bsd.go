//go:build darwin || freebsd

package control

import (
	"errors"
	"net"

	"golang.org/x/sys/unix"
)

// solLocal is the level of LOCAL_PEERCRED (unix(4)).
const solLocal = 0

// isForeign reports false: there are no PID namespaces.
func isForeign(net.Conn) bool { return false }

// isSuspended cannot tell: the pid is not told, see peer.
func isSuspended(int) bool { return false }

func namespace() string { return "0" }

// peer tells who is at the other end of a socket. The pid is not told.
func peer(conn net.Conn) (uid, pid int, err error) {
	raw, err := conn.(*net.UnixConn).SyscallConn()
	if err != nil {
		return 0, 0, err
	}
	var cred *unix.Xucred
	controlErr := raw.Control(func(fd uintptr) {
		cred, err = unix.GetsockoptXucred(int(fd), solLocal, unix.LOCAL_PEERCRED)
	})
	if err := errors.Join(controlErr, err); err != nil {
		return 0, 0, err
	}
	return int(cred.Uid), 0, nil
}

// guessRoot knows nothing of processes.
func guessRoot(int, string) (root string) { return "" }
