//go:build unix && !linux

package supervisor

import (
	"syscall"

	"golang.org/x/sys/unix"
)

func pipe(ends []int) error {
	if err := unix.Pipe(ends); err != nil {
		return err
	}
	unix.CloseOnExec(ends[0])
	unix.CloseOnExec(ends[1])
	return nil
}

func slim() {}

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
