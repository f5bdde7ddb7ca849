package main

import (
	"slices"
	"syscall"
	"time"
)

// outcomes are the codes that a formation can end with on account of one instance, or
// of a whole formation: as its process ends by itself, and once it is asked to stop. A
// process that honours the request counts as 0, one that has to be killed as 137. No
// natural outcome: it stays until it is asked.
type outcomes struct{ natural, asked []int }

// outcomesOf follows a leader's part.
func outcomesOf(part string) outcomes {
	steps, err := parse(part)
	if err != nil {
		panic(err)
	}
	o := outcomes{asked: []int{0}}
	for _, s := range steps {
		switch s.verb {
		case "exit":
			o.natural = append(o.natural, s.number(0))
		case "die":
			o.natural = append(o.natural, 128+int(s.signal(0)))
		case "ignore":
			o.asked = []int{killed}
		case "answer":
			o.asked = []int{s.number(0)}
			if s.number(0) == 128+int(syscall.SIGTERM) {
				o.asked = append(o.asked, 0) // that honours TERM, but not INT
			}
			if s.duration(1) > quick {
				o.asked = append(o.asked, killed) // if the grace period is short
			}
		case "chain":
			o.asked = append(o.asked, killed) // it may take longer than the grace period
		case "fork":
			if mayIgnore(s.body) {
				o.asked = append(o.asked, killed)
			}
		}
	}
	o.asked = append(o.asked, o.natural...)
	return o
}

// killed is the code of what had to be killed, and quick a time that is shorter than
// every grace period, however busy the machine is.
const (
	killed = 128 + int(syscall.SIGKILL)
	quick  = 50 * time.Millisecond
)

// mayIgnore reports whether some process of a part may outlive a request to stop.
func mayIgnore(steps []step) bool {
	return slices.ContainsFunc(steps, func(s step) bool {
		return s.verb == "ignore" || s.verb == "answer" || s.verb == "chain" || mayIgnore(s.body)
	})
}

// outcomes of a formation.
func (a app) outcomes() outcomes {
	var o outcomes
	for _, t := range a.types {
		o.natural = append(o.natural, t.outcomes.natural...)
		o.asked = append(o.asked, t.outcomes.asked...)
	}
	o.asked = append(o.asked, 0, killed, 128+int(syscall.SIGTERM), 128+int(syscall.SIGINT))
	if len(o.natural) > 0 {
		o.natural = append(o.natural, o.asked...)
		o.asked = o.natural
	}
	return o
}

// strays are the signals that a leader may die of although the stop signal is another
// one: what does not ignore USR1 and USR2 dies of them, and a process that has just
// been forked is in reeve's group still, which the terminal's signals are for.
var strays = map[string]syscall.Signal{
	"USR1": syscall.SIGUSR1, "USR2": syscall.SIGUSR2,
	"^C": syscall.SIGINT, "^\\": syscall.SIGQUIT, "hang up": syscall.SIGHUP,
}

// facts are what only the round itself can tell about the end of reeve.
type facts struct {
	asked bool // it was asked to stop before it ended
	ready bool // all leaders were alive then, and had only their last step to do
	deaf  bool // its output was closed, which asks it to stop at some other time

	dropped bool // the request may not have reached it
}

// codes lists the exit codes that are allowed: "the code of the first process that
// failed; 128+N when signal N killed it; 127 when its command was not found, 126 when
// it cannot be executed. A stop that was asked for exits 0 if every process honoured
// it, 137 if one had to be killed."
func (s *script) codes(f facts) []int {
	codes, zero := []int{}, f.asked || f.deaf || s.lenient
	for _, t := range s.app.types {
		codes = append(append(codes, t.outcomes.natural...), t.outcomes.asked...)
		zero = zero || slices.Contains(t.outcomes.natural, 0)
	}
	for _, t := range s.app.types {
		obstinate := len(t.outcomes.natural) == 0 && !slices.Contains(t.outcomes.asked, 0)
		zero = zero && !(obstinate && f.asked && f.ready && !f.deaf && !s.lenient)
	}
	if s.has("kill one") || s.twice() || f.dropped {
		codes = append(codes, killed)
	}
	if s.lenient {
		codes = append(codes, 1) // a type whose predecessor ended before it was ready
	}
	for name, sig := range strays {
		if s.has(name) {
			codes = append(codes, 128+int(sig))
		}
	}
	codes = slices.DeleteFunc(codes, func(c int) bool { return c == 0 })
	if zero {
		codes = append(codes, 0)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// echo is how soon requests to stop count as one, and imprecision how far the machine's
// timing may be from the script's.
const (
	echo        = 250 * time.Millisecond
	imprecision = 100 * time.Millisecond
)

// twice reports whether a second Ctrl-C can reach reeve: INT or QUIT, and not so soon that it is
// the first one still.
func (s *script) twice() bool {
	first := time.Duration(-1)
	for _, e := range s.events {
		urgent := slices.Contains([]string{"INT", "QUIT", "^C", "^\\"}, e.what)
		switch {
		case !urgent && !slices.Contains(stopSignals, e.what) && e.what != "hang up":
		case first < 0:
			first = e.at
		case urgent && e.at-first >= echo-imprecision:
			return true
		}
	}
	return false
}
