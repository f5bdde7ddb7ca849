package control

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

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

func TestSocketOfTheDeadIsReplaced(t *testing.T) {
	_, root := inRuntimeDir(t)
	// What a killed reeve leaves: a socket on which nobody listens.
	l := listen(t, root)
	if err := l.Listener.Close(); err != nil {
		t.Fatal(err)
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

// Of one that was killed the kernel still accepts a connection, and breaks it off when it is all gone.
func TestSocketOfTheDyingIsReplaced(t *testing.T) {
	_, root := inRuntimeDir(t)
	dying := listen(t, root)
	go func() {
		conn, err := dying.Accept()
		_ = dying.Listener.Close()
		if err == nil {
			_ = conn.Close()
		}
	}()
	if l := listen(t, root); l.Path() != dying.Path() {
		t.Errorf("%s is not in the place of %s", l.Path(), dying.Path())
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
	if err := l.Listener.Close(); err != nil {
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
	if err := dead.Listener.Close(); err != nil {
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
	if _, err := theirs.Write(long); !isBrokenOff(err) {
		t.Errorf("a write after the end: %v", err)
	}
}
