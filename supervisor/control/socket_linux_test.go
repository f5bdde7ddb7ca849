package control

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

const somebodyElse = 12345

// listenAs listens on a socket as another user, whose it is then.
func listenAs(t *testing.T, uid int, path string) {
	t.Helper()
	runtime.LockOSThread() // Linux keeps users by thread, and Go's own calls change all
	defer runtime.UnlockOSThread()
	become := func(uid int) {
		if _, _, errno := syscall.RawSyscall(syscall.SYS_SETRESUID, ^uintptr(0), uintptr(uid), ^uintptr(0)); errno != 0 {
			t.Fatal(errno)
		}
	}
	become(uid)
	l, err := net.Listen("unix", path)
	become(0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
}

// foreignSocket makes what somebody else can make of a directory for sockets that is in a
// directory of theirs: another one, with a socket of theirs in it.
func foreignSocket(t *testing.T, runtimeDir, root string) (path string) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can be somebody else")
	}
	theirs := filepath.Join(runtimeDir, "theirs")
	if err := errors.Join(os.Chmod(runtimeDir, 0o755), os.Mkdir(theirs, 0o755), os.Chown(theirs, somebodyElse, somebodyElse)); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(theirs, socketName(root))
	listenAs(t, somebodyElse, path)
	return path
}

func TestLinkToTheSocketOfSomebodyElse(t *testing.T) {
	runtimeDir, root := inRuntimeDir(t)
	theirs := foreignSocket(t, runtimeDir, root)
	link := filepath.Join(runtimeDir, "reeve", socketName(root))
	if err := errors.Join(os.Mkdir(filepath.Dir(link), 0o700), os.Symlink(theirs, link)); err != nil {
		t.Fatal(err)
	}
	if _, err := Dial(root); !errors.Is(err, ErrNotRunning) {
		t.Errorf("got %v", err)
	}
	// It keeps nobody from running the app, either.
	if l := listen(t, root); l.Path() != link {
		t.Errorf("the socket is %s", l.Path())
	}
	if _, err := dial(root); err != nil {
		t.Error(err)
	}
}

func TestSocketOfSomebodyElse(t *testing.T) {
	runtimeDir, root := inRuntimeDir(t)
	theirs := foreignSocket(t, runtimeDir, root)
	// Even where nobody can have put it.
	own := filepath.Join(runtimeDir, "reeve", socketName(root))
	if err := errors.Join(os.Mkdir(filepath.Dir(own), 0o700), os.Rename(theirs, own)); err != nil {
		t.Fatal(err)
	}
	if _, err := Dial(root); !errors.Is(err, ErrNotRunning) {
		t.Errorf("got %v", err)
	}
	if l := listen(t, root); l.Path() == own {
		t.Error("it is replaced")
	}
}

func TestSocketDirectoryThatOthersCanWriteTo(t *testing.T) {
	_, root := inRuntimeDir(t)
	l := listen(t, root)
	if err := os.Chmod(filepath.Dir(l.Path()), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := Dial(root); !errors.Is(err, ErrNotRunning) {
		t.Errorf("got %v", err)
	}
}
