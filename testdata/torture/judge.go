package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

// slack is what may pass beyond what has been promised, on a busy machine.
const slack = 3 * time.Second

// logBound is how long reeve may wait for a reader of the log that takes something.
const logBound = 10 * time.Second

// judge waits for the end of reeve and says what is wrong with it.
func (r *round) judge() {
	grace := r.script.grace
	for _, flag := range r.script.flags {
		if strings.HasPrefix(flag, "--after") {
			grace += r.script.grace // types stop one after the other
		}
	}
	if r.script.app.nested != nil {
		grace += nestedGrace
	}
	if _, slow := paces[r.script.outlet]; slow {
		grace += logBound
	}
	select {
	case <-r.aborted:
		return
	case <-time.After(grace + slack):
		r.fault("reeve does not end", r.family.alive()...)
		return
	case <-r.family.ended:
	}
	if r.wasKilled() {
		if strings.Contains(r.script.app.procfile(), "chain:") {
			grace += slack // the guardian is not its reaper, and may have to wait for its end
		}
		r.guarded(grace + slack)
	} else {
		r.orderly()
	}
	r.hear()
}

// wasKilled reports whether reeve has been ended by SIGKILL. Unshare then ends with 1.
func (r *round) wasKilled() bool {
	status := r.family.status
	return r.killed && (status.Signaled() && status.Signal() == syscall.SIGKILL ||
		r.script.pid1 && status.ExitStatus() == 1)
}

// guarded waits for the guardian to do what reeve could not.
func (r *round) guarded(limit time.Duration) {
	for end := time.Now().Add(limit); ; {
		left := r.family.alive()
		switch {
		case len(left) == 0:
			return
		case time.Now().After(end):
			r.fault("reeve was killed, and its guardian has left behind", left...)
			return
		}
		select {
		case <-r.aborted:
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// orderly checks an end that reeve has had a say in.
func (r *round) orderly() {
	if len(r.family.atEnd) > 0 {
		r.fault("reeve has ended and left behind", r.family.atEnd...)
	}
	if left := survivors(births(r.dir)); len(left) > 0 && !r.script.pid1 {
		r.fault("these were born and have not ended", left...)
	}
	if r.unborn() {
		return
	}
	r.inTurn()
	status, allowed := r.family.status, r.script.codes(r.facts)
	if !status.Exited() || !slices.Contains(allowed, status.ExitStatus()) {
		r.fault(fmt.Sprintf("reeve ended with %s, which is not one of %v (%+v)", statusText(status), allowed, r.facts))
	}
}

// moments are when a process was asked to stop, and when it ended therefore.
type moments struct {
	session      int
	asked, ended time.Time
}

// inTurn checks that the first process of each run was asked first: everything else in its
// session when that had ended, or after half of the grace period. Only those tell that
// answer; what the terminal sends to all, or reeve at its second Ctrl-C, is another matter.
func (r *round) inTurn() {
	if r.script.app.nested != nil || r.script.twice() || r.script.pid1 || r.script.has("^C", "^\\", "hang up", "close output", "kill one") {
		return
	}
	all, parents := r.moments(), map[int]int{}
	for _, p := range births(r.dir) {
		parents[p.pid] = p.ppid
	}
	for pid, m := range all {
		leader, told := all[m.session]
		// One that has made a session of its own is not the first process of any run.
		_, isNested := parents[parents[m.session]]
		if pid == m.session || isNested || !told || m.asked.IsZero() || leader.asked.IsZero() {
			continue
		}
		due := leader.asked.Add(r.script.grace / 2)
		if !leader.ended.IsZero() && leader.ended.Before(due) {
			due = leader.ended
		}
		if early := due.Sub(m.asked); early > imprecision {
			r.fault(fmt.Sprintf("%d was asked to stop %s before its turn: %+v, its leader %+v", pid, early, m, leader))
		}
	}
}

// moments reads what the processes have written down, by pid.
func (r *round) moments() map[int]moments {
	all := map[int]moments{}
	text, _ := os.ReadFile(filepath.Join(r.dir, asksFile))
	for line := range strings.Lines(string(text)) {
		var what string
		var pid, session int
		var nanoseconds int64
		if n, _ := fmt.Sscan(line, &what, &pid, &session, &nanoseconds); n < 4 {
			continue
		}
		m := all[pid]
		m.session = session
		if what == "asked" {
			m.asked = time.Unix(0, nanoseconds)
		} else {
			m.ended = time.Unix(0, nanoseconds)
		}
		all[pid] = m
	}
	return all
}

// unborn reports whether a signal came before reeve could catch it, when nothing had been
// started: then it has its default action. That of QUIT is, in Go, to print stacks and
// exit with 2, which is also what PID 1 does, as its signals have no default action.
func (r *round) unborn() bool {
	status := r.family.status
	return len(births(r.dir)) == 0 &&
		(status.Signaled() || status.ExitStatus() == 2 && (r.script.pid1 || r.script.has("QUIT", "^\\")))
}

func statusText(status syscall.WaitStatus) string {
	if status.Signaled() {
		return status.Signal().String()
	}
	return fmt.Sprint("code ", status.ExitStatus())
}

// broken matches what a program in Go says when it should not have been released.
var broken = regexp.MustCompile(`panic|goroutine|fatal error|DATA RACE`)

// hear looks for what reeve should never say.
func (r *round) hear() {
	if broken.MatchString(r.stderrText()) && !r.unborn() {
		r.fault("reeve is broken")
	}
	races, _ := filepath.Glob(filepath.Join(r.dir, "race.*"))
	for _, file := range races {
		text, _ := os.ReadFile(file)
		r.fault("the race detector says:\n" + string(text))
	}
}

func (r *round) stderrText() string {
	text, _ := os.ReadFile(filepath.Join(r.dir, "stderr"))
	return string(text) + r.errors.text.String()
}

// fault records something wrong, about some processes.
func (r *round) fault(what string, of ...proc) {
	var b strings.Builder
	b.WriteString(what)
	for _, p := range of {
		fmt.Fprintf(&b, "\n    %s", p)
	}
	r.faults = append(r.faults, b.String())
}

// evidence is what is worth knowing about a round that has failed.
func (r *round) evidence() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nstandard error:\n%s", r.script, indent(last(r.stderrText())))
	text := r.outlet.text.String()
	if r.outlet.kind == "file" {
		log, _ := os.ReadFile(filepath.Join(r.dir, "log"))
		text = string(bytes.ToValidUTF8(log, nil))
	}
	fmt.Fprintf(&b, "the end of the log:\n%s", indent(last(text)))
	return b.String()
}

// last gives the last lines of a text, without the ends of very long ones and without
// what floods say.
func last(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if !strings.Contains(line, dull) {
			lines = append(lines, strings.TrimRight(line[:min(len(line), 200)], "\r\n")+"\n")
		}
	}
	return strings.Join(lines[max(0, len(lines)-60):], "")
}
