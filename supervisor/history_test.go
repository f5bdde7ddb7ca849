//go:build unix

package supervisor

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

var update = flag.Bool("update", false, "write what happens into the histories")

// history is the whole life of a formation: what the processes are like, what is asked of
// it, and everything that the supervisor then does and reports, with the time. Each file in
// testdata/histories has one:
//
//	# what it shows
//	web.1 life=1s ends=3 restart=always     how the runs of an instance behave
//	then  ready=5s                          and the next one; the last stands for all that follow
//	at 5s signal TERM                       what comes from outside
//	no alarm                                the loop has to look at the clock itself
//
//	0s     · web.1 has started              what happens
//
// The keys of a run are the fields of [child], those of a policy in the first line of an
// instance are fields of [Spec]. A time may be never. How something ends is an exit code, a
// signal, or in fails= one of the errors below.
type history struct {
	children []child
	noAlarm  bool
	requests []request
	want     string
}

// startErrors are why a run cannot be started.
var startErrors = map[string]error{
	"not-found":      ErrNotFound,
	"not-executable": ErrNotExecutable,
	"scarce":         fmt.Errorf("no more processes: %w", syscall.EAGAIN),
}

// TestHistories plays every history in fake time. With -update, what happens replaces what
// the file says should: look at the difference before you commit it.
func TestHistories(t *testing.T) {
	files, err := filepath.Glob("testdata/histories/*/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no histories: ", err)
	}
	for _, file := range files {
		dir, name := filepath.Split(strings.TrimSuffix(file, ".txt"))
		t.Run(filepath.Base(dir)+"/"+name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			head, _, _ := bytes.Cut(text, []byte("\n\n"))
			h, err := parseHistory(string(text))
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			got := h.play(t)
			if *update {
				err = os.WriteFile(file, fmt.Appendf(nil, "%s\n\n%s", head, got), 0o644)
			} else if got != h.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, h.want)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// play gives what happens.
func (h history) play(t *testing.T) (log string) {
	synctest.Test(t, func(t *testing.T) {
		m := &machine{t: t, script: h.children}
		if !h.noAlarm {
			m.alarm = newFakeAlarm(m)
		}
		m.run(make(chan os.Signal, 64), h.requests)
		time.Sleep(time.Second) // for the probes that have been told to end
		log = m.log.String()
	})
	return log
}

// parseHistory reads a file.
func parseHistory(text string) (h history, err error) {
	head, want, ok := strings.Cut(text, "\n\n")
	if !ok {
		return h, errors.New("no empty line between what is asked for and what happens")
	}
	h.want = want
	for line := range strings.Lines(head) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == "#":
			continue
		case line == "no alarm\n":
			h.noAlarm = true
		case words[0] == "at" && len(words) > 2:
			err = h.addRequest(words[1:])
		case words[0] == "then" && len(h.children) > 0:
			var next child
			err = next.set(words[1:])
			last := &h.children[len(h.children)-1]
			last.then = append(last.then, next)
		default:
			c := child{name: words[0]}
			err = c.set(words[1:])
			h.children = append(h.children, c)
		}
		if err != nil {
			return h, fmt.Errorf("%s: %w", strings.TrimSpace(line), err)
		}
	}
	return h, nil
}

// addRequest reads "TIME signal NAME" and the like.
func (h *history) addRequest(words []string) error {
	at, err := time.ParseDuration(words[0])
	what, rest := words[1], words[2:]
	r := request{at: at}
	switch what {
	case "signal":
		sig, ok := ParseSignal(rest[0])
		if !ok {
			return errors.New("no such signal")
		}
		r.signal = sig
	case "quit":
		r.reason = strings.Join(rest, " ")
	case "forward":
		sig, ok := ParseSignal(rest[0])
		if !ok {
			return errors.New("no such signal")
		}
		r.ask = func(s *Supervisor) (<-chan Outcome, bool) {
			none := make(chan Outcome)
			close(none)
			return none, s.Signal(rest[1:], sig)
		}
	case "restart":
		r.ask = func(s *Supervisor) (<-chan Outcome, bool) { return s.Restart(rest) }
	case "stop":
		r.ask = func(s *Supervisor) (<-chan Outcome, bool) { return s.Stop(rest) }
	case "renew": // for files that have changed just now, or so long ago
		var ago time.Duration
		if d, bad := time.ParseDuration(rest[0]); bad == nil {
			ago, rest = d, rest[1:]
		}
		r.ask = func(s *Supervisor) (<-chan Outcome, bool) {
			return s.Renew(rest, time.Now().Add(-ago), func(Snapshot) {})
		}
	case "sleep", "set": // for so long, as a laptop does, and the clock by so much
		by, bad := time.ParseDuration(rest[0])
		r.happens, err = func(m *machine) { m.slept += by; m.alarm.ring() }, bad
	case "attend", "leave":
		r.happens = func(m *machine) { m.watched = map[string]bool{rest[0]: what == "attend"} }
	case "trace", "untrace":
		r.happens = func(m *machine) { m.traced = map[string]bool{rest[0]: what == "trace"} }
	case "scale":
		typ, count, _ := strings.Cut(rest[0], "=")
		n, _ := strconv.Atoi(count)
		var specs []Spec
		for k := range n {
			spec := h.policyOf(typ)
			spec.Name, spec.Type, spec.Grace = fmt.Sprintf("%s.%d", typ, k+1), typ, grace
			specs = append(specs, spec)
		}
		r.ask = func(s *Supervisor) (<-chan Outcome, bool) { return s.Scale(typ, specs) }
	case "reform": // NAME, NAME! for one that begins anew, each perhaps with ,KEY=VALUE as in its first line
		var to Reform
		for _, word := range rest {
			keys := strings.Split(word, ",")
			name, anew := strings.CutSuffix(keys[0], "!")
			typ, _, _ := strings.Cut(name, ".")
			c := child{policy: h.policyOf(typ)}
			if err := c.set(keys[1:]); err != nil {
				return err
			}
			c.policy.Name, c.policy.Type = name, typ
			if c.policy.Grace == 0 {
				c.policy.Grace = grace
			}
			if to.Specs = append(to.Specs, c.policy); anew {
				to.Anew = append(to.Anew, name)
			}
		}
		r.ask = func(s *Supervisor) (<-chan Outcome, bool) {
			return s.Reform(func([]Snapshot) (Reform, bool) { return to, true })
		}
	default:
		return errors.New("no such request")
	}
	h.requests = append(h.requests, r)
	return err
}

// policyOf is the policy of a type's first instance, if the history has one.
func (h *history) policyOf(typ string) Spec {
	for _, c := range h.children {
		if c.name == typ+".1" {
			return c.policy
		}
	}
	return Spec{}
}

// set reads the behaviour of a run, key=value by key=value.
func (c *child) set(words []string) (err error) {
	times := map[string]*time.Duration{
		"life": &c.life, "obeys": &c.obeys, "rest": &c.rest, "wraps": &c.wraps, "sticks": &c.sticks, "ready": &c.ready,
		"sick": &c.sick, "well": &c.well, "tries": &c.tries, "every": &c.policy.Health.Every,
		"grace": &c.policy.Grace, "probe": &c.policy.ReadyTimeout, "within": &c.policy.ReadyTimeout,
	}
	switches := map[string]*bool{"waits": &c.waits, "ahead": &c.ahead, "can-die": &c.policy.CanDie, "task": &c.policy.Task, "watched": &c.policy.Watched, "build": &c.policy.Build}
	for _, word := range words {
		key, value, _ := strings.Cut(word, "=")
		var bad error
		switch {
		case times[key] != nil && value == "never":
			*times[key] = never
		case times[key] != nil:
			*times[key], bad = time.ParseDuration(value)
		case switches[key] != nil:
			*switches[key] = true
		case key == "ends":
			c.ends, bad = parseEnding(value)
		case key == "stops":
			c.stops, bad = parseEnding(value)
		case key == "fails" && startErrors[value] != nil:
			c.fails = startErrors[value]
		case key == "restart":
			c.policy.Restart, bad = ParseRestartPolicy(value)
		case key == "clock": // PERIOD+MORE
			period, more, _ := strings.Cut(value, "+")
			var times [2]time.Duration
			for n, text := range []string{period, cmp.Or(more, "0s")} {
				if times[n], bad = time.ParseDuration(text); bad != nil {
					break
				}
			}
			c.policy.Task, c.policy.Schedule.Next = true, inTurn(times[0], times[1])
		case key == "interval":
			c.policy.Task = true
			c.policy.Schedule.Every, bad = time.ParseDuration(value)
		case key == "failures":
			c.policy.Health.Failures, bad = strconv.Atoi(value)
		case key == "limit":
			c.policy.RestartLimit, bad = strconv.Atoi(value)
		case key == "after":
			c.policy.After = strings.Split(value, "+")
		default:
			bad = errors.New("unknown")
		}
		if bad != nil {
			return fmt.Errorf("%s: %w", word, bad)
		}
	}
	c.policy.Probed = slices.ContainsFunc(words, func(word string) bool { return strings.HasPrefix(word, "probe=") })
	return nil
}

// parseEnding reads an exit code or the name of a signal.
func parseEnding(text string) (Status, error) {
	if code, err := strconv.Atoi(text); err == nil {
		return Status{Code: code}, nil
	}
	sig, ok := ParseSignal(text)
	if !ok {
		return Status{}, errors.New("neither an exit code nor a signal")
	}
	return Status{Signal: sig}, nil
}
