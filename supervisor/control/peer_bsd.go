//go:build darwin || freebsd

package control

import (
	"errors"
	"net"

	"golang.org/x/sys/unix"

	"reeve/supervisor/kinfo"
)

// solLocal is the level of LOCAL_PEERCRED (unix(4)).
const solLocal = 0

// isForeign reports false: there are no PID namespaces.
func isForeign(net.Conn) bool { return false }

// isSuspended reports whether a process is stopped, as by Ctrl-Z.
func isSuspended(pid int) bool {
	p, ok := kinfo.Of(pid)
	return ok && p.State == kinfo.Stopped
}

func namespace() string { return "0" }

// peer identifies the other end of a socket: the process that connected, or the one that listens.
func peer(conn net.Conn) (uid, pid int, err error) {
	raw, err := conn.(*net.UnixConn).SyscallConn()
	if err != nil {
		return 0, 0, err
	}
	controlErr := raw.Control(func(fd uintptr) {
		var cred *unix.Xucred
		if cred, err = unix.GetsockoptXucred(int(fd), solLocal, unix.LOCAL_PEERCRED); err == nil {
			uid, pid = int(cred.Uid), pidOf(int(fd), cred)
		}
	})
	return uid, pid, errors.Join(controlErr, err)
}

// guessRoot does not know what a process was started with.
func guessRoot(int, string) (root string) { return "" }
