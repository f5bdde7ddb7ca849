//go:build unix && !linux

package supervisor

import "syscall"

// firstOf knows the leader alone.
func firstOf(leader int, _ syscall.Signal) []proc {
	return []proc{{pid: leader, pgrp: leader, start: 1, state: '?'}}
}
