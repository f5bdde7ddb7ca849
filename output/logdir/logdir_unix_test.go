//go:build unix

package logdir

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// claimer is the argument by which the test binary is another formation: it claims a directory, says so, and
// keeps it until its standard input ends.
const claimer = "claim"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == claimer {
		d := &Dir{Path: os.Args[2]}
		fmt.Println(d.Claim())
		_, _ = io.Copy(io.Discard, os.Stdin)
		d.Close()
		return
	}
	os.Exit(m.Run())
}

// other is another formation that has claimed a directory.
func other(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	check(t, err)
	c := exec.Command(self, claimer, dir)
	in, err := c.StdinPipe()
	check(t, err)
	out, err := c.StdoutPipe()
	check(t, err)
	check(t, c.Start())
	t.Cleanup(func() { _ = in.Close(); _ = c.Wait() })
	if said, _ := bufio.NewReader(out).ReadString('\n'); said != "<nil>\n" {
		t.Fatalf("the other one says %q", said)
	}
	return c
}

// TestMode wants a new file to be as private as the one before was made.
func TestMode(t *testing.T) {
	d := &Dir{Path: filepath.Join(t.TempDir(), "a", "log"), Size: 4, Keep: 1}
	f := newFile(t, d)
	mode := func(path string) fs.FileMode {
		info, err := os.Stat(path)
		check(t, err)
		return info.Mode().Perm()
	}
	f.mustAppend(t, "one\n")
	if mode(d.Path) != 0o700 || mode(f.path) != 0o600 {
		t.Errorf("the directory has mode %v, the file %v", mode(d.Path), mode(f.path))
	}
	check(t, os.Chmod(f.path, 0o644))
	f.mustAppend(t, "two\n")
	f.Close()
	f.mustAppend(t, "six\n")
	if mode(f.path) != 0o644 {
		t.Errorf("the new file has mode %v", mode(f.path))
	}
}

// TestOthers has others do with a file what they do.
func TestOthers(t *testing.T) {
	f := newFile(t, &Dir{Size: 100})
	f.mustAppend(t, "one\n")
	check(t, os.Rename(f.path, f.path+"-moved"))
	f.mustAppend(t, "two\n")
	check(t, os.Remove(f.path))
	f.mustAppend(t, "three\n")
	check(t, os.Truncate(f.path, 0))
	f.mustAppend(t, "four\n")
	if moved, now := read(t, f.path+"-moved"), read(t, f.path); moved != "one\n" || now != "four\n" || f.size != len(now) {
		t.Errorf("the moved one has %q, the other %q, which is taken for %d bytes", moved, now, f.size)
	}
}

func TestVanished(t *testing.T) {
	d := &Dir{Path: filepath.Join(t.TempDir(), "app", "log")}
	f := newFile(t, d)
	f.mustAppend(t, "one\n")
	check(t, os.RemoveAll(d.Path))
	if rest, err := f.Append([]byte("two\n")); len(rest) > 0 || !errors.Is(err, ErrVanished) || read(t, f.path) != "two\n" {
		t.Errorf("%q is left: %v; there is %q", rest, err, read(t, f.path))
	}
	f.mustAppend(t, "three\n")
	check(t, os.RemoveAll(filepath.Dir(d.Path)))
	if rest, err := f.Append([]byte("four\n")); string(rest) != "four\n" || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%q is left: %v", rest, err)
	}
	if exists(filepath.Dir(d.Path)) {
		t.Error("the app has come back")
	}
	check(t, os.Mkdir(filepath.Dir(d.Path), 0o700))
	if _, err := f.Append([]byte("five\n")); !errors.Is(err, ErrVanished) || read(t, f.path) != "five\n" {
		t.Errorf("%v; there is %q", err, read(t, f.path))
	}
}

// TestNotAFile wants nothing but a regular file to be written, and only what bears the name.
func TestNotAFile(t *testing.T) {
	make := map[string]func(path string) error{
		"is a symbolic link":    func(path string) error { return os.Symlink("victim", path) },
		"is not a regular file": func(path string) error { return unix.Mkfifo(path, 0o600) },
		"is a directory":        func(path string) error { return os.Mkdir(path, 0o700) },
	}
	for want, make := range make {
		f := newFile(t, &Dir{})
		victim := filepath.Join(f.dir.Path, "victim")
		check(t, os.WriteFile(victim, nil, 0o600))
		check(t, make(f.path))
		if rest, err := f.Append([]byte("one\n")); string(rest) != "one\n" || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is left: %v, want %s", rest, err, want)
		}
		if read(t, victim) != "" {
			t.Errorf("what the link leads to has been written")
		}
		check(t, os.Remove(f.path))
		f.mustAppend(t, "two\n")
	}
	link := filepath.Join(t.TempDir(), lockName)
	check(t, os.Symlink("victim", link))
	d := &Dir{Path: filepath.Dir(link)}
	if err := d.Claim(); err == nil || exists(filepath.Join(d.Path, "victim")) {
		t.Errorf("the lock has followed a link: %v", err)
	}
}

func TestClaim(t *testing.T) {
	dir := t.TempDir()
	c := other(t, dir)
	d := &Dir{Path: dir}
	if err := d.Claim(); err != (InUseError{c.Process.Pid}) {
		t.Errorf("the error is %v, the other has pid %d", err, c.Process.Pid)
	}
	if _, err := d.File("web.1.log").Append([]byte("one\n")); !errors.As(err, new(InUseError)) || names(t, dir) != "" {
		t.Errorf("the error is %v, there are %q", err, names(t, dir))
	}
	// However the other ends, the directory is free.
	check(t, c.Process.Kill())
	_ = c.Wait()
	check(t, d.Claim())
	check(t, d.Claim())
	d.Close()
	if exists(d.lockPath()) {
		t.Error("the lock is left")
	}
	// If it vanishes, somebody else may be faster.
	check(t, d.Claim())
	check(t, os.RemoveAll(dir))
	c = other(t, dir)
	if err := d.Claim(); err != (InUseError{c.Process.Pid}) {
		t.Errorf("the error is %v, the other has pid %d", err, c.Process.Pid)
	}
	d.Close()
	if !exists(d.lockPath()) {
		t.Error("the lock of the other is gone")
	}
}
