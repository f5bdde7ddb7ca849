//go:build unix

package control

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// lockPatience bounds how long others may keep a directory locked, who need it for a moment: one
// of them may have been suspended in it. A variable for tests.
var lockPatience = 3 * time.Second

// lock keeps others from changing what is in a directory until unlock is called. Where that
// cannot be had, on a file system that has no locks or in time, it does without.
func lock(dir string) (unlock func()) {
	f, err := os.Open(dir)
	if err != nil {
		return func() {}
	}
	tryLock := func() error { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) }
	for began := time.Now(); errors.Is(tryLock(), unix.EWOULDBLOCK) && time.Since(began) < lockPatience; {
		time.Sleep(time.Millisecond)
	}
	return func() { _ = f.Close() }
}

// listenUnix makes a socket. [net.ListenUnix] would read from /proc how many may wait for an
// answer, into a buffer of 64 KB; the kernel takes what is more than that for as much.
func listenUnix(path string) (*net.UnixListener, error) {
	const many = 4096
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), path)
	defer f.Close() // the listener has a copy
	unix.CloseOnExec(fd)
	if err := unix.Bind(fd, &unix.SockaddrUnix{Name: path}); err != nil {
		return nil, err
	}
	if err := unix.Listen(fd, many); err != nil {
		return nil, err
	}
	l, err := net.FileListener(f)
	if err != nil {
		return nil, err
	}
	return l.(*net.UnixListener), nil
}

// listenAt makes the socket at a path.
func listenAt(path string) (net.Listener, error) {
	l, err := listenUnix(path)
	if err != nil {
		return nil, err
	}
	l.SetUnlinkOnClose(false)
	return l, nil
}

// closeSocket makes a socket the user's alone.
func closeSocket(path string) error { return os.Chmod(path, 0o600) }

// dialAt connects to the socket at a path.
func dialAt(path string) (net.Conn, error) { return net.DialTimeout("unix", path, dialTimeout) }

// isDead reports whether the error of a connection says that nobody listens on a socket.
func isDead(path string, err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) && isSocket(path)
}

// isSocket tells a socket from an ordinary file, which refuses connections as well.
func isSocket(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && !info.Mode().IsRegular()
}

// isBrokenOff reports whether an error says that the other end has gone.
func isBrokenOff(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

func mkdirPrivate(dir string) error { return os.Mkdir(dir, 0o700) }

// closeToOthers makes a directory of the user's own one that nobody else can use.
func closeToOthers(dir string, info fs.FileInfo) error {
	if info.Mode().Perm() != 0o700 {
		return os.Chmod(dir, 0o700)
	}
	return nil
}

// isOurs reports whether a file belongs to the user that reeve runs as.
func isOurs(_ string, info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}

// isUnshared reports whether only its owner can write to a file.
func isUnshared(_ string, info fs.FileInfo) bool { return info.Mode().Perm()&0o022 == 0 }

// isAllowed reports whether a peer is one to talk to, for a formation and for its clients: the
// same user, and root, who may do anything anyway.
func isAllowed(conn net.Conn) bool {
	uid, _, err := peer(conn)
	return err == nil && (uid == os.Geteuid() || uid == 0)
}

// peerPid is the pid of who listens at the other end; 0: it cannot be told.
func peerPid(conn net.Conn) int {
	_, pid, _ := peer(conn)
	return pid
}

// directories are where sockets may be, the best place first. Whoever looks for one may
// have another environment than who has made it.
func directories() []string {
	var dirs []string
	if runtime := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(runtime) {
		dirs = append(dirs, filepath.Join(runtime, "reeve"))
	} else if runtime := fmt.Sprintf("/run/user/%d", os.Geteuid()); isDir(runtime) {
		dirs = append(dirs, filepath.Join(runtime, "reeve"))
	}
	private := fmt.Sprintf("reeve-%d", os.Geteuid())
	dirs = append(dirs, filepath.Join(os.TempDir(), private))
	if os.TempDir() != usualTempDir && isDir(usualTempDir) {
		dirs = append(dirs, filepath.Join(usualTempDir, private))
	}
	return dirs
}

// usualTempDir is used if TMPDIR is not set. A variable for tests.
var usualTempDir = "/tmp"

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
