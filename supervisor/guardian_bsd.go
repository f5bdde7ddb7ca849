//go:build unix && !linux

package supervisor

import "syscall"

// wardsLeft is what can be known of the wards without a process table: whether their
// process groups still exist.
func wardsLeft(wards map[int]*run, _ string) map[int][]proc {
	left := map[int][]proc{}
	for pid := range wards {
		if pid != untold && syscall.Kill(-pid, 0) == nil {
			left[pid] = []proc{{pid: -pid, pgrp: pid, start: 1, state: '?'}}
		}
	}
	return left
}
