package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// ends are what a standard descriptor may be that does not take what is written to it. The
// other end, if there is one, stays open for as long as the test takes.
var ends = map[string]func(t *testing.T) *os.File{
	"pipe that nobody reads": func(t *testing.T) *os.File {
		r, w, err := os.Pipe()
		keep(t, err, r, w)
		return fill(t, w)
	},
	"pipe without a reader": func(t *testing.T) *os.File {
		r, w, err := os.Pipe()
		keep(t, err, w)
		_ = r.Close()
		return w
	},
	"socket that nobody reads": func(t *testing.T) *os.File {
		pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		r, w := os.NewFile(uintptr(pair[0]), "r"), os.NewFile(uintptr(pair[1]), "w")
		keep(t, err, r, w)
		return fill(t, w)
	},
	"terminal after Ctrl-S": func(t *testing.T) *os.File {
		master, slave, err := pty.Open()
		keep(t, err, master, slave)
		if err := unix.IoctlSetInt(int(slave.Fd()), unix.TCXONC, unix.TCOOFF); err != nil {
			t.Fatal(err)
		}
		return slave
	},
	"terminal that is gone": func(t *testing.T) *os.File {
		master, slave, err := pty.Open()
		keep(t, err, slave)
		_ = master.Close()
		return slave
	},
	"full disk": func(t *testing.T) *os.File {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		keep(t, err, full)
		return full
	},
}

// keep closes files when the test is over.
func keep(t *testing.T, err error, files ...*os.File) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, f := range files {
			_ = f.Close()
		}
	})
}

// fill writes until there is no room.
func fill(t *testing.T, f *os.File) *os.File {
	t.Helper()
	fd := int(f.Fd())
	if err := unix.SetNonblock(fd, true); err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := unix.Write(fd, bytes.Repeat([]byte{'x'}, 4096)); err != nil {
			break
		}
	}
	if err := unix.SetNonblock(fd, false); err != nil {
		t.Fatal(err)
	}
	return f
}

// limit is when a program is taken for one that does not end.
const limit = 8 * time.Second

// endOf waits for the end of a program, and gives its exit code.
func endOf(t *testing.T, cmd *exec.Cmd, ended <-chan error) (code int) {
	t.Helper()
	select {
	case <-ended:
	case <-time.After(limit):
		_ = cmd.Process.Kill()
		<-ended
		t.Fatal("it did not end")
	}
	return cmd.ProcessState.ExitCode()
}

// launched starts a program of which nobody reads one or both outputs.
func launched(t *testing.T, cmd *exec.Cmd) (ended chan error) {
	t.Helper()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended = make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	return ended
}

// Whatever standard output and standard error are, the formation stops in time, with the code
// that it has otherwise.
func TestStopWithoutReaders(t *testing.T) {
	t.Parallel()
	for outName, out := range ends {
		for errName, stderr := range ends {
			t.Run("output "+outName+", error "+errName, func(t *testing.T) {
				t.Parallel()
				dir := newApp(t, "web: helper touch up then flood")
				cmd := newCommand(dir, "reeve", "start", "-t", "1")
				cmd.Stdout, cmd.Stderr = out(t), stderr(t)
				ended := launched(t, cmd)
				if !strings.Contains(outName, "gone") && !strings.Contains(outName, "without") {
					within(limit, func() any {
						if _, err := os.Stat(filepath.Join(dir, "up")); err == nil {
							return nil
						}
						return "not up"
					})
					_ = cmd.Process.Signal(syscall.SIGTERM)
				} // else it stops by itself
				if code := endOf(t, cmd, ended); code != 0 {
					t.Errorf("exit code %d", code)
				}
			})
		}
	}
}

// A reader that takes a byte now and then does not keep somebody waiting who has insisted on
// the end.
func TestInsistOnASlowReader(t *testing.T) {
	t.Parallel()
	dir := newApp(t, "web: helper ignore INT then ignore TERM then touch up then flood")
	cmd := newCommand(dir, "reeve", "start", "-t", "1h")
	r, w, err := os.Pipe()
	keep(t, err, r, w)
	cmd.Stdout = w
	ended := launched(t, cmd)
	reads := time.NewTicker(100 * time.Millisecond)
	defer reads.Stop()
	go func() {
		for range reads.C {
			_, _ = r.Read(make([]byte, 1))
		}
	}()
	within(limit, func() any {
		if _, err := os.Stat(filepath.Join(dir, "up")); err == nil {
			return nil
		}
		return "not up"
	})
	_ = cmd.Process.Signal(syscall.SIGINT)
	time.Sleep(300 * time.Millisecond) // what comes earlier is the same Ctrl-C
	_ = cmd.Process.Signal(syscall.SIGINT)
	if code := endOf(t, cmd, ended); code != 137 {
		t.Errorf("exit code %d", code)
	}
}

// What goes wrong before anything runs is not held up either.
func TestErrorsWithoutReaders(t *testing.T) {
	t.Parallel()
	for errName, stderr := range ends {
		for args, want := range map[string]int{
			"start --nope":         2,
			"start -f none":        2,
			"run":                  2,
			"run -f none true":     2,
			"ps":                   1,
			"nonsense":             2,
			"":                     2,
			"start -D -f none":     2,
			"run --init ./missing": 127,
			"run ./missing":        127,
			"start --wait-for DATABASE_URL --wait-timeout 0.1":    1,
			"start -D --wait-for DATABASE_URL --wait-timeout 0.1": 1,
			"run --wait-for DATABASE_URL --wait-timeout 0.1 true": 1,
		} {
			t.Run(args+", error "+errName, func(t *testing.T) {
				t.Parallel()
				dir := newApp(t, "web: helper wait")
				cmd := newCommand(dir, "reeve", strings.Fields(args)...)
				cmd.Env = append(cmd.Environ(), "DATABASE_URL=postgres://127.0.0.1:1/x")
				cmd.Stderr = stderr(t)
				if code := endOf(t, cmd, launched(t, cmd)); code != want {
					t.Errorf("exit code %d, want %d", code, want)
				}
			})
		}
	}
}

var writesToStderr = regexp.MustCompile(`print[fl]?n?\(os\.Stderr|os\.Stderr\.Write|\bprintln\(`)

// Everything that is said on standard error goes one way.
func TestStderrHasOneWriter(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	nested, innerErr := filepath.Glob("internal/*/*.go")
	if err := errors.Join(err, innerErr); err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, nested...) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for number, line := range strings.Split(string(text), "\n") {
			if !strings.HasSuffix(file, "_test.go") && writesToStderr.MatchString(line) {
				t.Errorf("%s:%d: this may wait for ever, or end the program: write to stderr", file, number+1)
			}
		}
	}
}
