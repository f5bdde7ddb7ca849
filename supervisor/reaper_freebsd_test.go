package supervisor

import "testing"

// hideouts are the ways in which a process can be in a run and is found, see spawn.
var hideouts = []string{"same", "group", "session", "outcast", "daemon", "stray", "outlaw"}

func TestReaper(t *testing.T) {
	if !reaps {
		t.Fatal("orphans do not come to reeve")
	}
	l := newLab(t)
	s := l.start("spawn stray stubborn stray", "stubborn leader")
	s.meet("leader", "stray")
	if trees := treesOf(); trees[s.pids["stray"]] != s.pid || trees[s.pid] != s.pid {
		t.Errorf("%v", trees)
	}
	killTree(s.pid)
	s.gone()
}
