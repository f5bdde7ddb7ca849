package supervisor

import (
	"syscall"
	"testing"
)

// TestSendToNobodyElse has something else under a pid by now.
func TestSendToNobodyElse(t *testing.T) {
	for _, without := range []bool{false, true} {
		before := hasProc
		if without {
			hasProc = func() bool { return false }
		}
		s := newLab(t).start("spawn daemon stubborn other", "obey leader")
		s.meet("leader", "other")
		table := lookAround(s.lab.anchors())
		right := table[s.pids["other"]]
		right.ppid = unknownParent // as if it were nobody's child
		wrong := right
		wrong.start, wrong.session, wrong.pgrp = wrong.start+1, s.pid, right.pgrp+1
		wrong.send(syscall.SIGUSR1)
		wrong.killGroup()
		right.send(syscall.SIGINT)
		s.hear("other hears SIGINT")
		right.killGroup()
		s.ask()
		s.gone()
		for _, line := range s.all() {
			if line == "other hears SIGUSR1" {
				t.Error(line)
			}
		}
		proc{pid: 1<<22 + 1, ppid: unknownParent}.send(syscall.SIGKILL)
		hasProc = before
	}
}
