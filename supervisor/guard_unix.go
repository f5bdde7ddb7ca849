//go:build unix

package supervisor

import (
	"maps"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// guardPoll is how often the guardian checks whether what it stops has ended. It is
// not the parent of any of it, so no signal tells.
const guardPoll = 20 * time.Millisecond

// slowPoll is how often it looks in the end: what takes long may take an hour, and every
// look reads all of /proc.
const slowPoll = 250 * time.Millisecond

// guardPatience bounds how long SIGKILL is repeated.
const guardPatience = 10 * time.Second

// guardLooks is how often in a row nothing must be left. A single look misses what
// forks or executes a program just then: /proc is not read in one moment, and a process
// has no environment, which the marker is in, in the middle of execve(2).
const guardLooks = 10

// Guard is a guardian's task: when reeve is gone, which is when all that it has told can be
// read from in, Guard stops what is left of the formation as reeve would have, and returns. The socket that is
// left, if any, it hands to remove.
func Guard(in *os.File, formation string, remove func(socket string)) {
	defer sayDone(in)
	signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT,
		syscall.SIGTSTP, syscall.SIGPIPE, syscall.SIGUSR1, syscall.SIGUSR2)
	haveThreads(spareOfGuardian)
	wards, kept := readWards(told(in))
	kept.restore()
	if len(wards) == 0 {
		wards[untold] = &run{Spec: Spec{Stop: syscall.SIGKILL}}
	}
	began := time.Now()
	// What reeve had open the kernel closes one by one, and the socket may come after the
	// pipe that has told.
	defer kept.removeSockets(remove)
	var last time.Duration
	for _, r := range wards {
		last = max(last, r.Grace)
	}
	poll := guardPoll
	for empty := 0; empty < guardLooks && time.Since(began) < last+guardPatience; time.Sleep(poll) {
		kept.removeSockets(remove)
		poll = min(poll*5/4, slowPoll)
		left := wardsLeft(wards, formation)
		if empty++; len(left) > 0 {
			empty = 0
		} else {
			poll = guardPoll
		}
		for sid, members := range left {
			wards[sid].press(members, time.Since(began))
		}
		retire(wards, left)
	}
}

// retire gives wards of which nothing has been left for some looks a number that no session
// has: theirs may come again, and be a stranger's. By their markers they are still known.
func retire(wards map[int]*run, left map[int][]proc) {
	for sid, r := range maps.Clone(wards) {
		r.looks++
		switch {
		case len(left[sid]) > 0:
			r.looks = 0
		case sid > 0 && r.looks >= guardLooks:
			delete(wards, sid)
			wards[-sid] = r
		}
	}
}
