//go:build darwin || freebsd

package kinfo

import (
	"errors"

	"golang.org/x/sys/unix"
)

// tries is how often the table is asked for: it may grow between the question how long it is, and
// the answer.
const tries = 10

// table asks for all processes.
func table(l *layout, name string) (map[int]Process, error) {
	all, err := ask(l, name)
	if err != nil {
		return nil, err
	}
	found := make(map[int]Process, len(all))
	for _, p := range all {
		if !p.Ended() {
			complete(&p)
			found[p.Pid] = p
		}
	}
	return found, nil
}

// one asks for one process.
func one(l *layout, name string, pid int) (Process, bool) {
	all, err := ask(l, name, pid)
	if err != nil || len(all) != 1 || all[0].Ended() {
		return Process{}, false
	}
	complete(&all[0])
	return all[0], true
}

func ask(l *layout, name string, args ...int) ([]Process, error) {
	var raw []byte
	err := error(unix.ENOMEM)
	for try := 0; try < tries && errors.Is(err, unix.ENOMEM); try++ {
		raw, err = unix.SysctlRaw(name, args...)
	}
	if err != nil {
		return nil, err
	}
	return l.parse(raw, pageSize)
}
