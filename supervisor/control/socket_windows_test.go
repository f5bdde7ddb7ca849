package control

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"

	"reeve/internal/account"
)

// inRuntimeDir makes a directory for sockets and one for an app.
func inRuntimeDir(t *testing.T) (local, root string) {
	t.Helper()
	local = t.TempDir()
	t.Setenv("LOCALAPPDATA", local)
	cleansUp = func() bool { return true }
	return local, t.TempDir()
}

// populate makes what may be in a directory of sockets: one that never answers, and a dead one.
func populate(t *testing.T, dir string) {
	t.Helper()
	deaf, err := listenPipe(filepath.Join(dir, "deaf-1.sock"), pipePrefix+rand.Text())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = deaf.Close() })
	if err := os.WriteFile(filepath.Join(dir, "stale-1.sock"), []byte(pipePrefix+rand.Text()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A directory that others can write to is closed before there is a socket in it.
func TestSocketDirectoryIsClosed(t *testing.T) {
	local, root := inRuntimeDir(t)
	dir := filepath.Join(local, "reeve")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if l := listen(t, root); filepath.Dir(l.Path()) != dir || account.IsShared(dir) {
		t.Errorf("the socket is %s, where others can write", l.Path())
	}
}

// A pipe has the name that is in its file, and no file is left of it.
func TestPipe(t *testing.T) {
	dir := t.TempDir()
	marker := filepath.Join(dir, "app.sock")
	l, err := listenPipe(marker, pipePrefix+rand.Text())
	if err != nil {
		t.Fatal(err)
	}
	if name, err := readMarker(marker); name != l.name {
		t.Errorf("the file says %q, %v, not %q", name, err, l.name)
	}
	for range 3 {
		conn, err := dialPipe(marker)
		if err != nil {
			t.Fatal(err)
		}
		if pid := peerPid(conn); pid != os.Getpid() || !isAllowed(conn) {
			t.Errorf("the pipe is that of pid %d", pid)
		}
		theirs, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		_ = theirs.Close()
		_ = conn.Close()
	}
	ended := make(chan error)
	go func() {
		_, err := l.Accept()
		ended <- err
	}()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	<-ended
	if _, err := os.Stat(marker); err == nil {
		t.Error("the file is left")
	}
}

// A file that names no pipe is somebody else's, and stays; an empty one is what is left when the
// machine goes down.
func TestFileWithoutAPipe(t *testing.T) {
	for text, gone := range map[string]bool{"notes\n": false, "": true, pipePrefix + "nobody": true} {
		path := filepath.Join(t.TempDir(), "app.sock")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := dialAt(path)
		if err == nil || isDead(path, err) != gone {
			t.Errorf("%q: %v", text, err)
		}
	}
}
