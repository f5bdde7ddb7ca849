package logdir

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// TestFull writes to a disk that is full, and has room again.
func TestFull(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skip("cannot mount a small file system: ", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	f := newFile(t, &Dir{Path: dir, Size: 20000, Keep: 10})
	var lines []byte
	for n := range 10000 {
		lines = fmt.Appendf(lines, "line %d\n", n)
	}
	rest, err := f.Append(lines)
	if !errors.Is(err, unix.ENOSPC) || len(rest) == 0 {
		t.Fatalf("%d bytes are left: %v", len(rest), err)
	}
	all := func() (text []byte) {
		for k := 10; k >= 0; k-- {
			p, _ := os.ReadFile(f.old(k))
			text = append(text, p...)
		}
		return text
	}
	if got := all(); !bytes.Equal(append(got, rest...), lines) {
		t.Errorf("%d bytes are there, %d are left, of %d", len(got), len(rest), len(lines))
	}
	if got := all(); got[len(got)-1] != '\n' {
		t.Error("the last line is torn")
	}
	check(t, unix.Mount("tmpfs", dir, "tmpfs", unix.MS_REMOUNT, "size=1m"))
	f.mustAppend(t, string(rest))
	if !bytes.Equal(all(), lines) {
		t.Error("something is missing")
	}
	f.Close()
	f.dir.Close()
	check(t, unix.Mount("tmpfs", dir, "tmpfs", unix.MS_REMOUNT|unix.MS_RDONLY, ""))
	if rest, err := f.Append([]byte("one\n")); !errors.Is(err, unix.EROFS) || len(rest) == 0 {
		t.Errorf("%q is left: %v", rest, err)
	}
	check(t, unix.Mount("tmpfs", dir, "tmpfs", unix.MS_REMOUNT, ""))
	f.mustAppend(t, "one\n")
}
