package main

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// befall lets the events of the script happen, until reeve has ended.
func (r *round) befall(began time.Time) {
	for _, e := range r.script.events {
		select {
		case <-r.family.ended:
			return
		case <-r.aborted:
			return
		case <-time.After(time.Until(began.Add(e.at))):
			r.happen(e.what)
		}
	}
}

func (r *round) happen(what string) {
	switch what {
	case "^C":
		r.asking()
		_, _ = r.outlet.ours.Write([]byte{3})
	case "^\\":
		r.asking()
		_, _ = r.outlet.ours.Write([]byte{28})
	case "hang up", "close output":
		r.facts.deaf = true
		r.outlet.shut()
	case "clients":
		r.ask()
	default:
		if reeve, ok := r.reeve(); ok {
			r.strike(reeve, what)
		}
	}
}

// strike lets something happen to reeve or its processes.
func (r *round) strike(reeve proc, what string) {
	switch what {
	case "kill reeve":
		r.killed = true
		signalTo(reeve, syscall.SIGKILL)
	case "kill guardian":
		killYoungest(reeve, isGuardian)
	case "kill one":
		killYoungest(reeve, func(p proc) bool { return !isGuardian(p) && !p.dead() })
	case lastWord:
		signalTo(reeve, syscall.SIGCONT)
		// A reeve in reeve says that it stops as well.
		stopping := r.outlet.stopping() && r.script.app.nested == nil
		if (!r.facts.asked || r.facts.dropped) && !stopping {
			r.asking()
			signalTo(reeve, syscall.SIGTERM)
		}
	default:
		if slices.Contains(stopSignals, what) {
			r.asking()
		}
		signalTo(reeve, unix.SignalNum("SIG"+what))
	}
}

// asking records the first request to stop.
func (r *round) asking() {
	if !r.facts.asked {
		r.facts.asked = true
		// The kernel drops the signals to PID 1 that it does not catch yet.
		r.facts.dropped = r.script.pid1 && len(births(r.dir)) == 0
		r.facts.ready = !r.script.pid1 && allReady(r.dir, r.family.first, r.script.app.instances())
	}
}

// allReady reports whether so many leaders live and have only their last step to do.
func allReady(dir string, reeve, count int) bool {
	text, _ := os.ReadFile(filepath.Join(dir, readyFile))
	ready := strings.Fields(string(text))
	for _, p := range survivors(births(dir)) {
		leads := p.ppid == reeve && p.session == p.pid
		if leads && !p.dead() && slices.Contains(ready, strconv.Itoa(p.pid)) {
			count--
		}
	}
	return count == 0
}

func (a app) instances() (n int) {
	for _, t := range a.types {
		n += t.count
	}
	return n
}

// reeve finds reeve, under unshare if need be.
func (r *round) reeve() (proc, bool) {
	p, ok := look(r.family.first)
	if !ok || !r.script.pid1 {
		return p, ok
	}
	inside := children(p.pid)
	if len(inside) != 1 || !strings.HasPrefix(cmdline(inside[0]), "./reeve ") {
		return proc{}, false // it is not up yet
	}
	return inside[0], true
}

// isGuardian reports whether a process is a guardian of reeve's.
func isGuardian(p proc) bool { return strings.HasPrefix(cmdline(p), "reeve-guardian") }

// killYoungest kills the youngest of reeve's processes, which reeve may not know yet.
func killYoungest(reeve proc, eligible func(proc) bool) {
	youngest, start := proc{}, uint64(math.MaxUint64)
	for _, p := range descendants(reeve.pid) {
		if eligible(p) && (youngest.pid == 0 || p.start > start) {
			youngest, start = p, p.start
		}
	}
	if youngest.pid != 0 {
		signalTo(youngest, syscall.SIGKILL)
	}
}
