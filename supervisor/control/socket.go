package control

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// ErrNotRunning says that no formation runs for an app.
var ErrNotRunning = errors.New("nothing runs here")

// Listen makes the socket of the app in a root. [RunningError] says that the app runs
// already; any other error, that no socket can be made.
//
// Its place is the directory reeve in $XDG_RUNTIME_DIR, which the XDG Base Directory
// Specification is about, else a private one in the directory for temporary files. Its
// name is made of the root's real path.
//
// Containers may share that directory, and the path of their roots. What runs in another
// one is another app: the name then says which PID namespace it is of.
func Listen(root string) (*Listener, error) {
	name, own := socketNames(root)
	if conn, err := dial(root); err == nil {
		defer func() { _ = conn.Close() }()
		if !isForeign(conn) {
			return nil, RunningError{peerPid(conn)}
		}
		name = own
	}
	err := errors.New("there is no directory for the socket")
	dirs := directories()
	for i, dir := range dirs {
		var l *Listener
		if l, err = listenIn(dir, name); err == nil {
			forget(name, own)
			l.elsewhere = dirs[i+1:]
		}
		if err == nil || errors.As(err, new(RunningError)) {
			return l, err
		}
	}
	return nil, err
}

// Runs reports whether the app in a root runs here, so that [Listen] would refuse.
func Runs(root string) bool {
	conn, err := dial(root)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	return !isForeign(conn)
}

// Tidy does what can be done while the formation starts already: it makes links for others and, now
// and then, looks for what others have left in the directory.
func (l *Listener) Tidy() {
	l.tidying.Lock()
	defer l.tidying.Unlock()
	if l.closed {
		return
	}
	l.point(l.elsewhere)
	if cleansUp() {
		l.removeOthers()
		dropOldest(filepath.Dir(l.path))
	}
}

// cleanings is one in how many formations cleans up. There is hardly ever anything, as guardians
// remove the sockets of the killed, and to read the directory and ask everybody in it takes 0.3 ms
// and more of the start of a formation that ends at once. A variable for tests.
const cleanings = 16

var cleansUp = func() bool { return rand.N(cleanings) == 0 }

// removeOthers removes the sockets of those that were killed along with their guardians.
func (l *Listener) removeOthers() {
	dir := filepath.Dir(l.path)
	unlock := lock(dir)
	defer unlock()
	others, _ := filepath.Glob(filepath.Join(dir, "*"+socketExt))
	for _, other := range others {
		if other != l.path {
			removeDead(other)
		}
	}
}

// point makes links to the socket where others look for it who have another environment.
func (l *Listener) point(dirs []string) {
	for _, dir := range dirs {
		if makePrivate(dir) != nil {
			continue
		}
		unlock := lock(dir)
		link := filepath.Join(dir, filepath.Base(l.path))
		if _, alive := removeDead(link); !alive && os.Symlink(l.path, link) == nil {
			l.links = append(l.links, link)
		}
		unlock()
	}
}

// RunningError says that a formation runs already.
type RunningError struct{ Pid int } // of reeve; 0: it does not tell

func (e RunningError) Error() string {
	if e.Pid == 0 {
		return "it is already running"
	}
	return fmt.Sprintf("it is already running (pid %d)", e.Pid)
}

// listenIn makes a socket in a directory, and the directory.
func listenIn(dir, name string) (*Listener, error) {
	if err := makePrivate(dir); err != nil {
		return nil, err
	}
	// Whoever checks whether a socket is alive, and replaces it, does so alone.
	unlock := lock(dir)
	defer unlock()
	path := filepath.Join(dir, name)
	if pid, alive := removeDead(path); alive {
		return nil, RunningError{pid}
	}
	l, err := listenAt(path)
	if err != nil {
		return nil, err
	}
	info, err := os.Lstat(path)
	if err := errors.Join(err, closeSocket(path)); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return &Listener{Listener: l, path: path, info: info}, nil
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

// makePrivate makes a directory that nobody else can use, or sees to it that it is one.
func makePrivate(dir string) error {
	err := mkdirPrivate(dir)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() || !isOurs(dir, info) {
		return fmt.Errorf("%s belongs to another user", dir)
	}
	return closeToOthers(dir, info)
}

// Listener is the socket of a running formation. It accepts the same user and root.
type Listener struct {
	net.Listener
	path string
	info fs.FileInfo

	elsewhere []string   // where else others look for it
	tidying   sync.Mutex // guards what follows
	links     []string   // to it
	closed    bool
}

// Accept waits for somebody who may talk to the formation.
func (l *Listener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if isAllowed(conn) {
			return brisk(conn), nil
		}
		_ = conn.Close()
	}
}

// Close removes the socket, unless it is that of another formation by now: the number of
// its inode may have come again, but then not its time.
func (l *Listener) Close() error {
	l.tidying.Lock()
	defer l.tidying.Unlock()
	l.closed = true
	unlock := lock(filepath.Dir(l.path))
	defer unlock()
	if info, err := os.Lstat(l.path); err == nil && os.SameFile(info, l.info) && info.ModTime().Equal(l.info.ModTime()) {
		_ = os.Remove(l.path)
		for _, link := range l.links {
			_ = os.Remove(link)
		}
	}
	return l.Listener.Close()
}

// Path is where the socket is.
func (l *Listener) Path() string { return l.path }

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

// Directories are those in which formations of this user find each other, as far as they are there.
func Directories() []string {
	return slices.DeleteFunc(directories(), func(dir string) bool { return !isPrivate(dir) })
}

// MakeDirectories makes them, and gives those that can be used.
func MakeDirectories() []string {
	return slices.DeleteFunc(directories(), func(dir string) bool { return makePrivate(dir) != nil })
}

// isPrivate reports whether nobody else can put a socket into a directory.
func isPrivate(dir string) bool {
	info, err := os.Lstat(dir)
	return err == nil && info.IsDir() && isOurs(dir, info) && isUnshared(dir, info)
}

// Places are where the socket of the app in a root, and links to it, may be.
func Places(root string) (paths []string) {
	name, own := socketNames(root)
	for _, dir := range directories() {
		for _, name := range []string{name, own} {
			paths = append(paths, filepath.Join(dir, name))
		}
	}
	return paths
}

func isLink(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// socketName is made of the root's real path: short, as the path of a socket has to be,
// with the directory's own name in front for whoever lists the sockets.
func socketName(root string) string {
	if abs, err := filepath.Abs(root); err == nil {
		root = abs
	}
	root = spelled(realPath(root))
	hash := sha256.Sum256([]byte(root))
	return readable(filepath.Base(root)) + hex.EncodeToString(hash[:8]) + socketExt
}

// realPath resolves the links in an absolute path. Of what is gone, as a worktree may be while
// its formation runs, it is the path that it had.
func realPath(path string) string {
	const mostLinks = 40 // as the kernel has it
	for range mostLinks {
		real, err := filepath.EvalSymlinks(path)
		if err == nil {
			return real
		}
		target, err := os.Readlink(path)
		switch dir := filepath.Dir(path); {
		case err != nil && dir == path:
			return path
		case err != nil:
			return filepath.Join(realPath(dir), filepath.Base(path))
		case !filepath.IsAbs(target):
			path = filepath.Join(dir, target)
		default:
			path = target
		}
	}
	return path
}

// socketNames are that of the socket of the app in a root, and the one for where it is taken by
// another container.
func socketNames(root string) (name, own string) {
	name = socketName(root)
	return name, strings.TrimSuffix(name, socketExt) + "-" + namespace() + socketExt
}

// readable leaves of a name what can stand in any file's name.
func readable(name string) string {
	const most = 16
	name = strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' {
			return r
		}
		return -1
	}, name)
	if name == "" {
		return ""
	}
	return name[:min(len(name), most)] + "-"
}
