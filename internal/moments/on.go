//go:build moments && linux

package moments

import (
	"fmt"
	"os"
	"strconv"
	"sync"

	"golang.org/x/sys/unix"
)

// cost is what has been used of the machine so far.
type cost struct{ wall, cpu, faults int64 }

// now asks for it. Processes that have been reaped are not in it.
func now() cost {
	var clock unix.Timespec
	var used unix.Rusage
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &clock)
	_ = unix.Getrusage(unix.RUSAGE_SELF, &used)
	return cost{clock.Nano(), used.Utime.Nano() + used.Stime.Nano(), used.Minflt}
}

var (
	mutex sync.Mutex
	last  = start()
)

// start is when the process began.
func start() cost {
	wall, _ := strconv.ParseInt(os.Getenv(Began), 10, 64)
	return cost{wall: wall}
}

// Passed says that a part is over: everything since the part before it belongs to it.
func Passed(part string) {
	mutex.Lock()
	defer mutex.Unlock()
	c := now()
	f, err := os.OpenFile(os.Getenv(Variable), os.O_WRONLY|os.O_APPEND, 0)
	if err == nil {
		_, _ = fmt.Fprintf(f, "%d %d %d %s\n", c.wall-last.wall, c.cpu-last.cpu, c.faults-last.faults, part)
		_ = f.Close()
	}
	last = now() // without what this has cost
}
