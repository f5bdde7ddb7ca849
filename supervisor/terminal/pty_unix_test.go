//go:build unix

package terminal

import (
	"testing"

	"golang.org/x/sys/unix"
)

// open makes a terminal for a test.
func open(t *testing.T, size Size) (master, slave int) {
	t.Helper()
	master, file, err := Open(size)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = unix.Close(master), file.Close() })
	return master, int(file.Fd())
}

func TestResizeIsNeverZero(t *testing.T) {
	master, slave := open(t, Size{Rows: 50})
	if got := SizeOf(master); got != usualSize {
		t.Errorf("%v", got)
	}
	for _, size := range []Size{{Rows: 1, Columns: 2}, {}} {
		if err := Resize(master, size); err != nil {
			t.Fatal(err)
		}
	}
	if got := SizeOf(slave); got != usualSize {
		t.Errorf("%v", got)
	}
	if got := SizeOf(-1); got != (Size{}) {
		t.Errorf("%v", got)
	}
}

func TestPath(t *testing.T) {
	_, slave := open(t, Size{})
	path, err := Path(slave)
	if err != nil {
		t.Fatal(err)
	}
	var one, other unix.Stat_t
	if err := unix.Stat(path, &one); err != nil || unix.Fstat(slave, &other) != nil || one.Rdev != other.Rdev {
		t.Errorf("%s is not the terminal: %v", path, err)
	}
	if path, err := Path(-1); err == nil {
		t.Errorf("nothing is at %s", path)
	}
}

func TestMaster(t *testing.T) {
	master, slave := open(t, Size{})
	if flags, err := unix.FcntlInt(uintptr(master), unix.F_GETFL, 0); err != nil || flags&unix.O_NONBLOCK == 0 {
		t.Errorf("the master blocks: %v", err)
	}
	other, err := Duplicate(master)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.WriteString("typed\n"); err != nil {
		t.Fatal(err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 16)
	if n, err := unix.Read(slave, buf); err != nil || string(buf[:n]) != "typed\n" {
		t.Errorf("%q, %v", buf[:max(n, 0)], err)
	}
}

// TestTakeKeys takes the keys of a terminal, gives them back, and has its attributes set as
// another process would.
func TestTakeKeys(t *testing.T) {
	_, slave := open(t, Size{})
	attributes := func() string {
		t.Helper()
		p, err := Attributes(slave)
		if err != nil {
			t.Fatal(err)
		}
		return string(p)
	}
	before := attributes()
	restore, err := TakeKeys(slave, AllKeys)
	if err != nil {
		t.Fatal(err)
	}
	taken := attributes()
	if taken == before {
		t.Error("nothing is taken")
	}
	restore()
	if attributes() != before {
		t.Error("it is not as it was before")
	}
	if err := SetAttributes(slave, []byte(taken)); err != nil || attributes() != taken {
		t.Errorf("the attributes are not set: %v", err)
	}
	if SetAttributes(slave, nil) == nil {
		t.Error("no attributes are set")
	}
}
