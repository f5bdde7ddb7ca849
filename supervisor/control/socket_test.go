//go:build unix

package control

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// inRuntimeDir makes a directory for sockets and one for an app.
func inRuntimeDir(t *testing.T) (runtime, root string) {
	t.Helper()
	runtime, err := os.MkdirTemp("", "reeve-control") // short, as a socket's path has to be
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(runtime) })
	t.Setenv("XDG_RUNTIME_DIR", runtime)
	t.Setenv("TMPDIR", runtime)
	before := usualTempDir
	usualTempDir = runtime // what others do in theirs is none of a test's business
	t.Cleanup(func() { usualTempDir = before })
	cleansUp = func() bool { return true }
	return runtime, t.TempDir()
}

// listen makes a socket that is closed at the end of the test.
func listen(t *testing.T, root string) *Listener {
	t.Helper()
	l, err := Listen(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	l.Tidy()
	return l
}

func TestSocketIsPrivate(t *testing.T) {
	runtime, root := inRuntimeDir(t)
	l := listen(t, root)
	if dir := filepath.Join(runtime, "reeve"); filepath.Dir(l.Path()) != dir {
		t.Errorf("the socket is %s, which is not in %s", l.Path(), dir)
	}
	for path, want := range map[string]os.FileMode{filepath.Dir(l.Path()): 0o700, l.Path(): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: got %v, %v, want %v", path, info.Mode(), err, want)
		}
	}
}

func TestSocketDirectoryOfWrongMode(t *testing.T) {
	runtime, root := inRuntimeDir(t)
	if err := os.Mkdir(filepath.Join(runtime, "reeve"), 0o755); err != nil {
		t.Fatal(err)
	}
	l := listen(t, root)
	if info, err := os.Stat(filepath.Dir(l.Path())); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
}

func TestSocketDirectoryOfSomebodyElse(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a directory away")
	}
	runtime, root := inRuntimeDir(t)
	dir := filepath.Join(runtime, "reeve")
	if err := errors.Join(os.Mkdir(dir, 0o777), os.Chown(dir, 12345, 12345)); err != nil {
		t.Fatal(err)
	}
	if l := listen(t, root); filepath.Dir(l.Path()) == dir {
		t.Errorf("the socket is in a directory of somebody else")
	}
}

func TestSocketDirectoryIsALink(t *testing.T) {
	runtime, root := inRuntimeDir(t)
	if err := os.Symlink(t.TempDir(), filepath.Join(runtime, "reeve")); err != nil {
		t.Fatal(err)
	}
	if l := listen(t, root); strings.HasPrefix(l.Path(), filepath.Join(runtime, "reeve")+"/") {
		t.Errorf("the socket is behind a link")
	}
}

func TestSocketOfALongDirectory(t *testing.T) {
	runtime, root := inRuntimeDir(t)
	long := filepath.Join(runtime, strings.Repeat("long", 30))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_RUNTIME_DIR", long)
	l := listen(t, root)
	if strings.HasPrefix(l.Path(), long) {
		t.Errorf("%s has %d bytes", l.Path(), len(l.Path()))
	}
	if _, err := dial(root); err != nil {
		t.Error(err)
	}
}

func TestSocketOfALongRoot(t *testing.T) {
	_, root := inRuntimeDir(t)
	for range 12 {
		root = filepath.Join(root, strings.Repeat("x", 200))
	}
	if err := os.MkdirAll(root, 0o700); err != nil {
		t.Fatal(err)
	}
	listen(t, root)
	if _, err := dial(root); err != nil {
		t.Error(err)
	}
}

func TestSocketsOfTwoApps(t *testing.T) {
	_, root := inRuntimeDir(t)
	listen(t, root)
	if _, err := dial(t.TempDir()); !errors.Is(err, ErrNotRunning) {
		t.Errorf("got %v", err)
	}
	other := listen(t, t.TempDir())
	if err := other.Close(); err != nil {
		t.Error(err)
	}
	if _, err := dial(root); err != nil {
		t.Error(err)
	}
}

func TestSocketOfALink(t *testing.T) {
	_, root := inRuntimeDir(t)
	listen(t, root)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(root, link); err != nil {
		t.Fatal(err)
	}
	if _, err := dial(link); err != nil {
		t.Error(err)
	}
}

func TestSocketOfTheDeadIsReplaced(t *testing.T) {
	_, root := inRuntimeDir(t)
	// What a killed reeve leaves: a socket on which nobody listens.
	l := listen(t, root)
	if err := l.UnixListener.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(l.Path()); err != nil {
		t.Fatal("nothing is left:", err)
	}
	again := listen(t, root)
	if again.Path() != l.Path() {
		t.Errorf("%s is not in the place of %s", again.Path(), l.Path())
	}
	// The late end of the old one leaves the new one alone.
	_ = l.Close()
	if _, err := dial(root); err != nil {
		t.Error(err)
	}
}

// Somebody who was suspended while he had the lock does not keep others from starting.
func TestLockThatIsKept(t *testing.T) {
	_, root := inRuntimeDir(t)
	before := lockPatience
	defer func() { lockPatience = before }()
	defer lock(filepath.Dir(listen(t, t.TempDir()).Path()))()
	lockPatience = 50 * time.Millisecond
	listen(t, root)
	if _, err := dial(root); err != nil {
		t.Error(err)
	}
}

func TestRemoveDead(t *testing.T) {
	_, root := inRuntimeDir(t)
	l := listen(t, root)
	RemoveDead(l.Path())
	if _, err := os.Stat(l.Path()); err != nil {
		t.Error("a living socket is removed:", err)
	}
	if err := l.UnixListener.Close(); err != nil {
		t.Fatal(err)
	}
	RemoveDead(l.Path())
	if _, err := os.Stat(l.Path()); !errors.Is(err, os.ErrNotExist) {
		t.Error("a dead socket is left:", err)
	}
}

func TestSocketsOfOthersThatAreDeadAreRemoved(t *testing.T) {
	_, root := inRuntimeDir(t)
	dead, alive := listen(t, t.TempDir()), listen(t, t.TempDir())
	if err := dead.UnixListener.Close(); err != nil {
		t.Fatal(err)
	}
	listen(t, root)
	if _, err := os.Stat(dead.Path()); !errors.Is(err, os.ErrNotExist) {
		t.Error("a dead socket is left:", err)
	}
	if _, err := os.Stat(alive.Path()); err != nil {
		t.Error("a living socket is removed:", err)
	}
}

func TestSocketIsFoundFromAnotherEnvironment(t *testing.T) {
	runtime, root := inRuntimeDir(t)
	l := listen(t, root)
	t.Setenv("XDG_RUNTIME_DIR", "")
	if _, err := dial(root); err != nil {
		t.Error(err)
	}
	if _, err := Listen(root); !errors.As(err, new(RunningError)) {
		t.Errorf("a second one: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	links, _ := filepath.Glob(filepath.Join(runtime, "*", "*.sock"))
	if len(links) > 0 {
		t.Errorf("left: %v", links)
	}
}

func TestSocketOfTheLivingIsReported(t *testing.T) {
	_, root := inRuntimeDir(t)
	l := listen(t, root)
	_, err := Listen(root)
	var running RunningError
	if !errors.As(err, &running) {
		t.Fatalf("got %v", err)
	}
	if conn, err := dial(root); err == nil && peerPid(conn) != running.Pid {
		t.Errorf("it has pid %d, not %d", peerPid(conn), running.Pid)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(l.Path()); !errors.Is(err, os.ErrNotExist) {
		t.Error("the socket is left:", err)
	}
}

func TestManyListenersAndOneWins(t *testing.T) {
	_, root := inRuntimeDir(t)
	results := make(chan error)
	for range 20 {
		go func() {
			l, err := Listen(root)
			if err == nil {
				t.Cleanup(func() { _ = l.Close() })
			}
			results <- err
		}()
	}
	won := 0
	for range 20 {
		if err := <-results; err == nil {
			won++
		} else if !errors.As(err, new(RunningError)) {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d have a socket", won)
	}
}

func TestPeer(t *testing.T) {
	_, root := inRuntimeDir(t)
	places := Places(root)
	l := listen(t, root)
	for _, path := range append(l.links, l.Path()) {
		if !slices.Contains(places, path) {
			t.Errorf("%s is not among %q", path, places)
		}
	}
	accepted := make(chan *net.UnixConn, 1)
	go func() {
		if conn, err := l.AcceptUnix(); err == nil {
			accepted <- conn
		}
	}()
	conn, err := dial(root)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	theirs := <-accepted
	defer func() { _ = theirs.Close() }()
	if uid, _, err := peer(theirs); err != nil || uid != os.Geteuid() {
		t.Errorf("the peer has uid %d: %v", uid, err)
	}
}

// TestConnection has two ends talk: much at once, then nothing in time, then nothing any
// more.
func TestConnection(t *testing.T) {
	_, root := inRuntimeDir(t)
	l := listen(t, root)
	conn, err := dial(root)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	theirs, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = theirs.Close() }()
	long := bytes.Repeat([]byte("all work and no play\n"), 100_000) // more than a socket holds
	go func() { _, _ = io.Copy(conn, io.LimitReader(conn, int64(len(long)))) }()
	go func() { _, _ = theirs.Write(long) }()
	got := make([]byte, len(long))
	if _, err := io.ReadFull(theirs, got); err != nil || !bytes.Equal(got, long) {
		t.Errorf("something else came back: %v", err)
	}
	_ = theirs.SetReadDeadline(time.Now().Add(time.Millisecond))
	var late net.Error
	if _, err := theirs.Read(got); !errors.As(err, &late) || !late.Timeout() {
		t.Errorf("a read that takes too long: %v", err)
	}
	_ = theirs.SetReadDeadline(time.Time{})
	_ = conn.Close()
	if _, err := theirs.Read(got); err != io.EOF {
		t.Errorf("a read after the end: %v", err)
	}
	if _, err := theirs.Write(long); !errors.Is(err, syscall.EPIPE) {
		t.Errorf("a write after the end: %v", err)
	}
}
