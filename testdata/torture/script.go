package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// script is everything that is decided about a round before it begins.
type script struct {
	seed   uint64
	round  int
	app    app
	grace  time.Duration
	flags  []string
	outlet string // where reeve writes, see [outlet]
	errors string // and its errors; "same": there as well
	leads  bool   // reeve leads a session of its own
	pid1   bool   // reeve is PID 1 of a PID namespace
	alien  bool   // and /proc is that of another one
	events []event

	lenient bool // the end of a process need not be the end of the formation
}

// app is a Procfile, and where one of its commands is reeve again, that one's.
type app struct {
	types  []processType
	nested *app
}

// processType is a line of a Procfile.
type processType struct {
	name     string
	command  string
	count    int
	outcomes outcomes
}

// event is what befalls reeve, so long after its start.
type event struct {
	at   time.Duration
	what string // a signal's name, or a word that befall knows
}

// dice are the random decisions of one round.
type dice struct{ *rand.Rand }

func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

func (d dice) between(low, high int) int { return low + d.IntN(high-low+1) }

func (d dice) duration(low, high time.Duration) time.Duration {
	return (low + time.Duration(d.Int64N(int64(high-low)+1))).Truncate(time.Millisecond)
}

func pick[T any](d dice, of ...T) T { return of[d.IntN(len(of))] }

// newScript decides about one round. The same seed and round give the same script.
func newScript(seed uint64, round int) *script {
	d := dice{rand.New(rand.NewPCG(seed, uint64(round)))}
	s := &script{seed: seed, round: round}
	s.grace = d.duration(200*time.Millisecond, time.Second)
	s.pid1 = d.chance(15)
	s.alien = s.pid1 && d.chance(40)
	s.leads = d.chance(40)
	s.outlet = pick(d, "read", "read", "read", "read", "file", "unread", "shut", "pty", "ctty", "ctty", "full", "none",
		"socket", "slow", "drips", "filled", "ignored", "gone", "stopped", "hung")
	s.errors = pick(d, "file", "file", "file", "file", "same", "same", "read", "unread", "filled", "ignored", "gone", "stopped", "hung", "full", "none")
	if s.pid1 && s.outlet == "ctty" {
		s.outlet = "pty" // the terminal's signals would end unshare as well
	}
	if s.pid1 && s.errors != "read" {
		s.errors = "file" // unshare has something to say as well, and would wait
	}
	s.app = d.app(1)
	s.flags = d.flags(s)
	s.events = d.events(s)
	if s.pid1 && s.has("kill reeve") {
		s.errors = "file" // unshare has something to say about that, and waits to be heard
	}
	return s
}

func (d dice) app(depth int) app {
	var a app
	for i := range d.between(1, 6-2*depth) {
		t := processType{name: fmt.Sprintf("t%d", i), count: 1}
		if d.chance(30) {
			t.count = d.between(2, 4)
		}
		if depth == 1 && a.nested == nil && d.chance(5) {
			inner := d.app(depth + 1)
			a.nested = &inner
			t.command = fmt.Sprintf("./reeve start -t %s -m %s -f nested/Procfile", nestedGrace, inner.formation())
			t.outcomes, t.count = inner.outcomes(), 1
		} else {
			t.command, t.outcomes = d.command()
		}
		a.types = append(a.types, t)
	}
	return a
}

// command makes a Procfile's command.
func (d dice) command() (string, outcomes) {
	switch n := d.IntN(100); {
	case n < 3:
		return "./missing --now", outcomes{natural: []int{127}}
	case n < 6:
		return "./forbidden", outcomes{natural: []int{126}}
	case n < 14:
		return d.shellCommand()
	}
	part := d.part(1)
	return "./act '" + part + "'", outcomesOf(part)
}

// shellCommand makes one that needs a shell, whose jobs it may leave in the background.
func (d dice) shellCommand() (string, outcomes) {
	const born = `read l </proc/self/stat; echo "$l" >>births; `
	one, two := d.part(2), d.part(2)
	code := d.between(0, 9)
	// Whether the shell waits, dies or execs is the shell's business.
	likely := outcomes{natural: []int{0, code, 143, 130, 129, 137, 127}, asked: []int{0, code, 137}}
	for _, o := range []outcomes{outcomesOf(one), outcomesOf(two)} {
		likely.natural = append(likely.natural, o.natural...)
		likely.asked = append(likely.asked, append(o.natural, o.asked...)...)
	}
	return fmt.Sprintf(pick(d,
		born+"./act '%s' & ./act '%s' & exit %d",
		born+"./act '%s' & ./act '%s' & wait; exit %d",
		"trap '' TERM; "+born+"sleep 0.1; (./act '%s') & ./act '%s'; exit %d",
		"trap 'exit %[3]d' TERM; ./act '%[1]s' & ./act '%[2]s' & wait",
		"./act '%s' | ./act '%s'; exit %d",
		born+`for i in 1 2 3 4 5 6 7 8; do ( `+born+`sleep 0.2; sleep 3 & ) & done; ./act '%s' | ./act '%s' ; exit %d`,
	), one, two, code), likely
}

// part makes what a process does. Depth bounds how many others it starts.
func (d dice) part(depth int) string {
	var words []string
	add := func(format string, args ...any) { words = append(words, fmt.Sprintf(format, args...)) }
	switch {
	case d.chance(20):
		add("ignore")
	case d.chance(25):
		add("answer:%d:%s", pick(d, 0, 0, 143, 3), pick[time.Duration](d, 0, 20, 150)*time.Millisecond)
	}
	for range d.between(0, 4-depth) {
		words = append(words, d.deed(depth))
	}
	if d.chance(10) {
		add("stop") // and, if somebody continues it, go on
	}
	pause := d.duration(0, 1200*time.Millisecond)
	switch n := d.IntN(100); {
	case n < 62:
		add("stay")
	case n < 85:
		add("sleep:%s exit:%d", pause, pick(d, 0, 1, 7, 42))
	default:
		add("sleep:%s die:%s", pause, pick(d, "KILL", "SEGV", "TERM", "HUP", "ABRT"))
	}
	return strings.Join(words, " ")
}

// deed makes something that a process does in the middle of its life.
func (d dice) deed(depth int) string {
	switch n := d.IntN(100); {
	case n < 20:
		return fmt.Sprintf("flood:%s", d.duration(0, 300*time.Millisecond))
	case n < 28:
		return fmt.Sprintf("mutter:%d", d.between(1, 100_000))
	case n < 34:
		return pick(d, "close", "null")
	case n < 44:
		return fmt.Sprintf("sleep:%s", d.duration(0, 200*time.Millisecond))
	case n < 54:
		return fmt.Sprintf("chain:%d:%s:%s", pick(d, 10, 100, 400, 1500), pick[time.Duration](d, 50, 300, 2000)*time.Microsecond, pick(d, "group", "session"))
	case depth > 2:
		return "null"
	}
	how := pick(d, "group", "group", "pgrp", "session", "daemon", "daemon", "bare")
	part := d.part(depth + 1)
	if how == "daemon" || how == "bare" {
		part = pick(d, "null ", "close ", "") + part
	}
	return fmt.Sprintf("fork:%d:%s [ %s ]", d.between(1, 4-depth), how, part)
}

// flags are those of reeve start.
func (d dice) flags(s *script) []string {
	flags := []string{"-t", fmt.Sprint(s.grace.Seconds()), "-m", s.app.formation()}
	for _, choice := range []struct {
		percent int
		flag    string
	}{{15, "--tty=always"}, {15, "--tty=never"}, {15, "--log-format=json"}, {20, "--stop-signal=INT"}, {10, "--no-prefix"}} {
		if d.chance(choice.percent) {
			flags = append(flags, choice.flag)
		}
	}
	return append(flags, d.policies(s)...)
}

// policies decides what becomes of types that end, and in which order they start.
func (d dice) policies(s *script) (flags []string) {
	for i, t := range s.app.types {
		if d.chance(10) {
			flags = append(flags, "--restart="+t.name+"="+pick(d, "on-failure", "always"))
		}
		if d.chance(10) {
			flags = append(flags, "--can-die="+t.name)
		}
		if i > 0 && d.chance(10) {
			flags = append(flags, "--after="+t.name+"="+s.app.types[d.IntN(i)].name)
		}
	}
	s.lenient = len(flags) > 0
	return flags
}

// formation is the argument of -m.
func (a app) formation() string {
	var items []string
	for _, t := range a.types {
		items = append(items, fmt.Sprintf("%s=%d", t.name, t.count))
	}
	return strings.Join(items, ",")
}

func (a app) procfile() string {
	var b strings.Builder
	for _, t := range a.types {
		fmt.Fprintf(&b, "%s: %s\n", t.name, t.command)
	}
	return b.String()
}

// lastWord ends what would go on for ever.
const lastWord = "CONT, and TERM unless it is stopping"

// nestedGrace is the grace period of a reeve in a reeve.
const nestedGrace = 200 * time.Millisecond

// stopSignals are the signals to reeve that stop a formation.
var stopSignals = []string{"INT", "TERM", "HUP", "QUIT"}

// events decides what befalls reeve, and in the end makes it stop whatever it does.
func (d dice) events(s *script) []event {
	var events []event
	add := func(at time.Duration, what ...string) {
		for _, w := range what {
			events = append(events, event{at, w})
			at += d.duration(0, 30*time.Millisecond)
		}
	}
	at := d.moment()
	stop := pick(d, stopSignals...)
	switch n := d.IntN(100); {
	case n < 12: // let it end by itself
	case n < 30:
		add(at, stop)
	case n < 38:
		add(at, stop, pick(d, stopSignals...))
	case n < 46:
		add(at, stop, stop, pick(d, stopSignals...))
	case n < 51:
		add(at, stop)
		add(at+d.duration(0, 2*s.grace), stop)
	case n < 56:
		add(d.duration(0, 30*time.Millisecond), "kill reeve")
	case n < 71:
		add(at, "kill reeve")
	case n < 76:
		add(at, stop)
		add(at+d.duration(0, s.grace), "kill reeve")
	case n < 81:
		add(at, "kill guardian")
		add(at+d.moment(), stop)
	case n < 85: // and there is time for another one
		lost := d.duration(0, 1100*time.Millisecond)
		add(lost, "kill guardian")
		add(lost+d.duration(500*time.Millisecond, time.Second), "kill reeve")
	case n < 92:
		add(at, "TSTP")
		resume := at + d.duration(0, 300*time.Millisecond)
		add(resume, pick(d, "CONT", "kill reeve", "TERM", "CONT"))
	default:
		add(at, "kill one")
		add(at+d.moment(), pick(d, stop, "kill one"))
	}
	for range pick(d, 0, 0, 0, 1, 3) {
		add(d.moment(), pick(d, "USR1", "USR2", "WINCH", "kill one"))
	}
	if s.outlet == "ctty" && d.chance(40) {
		add(d.moment(), pick(d, "^C", "^C", "^\\", "hang up"))
	}
	if d.chance(20) {
		add(d.moment(), "clients")
	}
	if s.outlet == "shut" {
		add(d.moment(), "close output")
	}
	add(3*time.Second, lastWord)
	slices.SortStableFunc(events, func(a, b event) int { return int(a.at - b.at) })
	return events
}

// moment is when something befalls reeve: often in the middle of its start.
func (d dice) moment() time.Duration {
	if d.chance(35) {
		return d.duration(0, 40*time.Millisecond)
	}
	return d.duration(40*time.Millisecond, 900*time.Millisecond)
}

// has reports whether one of the events is among these.
func (s *script) has(what ...string) bool {
	return slices.ContainsFunc(s.events, func(e event) bool { return slices.Contains(what, e.what) })
}

func (s *script) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "round %d of seed %d:\n", s.round, s.seed)
	fmt.Fprintf(&b, "Procfile:\n%s", indent(s.app.procfile()))
	if s.app.nested != nil {
		fmt.Fprintf(&b, "nested/Procfile:\n%s", indent(s.app.nested.procfile()))
	}
	fmt.Fprintf(&b, "reeve start %s\n", strings.Join(s.flags, " "))
	fmt.Fprintf(&b, "standard output: %s, standard error: %s, own session: %t\n", s.outlet, s.errors, s.leads)
	fmt.Fprintf(&b, "PID 1: %t, /proc of another namespace: %t\n", s.pid1, s.alien)
	for _, e := range s.events {
		fmt.Fprintf(&b, "after %s: %s\n", e.at, e.what)
	}
	return b.String()
}

// indent puts four blanks in front of every line.
func indent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString("    " + line)
	}
	return b.String()
}
