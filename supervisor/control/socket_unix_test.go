//go:build unix

package control

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
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

func TestPeer(t *testing.T) {
	_, root := inRuntimeDir(t)
	places := Places(root)
	l := listen(t, root)
	for _, path := range append(l.links, l.Path()) {
		if !slices.Contains(places, path) {
			t.Errorf("%s is not among %q", path, places)
		}
	}
	accepted := make(chan net.Conn, 1)
	go func() {
		if conn, err := l.Listener.Accept(); err == nil {
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

// populate makes what may be in a directory of sockets: one that never answers, a dead one, and
// links.
func populate(t *testing.T, dir string) {
	t.Helper()
	deaf, err := net.Listen("unix", filepath.Join(dir, "deaf-1.sock"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = deaf.Close() })
	stale, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, "stale-1.sock"), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	stale.SetUnlinkOnClose(false)
	_ = stale.Close()
	for link, target := range map[string]string{"link-1.sock": "deaf-1.sock", "lost-1.sock": "nowhere"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
}
