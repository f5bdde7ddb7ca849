package supervisor

import (
	"maps"
	"testing"

	"golang.org/x/sys/unix"
)

func TestMark(t *testing.T) {
	l := newLab(t)
	s := l.start("obey leader")
	s.meet("leader")
	of := marker{l.Formation, "run.1"}
	if got, _ := markerIn(s.pid); got != of {
		t.Errorf("%q", got)
	}
	if got := limitOf(s.pid); got != of.limit() || got != shownLimit(s.pid) {
		t.Errorf("%x, want %x; /proc says %x", got, of.limit(), shownLimit(s.pid))
	}
	if got := slackOf(s.pid); got != of.slack() && got != 0 {
		t.Errorf("%d, want %d, or 0 where one may not know", got, of.slack())
	}
	var own unix.Rlimit
	check(unix.Getrlimit(unix.RLIMIT_LOCKS, &own))
	if slack := must(unix.PrctlRetInt(unix.PR_GET_TIMERSLACK, 0, 0, 0, 0)); own.Cur == of.limit() || slack == int(of.slack()) {
		t.Error("reeve has the marker itself now")
	}
	if got, ok := markerIn(0); ok || limitOf(1<<22+1) != 0 || slackOf(0) != 0 {
		t.Errorf("nobody's marker is %q", got)
	}
	s.ask()
	s.gone()
}

// TestGuardianHasNoMark matters where a formation is part of another one.
func TestGuardianHasNoMark(t *testing.T) {
	l := newLab(t)
	defer inherit([]string{Marker("outer", "web.1")})() // as a reeve that is a process of another
	l.Guardian = must(StartGuardian(l.Formation))
	if limit, slack := limitOf(l.Guardian.pid), slackOf(l.Guardian.pid); limit != 0 || slack > usualSlack {
		t.Errorf("%x, %d", limit, slack)
	}
	l.Guardian.Close()
}

// TestOwnerByMarker takes copies of the marker away, one after the other.
func TestOwnerByMarker(t *testing.T) {
	runs := map[int]*run{10: {Spec: Spec{Name: "web.1"}}, 20: {Spec: Spec{Name: "run.1"}}}
	l := newLab(t)
	of := func(formation string) *markers { return markersOf(formation, maps.All(runs)) }
	known, other := l.start("obey x"), l.start("obey x")
	known.meet("x")
	other.meet("x")
	for _, tt := range []struct {
		name      string
		formation string
		pid       int
		want      owner
	}{
		{"a run", l.Formation, known.pid, owner{ofRun, 20}},
		{"a run that is over", l.Formation, other.pid, astray},
		{"another formation", "other", known.pid, nobody},
	} {
		if got := of(tt.formation).ownerOf(tt.pid, 0); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	check(unix.Prlimit(known.pid, unix.RLIMIT_LOCKS, &unix.Rlimit{Cur: 7, Max: unix.RLIM_INFINITY}, nil))
	if got := of(l.Formation).ownerOf(known.pid, 0); got != (owner{ofRun, 20}) {
		t.Errorf("by its environment: %v", got)
	}
	if got := of("other").ownerOf(known.pid, 0); got != nobody {
		t.Errorf("by its environment, of another formation: %v", got)
	}
	for _, s := range []*subject{known, other} {
		s.ask()
		s.gone()
	}
}

// TestMarksDiffer looks for instances that would be taken for one another.
func TestMarksDiffer(t *testing.T) {
	limits := map[uint64]string{}
	for _, formation := range []string{"", "A", "B", "formation", "formations"} {
		for _, instance := range []string{"", "web.1", "web.2", "web.11", "worker.1", "b.1", "c.1"} {
			m := marker{formation, instance}
			if limits[m.limit()] != "" {
				t.Errorf("%v and %s have one limit", m, limits[m.limit()])
			}
			limits[m.limit()] = formation + "/" + instance
			if m.limit() < markerFormat || m.limit() >= 2*markerFormat || m.slack() <= usualSlack || m.slack() > usualSlack+1<<13 {
				t.Errorf("%v: %x, %d", m, m.limit(), m.slack())
			}
		}
	}
}
