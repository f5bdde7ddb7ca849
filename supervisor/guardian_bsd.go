//go:build unix && !linux

package supervisor

import "golang.org/x/sys/unix"

func pipe(ends []int) error {
	if err := unix.Pipe(ends); err != nil {
		return err
	}
	unix.CloseOnExec(ends[0])
	unix.CloseOnExec(ends[1])
	return nil
}

func slim() {}

func wardsLeft(wards map[int]*run, _ string) map[int][]proc { return wardGroups(wards) }
