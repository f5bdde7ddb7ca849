//go:build unix

package supervisor

import (
	"syscall"
	"time"
)

// What is left to do when all runs are gone.

// Dismiss begins with what Close does, so that the guardian and whatever has slipped through, which
// take a while to end, do so beside what else there is to do.
func (p *Processes) Dismiss() {
	if len(p.live)+len(p.headless) > 0 {
		return
	}
	p.Guardian.dismiss()
	for _, pid := range p.orphans() {
		killOrphan(pid)
	}
}

// closeWithin bounds how long Close waits for what it has killed.
const closeWithin = time.Second

// Close ends the guardian, and kills whatever has slipped through: nothing may
// outlive reeve, and only now, without the guardian, does the kernel say for certain
// that reeve has no child left. If there are runs still, reeve leaves them to the
// guardian.
func (p *Processes) Close() {
	for pid := range p.helpers {
		p.KillHelper(pid)
	}
	if len(p.live)+len(p.headless) > 0 {
		return
	}
	p.Guardian.Close()
	for end := time.Now().Add(closeWithin); time.Now().Before(end); time.Sleep(time.Millisecond) {
		p.Reap()
		if p.childless {
			return
		}
		// The children are enough: what they have started comes to reeve as they end. And
		// their list is short, so even what forks and ends all the time is met alive.
		orphans := p.orphans()
		if len(orphans)+len(p.helpers) == 0 {
			return
		}
		for _, pid := range orphans {
			killOrphan(pid)
		}
	}
}

// killOrphan kills a child that is no run's leader, and its group, so that nobody forks
// away. One that has ended, and is not reaped yet, still has a group.
func killOrphan(pid int) {
	if group, err := syscall.Getpgid(pid); err == nil && group > 1 && group != syscall.Getpgrp() {
		_ = syscall.Kill(-group, syscall.SIGKILL)
	}
	_ = syscall.Kill(pid, syscall.SIGKILL)
}
