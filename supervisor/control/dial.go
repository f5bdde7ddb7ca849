package control

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Runs reports whether the app in a root runs here, so that [Listen] would refuse.
func Runs(root string) bool {
	conn, err := dialLiving(dial, root)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	return !isForeign(conn)
}

// dialTimeout bounds how long a connection may take: the owner may be stopped, and the
// queue of its socket full.
const dialTimeout = 5 * time.Second

// dial connects to the formation of the app in a root.
func dial(root string) (net.Conn, error) {
	name, own := socketNames(root)
	for _, dir := range directories() {
		if !isPrivate(dir) {
			continue
		}
		for _, name := range []string{own, name} {
			if conn, err := dialOwn(filepath.Join(dir, name)); err == nil {
				return conn, nil
			}
		}
	}
	return nil, ErrNotRunning
}

// errForeign says that a socket is somebody else's.
var errForeign = errors.New("the socket belongs to another user")

// dialOwn connects to a socket of the user's own. What is in a private directory can be a
// link to where somebody else could put another socket, so whoever listens is looked at,
// before anything is read.
func dialOwn(path string) (net.Conn, error) {
	if _, err := os.Lstat(path); err != nil {
		return nil, err // as at most starts, which the rest would cost a tenth of a millisecond
	}
	if target, err := filepath.EvalSymlinks(path); err == nil && !isPrivate(filepath.Dir(target)) {
		return nil, errForeign
	}
	conn, err := dialAt(path)
	if err == nil && !isAllowed(conn) {
		return nil, errors.Join(errForeign, conn.Close())
	}
	return conn, err
}

// RemoveDead removes a socket on which nobody listens any longer.
func RemoveDead(path string) {
	unlock := lock(filepath.Dir(path))
	defer unlock()
	removeDead(path)
}

// removeDead does so while the directory is locked. Otherwise it tells who listens; pid 0:
// it is there, and too busy to answer.
func removeDead(path string) (pid int, alive bool) {
	conn, err := dialOwn(path)
	switch {
	case err == nil:
		defer func() { _ = conn.Close() }()
		return peerPid(conn), true
	case errors.Is(err, syscall.EAGAIN), errors.Is(err, os.ErrDeadlineExceeded):
		return 0, true
	case isDead(path, err), isLink(path): // also one to what is not ours any longer
		_ = os.Remove(path)
	}
	return 0, false
}
