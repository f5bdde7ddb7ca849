package output

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A full disk has room for a part of a line. That is taken back, and when there is room
// again, what comes then has a line of its own.
func TestNoLineIsTorn(t *testing.T) {
	for name, flags := range map[string]int{"a file": 0, "a file that is appended to": os.O_APPEND} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "log")
			check(t, os.WriteFile(path, []byte("zero\n"), 0o600))
			f, err := os.OpenFile(path, os.O_WRONLY|flags, 0)
			check(t, err)
			_, err = f.Seek(0, io.SeekEnd)
			check(t, err)
			if got, want := tornLog(t, f, path), "zero\none\nthree\nfive\n"; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// Where it cannot be taken back it is completed.
func TestTornLineIsCompleted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	f, err := os.Create(path)
	check(t, err)
	check(t, os.WriteFile(path, []byte("zero\n"), 0o600)) // by somebody else: not at its end
	_, err = f.Seek(4, io.SeekStart)
	check(t, err)
	check(t, os.Truncate(path, 1000))
	if got, want := tornLog(t, f, path), "zeroone\ntwo, which has no room\nthree\nfive\n"; strings.TrimRight(got, "\x00") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// tornLog is what a file has in which there is no room for two of five lines.
func tornLog(t *testing.T, f *os.File, path string) string {
	t.Helper()
	defer f.Close()
	var usual unix.Rlimit
	check(t, unix.Getrlimit(unix.RLIMIT_FSIZE, &usual))
	limit := func(bytes uint64) {
		check(t, unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: bytes, Max: usual.Max}))
	}
	defer limit(usual.Cur)
	failed := make(chan error, 10)
	m := startMux(t, f, Options{Format: NewText(TextOptions{NoPrefix: true}), Failed: func(err error) { failed <- err }})
	say := func(text string) {
		m.Notice(Notice{Text: text})
		for !m.Seen() {
			time.Sleep(time.Millisecond)
		}
	}
	limit(11)
	say("one")
	say("two, which has no room")
	limit(usual.Cur)
	say("three")
	limit(0)
	say("four")
	limit(usual.Cur)
	say("five")
	if !m.Close(context.Background(), patience) || len(failed) != 1 {
		t.Errorf("the mux gave up, or it was said %d times that the log cannot be written", len(failed))
	}
	got, err := os.ReadFile(path)
	check(t, err)
	return string(got)
}
