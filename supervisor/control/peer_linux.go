package control

import (
	"errors"
	"net"
	"strconv"

	"golang.org/x/sys/unix"
)

// isForeign reports whether who listens is of another PID namespace: its pid is not told then.
func isForeign(conn *net.UnixConn) bool { return peerPid(conn) == 0 }

// namespace names the PID namespace of this process.
func namespace() string {
	var stat unix.Stat_t
	if unix.Stat("/proc/self/ns/pid", &stat) != nil {
		return "0"
	}
	return strconv.FormatUint(stat.Ino, 36)
}

// peer tells who is at the other end of a socket: who connected, or who listens
// (unix(7), SO_PEERCRED). A pid of another PID namespace is 0.
func peer(conn *net.UnixConn) (uid, pid int, err error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0, 0, err
	}
	var cred *unix.Ucred
	controlErr := raw.Control(func(fd uintptr) {
		cred, err = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
	})
	if err := errors.Join(controlErr, err); err != nil {
		return 0, 0, err
	}
	return int(cred.Uid), int(cred.Pid), nil
}
