//go:build unix

package supervisor

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestReadWards(t *testing.T) {
	for _, tt := range []struct{ name, told, want string }{
		{"nothing", "", ""},
		{"runs", "10 15 5000\n20 2 0\n", "10: SIGTERM 5s, 20: SIGINT 0s"},
		{"a run that is gone", "10 15 5000\n20 15 5000\n-10\n", "20: SIGTERM 5s"},
		{"all gone", "10 15 5000\n-10\n", ""},
		{"its pid comes again", "10 15 5000\n-10\n10 2 100\n", "10: SIGINT 100ms"},
		{"gone before it came", "-10\n", ""},
		{"no last newline", "10 15 5000\n20 15 1", "10: SIGTERM 5s, 20: SIGTERM 1ms"},
		{"about to begin", "10 15 5000 web.1\n0 2 100 web.2\n", "-1: SIGINT 100ms, 10: SIGTERM 5s"},
		{"that has begun", "0 2 100 web.2\n10 2 100 web.2\n", "10: SIGINT 100ms"},
		{"nobody", "\n0 15 5000\nx y z\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var wards []string
			told, _ := readWards(strings.NewReader(tt.told))
			for pid, r := range told {
				if r.pid != pid {
					t.Errorf("ward %d is %d", pid, r.pid)
				}
				wards = append(wards, fmt.Sprintf("%d: %s %v", pid, SignalName(r.Stop), r.Grace))
			}
			slices.Sort(wards)
			if got := strings.Join(wards, ", "); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// TestTellAndRead lets the two sides talk.
func TestTellAndRead(t *testing.T) {
	newLab(t)
	w, theirs, err := newWire()
	if err != nil {
		t.Fatal(err)
	}
	in := wireReader(w, theirs)
	defer in.Close()
	g := &Guardian{pid: -1, wire: w}
	g.add(10, Spec{Name: "web.1", Stop: syscall.SIGINT, Grace: 90 * time.Second})
	g.add(11, Spec{Stop: syscall.SIGTERM})
	g.remove(11)
	sockets := []string{"/run/my app/\n.sock", "/tmp/.sock"}
	g.KeepSockets(sockets)
	w.close()
	wards, kept := readWards(told(in))
	if !slices.Equal(kept.sockets, sockets) {
		t.Errorf("the sockets are %q", kept.sockets)
	}
	if r := wards[10]; len(wards) != 1 || r.Name != "web.1" || r.Stop != syscall.SIGINT || r.Grace != 90*time.Second {
		t.Errorf("%v", wards)
	}
}

// TestNoGuardian does without.
func TestNoGuardian(t *testing.T) {
	for _, g := range []*Guardian{nil, {}} {
		g.add(10, Spec{})
		g.remove(10)
		g.reaped(10)
		(&Processes{Guardian: g}).guard()
		if g.is(10) {
			t.Error("10 is no guardian")
		}
		g.Close()
	}
}

func TestGuardNobody(t *testing.T) {
	newLab(t)
	args := []string{GuardianName, "lab"}
	null := must(os.Open(os.DevNull)) // reeve is gone already
	defer null.Close()
	pid, err := syscall.ForkExec(must(os.Executable()), args, &syscall.ProcAttr{Env: helperEnv, Files: []uintptr{null.Fd(), 1, 2}})
	if err != nil {
		t.Fatal(err)
	}
	var ws syscall.WaitStatus
	must(syscall.Wait4(pid, &ws, 0, nil))
	if ws != 0 {
		t.Errorf("%#x", ws)
	}
}

// TestGuardianThatDoesNotRead is told more than any pipe holds: that must not stop anybody.
func TestGuardianThatDoesNotRead(t *testing.T) {
	l := newLab(t)
	g := must(StartGuardian(l.Formation))
	l.Guardian = g
	check(syscall.Kill(g.pid, syscall.SIGSTOP))
	for pid := range 10_000 {
		g.add(1_000_000+pid, Spec{})
		g.remove(1_000_000 + pid)
	}
	g.Close()
}

// TestGuardianIsReplaced kills one that has lasted, then two that have not.
func TestGuardianIsReplaced(t *testing.T) {
	l := newLab(t)
	var reports []Report
	l.Report = func(r Report) { reports = append(reports, r) }
	l.Guardian = must(StartGuardian(l.Formation))
	s := l.start("obey leader")
	s.meet("leader")
	replaced := func(after time.Duration) {
		t.Helper()
		l.Guardian.started = time.Now().Add(-after)
		before, killed := l.Guardian.pid, time.Now()
		check(syscall.Kill(before, syscall.SIGKILL))
		l.await("another guardian", func() bool { return l.Guardian.pid != before && l.Guardian.pid != 0 })
		if passed := time.Since(killed); passed < l.Guardian.delay {
			t.Errorf("after %v, want %v", passed, l.Guardian.delay)
		}
	}
	replaced(time.Hour)
	if len(reports) > 0 {
		t.Errorf("%v", reports)
	}
	replaced(0)
	replaced(0)
	if l.Guardian.delay != 2*firstDelay {
		t.Errorf("the next comes after %v", l.Guardian.delay)
	}
	if len(reports) != 1 || reports[0].Kind != Unguarded {
		t.Errorf("%v", reports)
	}
	replaced(time.Hour)
	if l.Guardian.delay != 0 || len(reports) != 1 {
		t.Errorf("the next comes after %v, %v", l.Guardian.delay, reports)
	}
	s.ask()
	s.gone()
	l.Guardian.Close()
}

func TestAnyOf(t *testing.T) {
	runs := func(graces ...time.Duration) map[int]*run {
		wards := map[int]*run{}
		for i, g := range graces {
			wards[10+i] = &run{Spec: Spec{Grace: g}}
		}
		return wards
	}
	for range 20 { // the order of a map is different each time
		for _, tt := range []struct {
			wards map[int]*run
			want  int
		}{
			{nil, 0},
			{runs(0), 10},
			{runs(1, 3, 2), 11},
			{runs(1, 1, 1), 10},
			{runs(1, 2, 2, 2), 11},
		} {
			if got := anyOf(tt.wards); got != tt.want {
				t.Errorf("%d, want %d of %v", got, tt.want, tt.wards)
			}
		}
	}
}

// TestRetire lets wards have nothing left for a while.
func TestRetire(t *testing.T) {
	wards := map[int]*run{10: {pid: 10}, 20: {pid: 20}}
	for look := range 2 * guardLooks {
		retire(wards, map[int][]proc{20: {{pid: 21}}})
		if retired := wards[10] == nil; retired != (look+1 >= guardLooks) {
			t.Errorf("after %d looks: %v", look+1, retired)
		}
	}
	if wards[-10] == nil || wards[20] == nil || len(wards) != 2 {
		t.Errorf("%v", wards)
	}
}
