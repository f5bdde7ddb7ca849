//go:build unix

package supervisor

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestCycle(t *testing.T) {
	for _, tt := range []struct{ order, want string }{
		{"", ""},
		{"web:db", ""},
		{"web:db,web:redis,worker:redis,redis:db", ""},
		{"web:web", "web web"},
		{"web:db,db:web", "db web db"},
		{"a:b,b:c,c:d,d:e,e:a", "a b c d e a"},
		{"first:a,a:b,b:c,c:b,last:first", "b c b"},
		{"a:x,b:x,x:y,y:z,z:y", "y z y"},
	} {
		after := map[string][]string{}
		for _, item := range strings.FieldsFunc(tt.order, func(r rune) bool { return r == ',' }) {
			typ, before, _ := strings.Cut(item, ":")
			after[typ] = append(after[typ], before)
		}
		if got := strings.Join(Cycle(after), " "); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.order, got, tt.want)
		}
	}
}

// TestTree starts and stops fifty types in a random order of theirs, tasks among them: every one
// starts when all before it are ready, and is asked to stop when all after it are gone, also those
// with tasks between, and as soon as that.
func TestTree(t *testing.T) {
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 0))
		after := map[string][]string{}
		var script []child
		for n := range 50 {
			typ := fmt.Sprintf("type%d", n)
			c := child{name: typ + ".1", obeys: time.Duration(random.IntN(5)) * time.Second, ready: time.Duration(random.IntN(9)) * time.Second}
			for range random.IntN(3) {
				if n > 0 {
					after[typ] = append(after[typ], fmt.Sprintf("type%d", random.IntN(n)))
				}
			}
			c.policy = Spec{After: after[typ]}
			switch random.IntN(4) {
			case 0:
				c.policy.Task, c.life = true, time.Duration(1+random.IntN(9))*time.Second
			case 1, 2:
				c.policy.Probed, c.policy.ReadyTimeout = true, 10*time.Second
			}
			script = append(script, c)
		}
		random.Shuffle(len(script), func(i, j int) { script[i], script[j] = script[j], script[i] })
		synctest.Test(t, func(t *testing.T) {
			m := &machine{t: t, script: script}
			if code := m.run(make(chan os.Signal, 1), []request{{at: time.Hour, signal: syscall.SIGTERM}}); code != 0 {
				t.Errorf("exit code %d", code)
			}
			checkTree(t, script, m.log.String())
			time.Sleep(time.Second)
		})
	}
}

// checkTree reads in the log of a machine whether everything happened when it should.
func checkTree(t *testing.T, script []child, log string) {
	started, ready, asked, gone := map[string]time.Duration{}, map[string]time.Duration{}, map[string]time.Duration{}, map[string]time.Duration{}
	tasks, after := map[string]bool{}, map[string][]string{}
	for _, c := range script {
		tasks[c.name], after[c.name] = c.policy.Task, c.policy.After
	}
	for line := range strings.Lines(log) {
		words := strings.Fields(line)
		at, _ := time.ParseDuration(words[0])
		switch text := strings.Join(words[1:], " "); {
		case words[1] == "ask" && words[2] != "the": // and not the rest of a run that has ended
			for _, name := range words[2:] {
				if _, before := asked[name]; !before {
					asked[name] = at
				}
			}
		case strings.HasSuffix(text, "has started"):
			started[words[2]] = at
			if _, before := ready[words[2]]; !before && !tasks[words[2]] {
				ready[words[2]] = at
			}
		case strings.HasSuffix(text, "is ready"), strings.Contains(text, "is done after"):
			ready[words[2]] = at
		case strings.HasSuffix(text, "is gone"):
			gone[words[2]] = at
		}
	}
	start, stop := map[string]time.Duration{}, map[string]time.Duration{}
	for _, c := range script {
		if !c.policy.Task { // which is done long before
			stop[c.name] = time.Hour
		}
	}
	var keep func(types []string, until time.Duration)
	keep = func(types []string, until time.Duration) {
		for _, typ := range types {
			if name := typ + ".1"; tasks[name] {
				keep(after[name], until)
			} else {
				stop[name] = max(stop[name], until)
			}
		}
	}
	for _, c := range script {
		for _, typ := range c.policy.After {
			start[c.name] = max(start[c.name], ready[typ+".1"])
		}
		if !c.policy.Task {
			keep(c.policy.After, gone[c.name])
		}
	}
	for _, c := range script {
		if started[c.name] != start[c.name] {
			t.Errorf("%s has started at %v, not at %v", c.name, started[c.name], start[c.name])
		}
		if asked[c.name] != stop[c.name] {
			t.Errorf("%s was asked to stop at %v, not at %v", c.name, asked[c.name], stop[c.name])
		}
	}
	if len(gone) != len(script) {
		t.Errorf("%d of %d have gone", len(gone), len(script))
	}
}

// TestDelays restarts what ends at once for an hour.
func TestDelays(t *testing.T) {
	i := &instance{Spec: Spec{Restart: RestartAlways}, last: Status{Code: 1}, ready: true}
	now := time.Time{}
	var delays []string
	for range 12 {
		i.began = now
		now = now.Add(steady - 1)
		if !i.restarts(now) {
			t.Fatal("it is not restarted")
		}
		delays = append(delays, i.delay.String())
	}
	want := strings.Fields("100ms 200ms 400ms 800ms 1.6s 3.2s 6.4s 12.8s 25.6s 51.2s 1m0s 1m0s")
	if !slices.Equal(delays, want) {
		t.Errorf("%v, want %v", delays, want)
	}
	i.began = now
	if i.restarts(now.Add(steady)); i.delay != minDelay || i.attempts != 1 {
		t.Errorf("after a steady run: %v, attempt %d", i.delay, i.attempts)
	}
	i.began, i.ready = now, false
	if i.restarts(now.Add(steady)); i.delay != 2*minDelay || i.attempts != 2 {
		t.Errorf("after a long run that was never ready: %v, attempt %d", i.delay, i.attempts)
	}
}

func TestRestartPolicies(t *testing.T) {
	for _, name := range []string{"never", "on-failure", "always"} {
		if p, err := ParseRestartPolicy(name); err != nil || p.String() != name {
			t.Errorf("%s: %v, %v", name, p, err)
		}
	}
	for _, name := range []string{"", "Always", "unless-stopped"} {
		if _, err := ParseRestartPolicy(name); err == nil {
			t.Errorf("%q is a policy", name)
		}
	}
}

// TestDo calls functions in the supervisor's goroutine while it runs, and afterwards.
func TestDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &machine{t: t, began: time.Now(), happened: make(chan func(), 10), children: make(chan os.Signal, 1), script: []child{{name: "web.1"}}}
		s := New(Config{Instances: []Spec{{Name: "web.1", Type: "web"}}, System: m, Children: m.children})
		code := make(chan int)
		var before, during, after bool
		go func() {
			before = s.Do(func() { before = false })
			during = s.Do(func() { s.Quit("enough") })
		}()
		go func() { code <- s.Run() }()
		if got := <-code; got != 0 {
			t.Errorf("exit code %d", got)
		}
		synctest.Wait()
		called := false
		after = s.Do(func() { called = true })
		if !before || !during || after || called {
			t.Errorf("before %v, during %v, after %v, called %v", before, during, after, called)
		}
	})
}
