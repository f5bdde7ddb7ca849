package main

import (
	"bufio"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// family is everybody who descends from this program. It is a subreaper: whoever loses
// its parents becomes its child, so nobody can leave the family, and when wait4 says
// that there is no child, nobody is left of it for certain.
type family struct {
	first  int           // reeve, or the unshare around it
	ended  chan struct{} // closed when it has ended; then the next two hold
	status syscall.WaitStatus
	atEnd  []proc        // who else was there in that moment
	empty  chan struct{} // closed when nobody is left
}

// adopt makes this program the one to whom orphans come.
func adopt() error { return unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }

// follow begins to reap. Nobody else in this program may wait.
func follow(first int) *family {
	f := &family{first: first, ended: make(chan struct{}), empty: make(chan struct{})}
	go f.reap()
	return f
}

func (f *family) reap() {
	defer close(f.empty)
	for {
		var ws syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &ws, 0, nil)
		switch {
		case errors.Is(err, syscall.EINTR):
		case err != nil:
			return
		case pid == f.first:
			f.status, f.atEnd = ws, descendants(os.Getpid())
			close(f.ended)
		}
	}
}

// alive lists those of the family who live.
func (f *family) alive() []proc {
	var alive []proc
	for _, p := range descendants(os.Getpid()) {
		if !p.dead() {
			alive = append(alive, p)
		}
	}
	return alive
}

// kill ends the whole family, and reports whether that was possible.
func (f *family) kill() bool {
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		for _, p := range f.alive() {
			signalTo(p, syscall.SIGKILL)
		}
		select {
		case <-f.empty:
			return true
		case <-time.After(5 * time.Millisecond):
		}
	}
	return false
}

// signalTo sends a signal to a process and to nobody who has got its pid since.
func signalTo(p proc, sig syscall.Signal) {
	fd, err := unix.PidfdOpen(p.pid, 0)
	if err != nil {
		return
	}
	defer unix.Close(fd)
	if now, ok := look(p.pid); ok && now.same(p) {
		_ = unix.PidfdSendSignal(fd, sig, nil, 0)
	}
}

// children lists the children of one process.
func children(of int) []proc {
	var found []proc
	for _, p := range everybody() {
		if p.ppid == of {
			found = append(found, p)
		}
	}
	return found
}

// births reads who has been born in a round.
func births(dir string) []proc {
	var born []proc
	f, err := os.Open(filepath.Join(dir, birthsFile))
	if err != nil {
		return nil
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if p, ok := parseStat(lines.Bytes()); ok {
			born = append(born, p)
		}
	}
	return born
}

// survivors are the births that /proc still shows, alive or not. It says nothing about
// processes in a PID namespace of their own.
func survivors(born []proc) []proc {
	var found []proc
	for _, p := range born {
		if now, ok := look(p.pid); ok && now.same(p) {
			found = append(found, now)
		}
	}
	return found
}
