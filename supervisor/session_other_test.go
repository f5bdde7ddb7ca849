//go:build unix && !linux

package supervisor

import (
	"syscall"
	"testing"
)

// TestGroupsLeft looks for the rest of a run as it is done without a process table.
func TestGroupsLeft(t *testing.T) {
	s := newLab(t).start("spawn same obey rest", "exit 0")
	s.meet("rest")
	s.exit()
	runs := []int{s.pid}
	left := s.lab.groupsLeft(runs)
	if len(left[s.pid]) != 1 {
		t.Fatalf("%v", left)
	}
	r := s.lab.headless[s.pid]
	r.last = syscall.SIGTERM
	r.deliver(left[s.pid])
	s.lab.await("the end of the group", func() bool { return len(s.lab.groupsLeft(runs)) == 0 })
	s.gone()
}
