package control

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"sync"
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
	if conn, err := dialLiving(dial, root); err == nil {
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

// RunningError says that a formation runs already.
type RunningError struct{ Pid int } // of reeve; 0: it does not tell

func (e RunningError) Error() string {
	if e.Pid == 0 {
		return "it is already running"
	}
	return fmt.Sprintf("it is already running (pid %d)", e.Pid)
}

// listenIn makes a socket in a directory, and the directory.
func listenIn(dir, name string) (l *Listener, err error) {
	if err := makePrivate(dir); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, name)
	for range mostDying {
		if l, err = replaceDead(path); !errors.As(err, new(RunningError)) {
			break
		}
		if conn, dialErr := dialLiving(dialOwn, path); dialErr == nil {
			_ = conn.Close()
			break
		}
	}
	return l, err
}

// replaceDead makes a socket in the place of one on which nobody listens any longer.
func replaceDead(path string) (*Listener, error) {
	// Whoever checks whether a socket is alive, and replaces it, does so alone.
	unlock := lock(filepath.Dir(path))
	defer unlock()
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
	if l.closed {
		return nil
	}
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
