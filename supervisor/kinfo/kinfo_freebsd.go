package kinfo

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// All is every process there is, but for those that have ended.
func All() (map[int]Process, error) { return table(&freebsd, "kern.proc.proc") }

// Of looks at one process.
func Of(pid int) (Process, bool) { return one(&freebsd, "kern.proc.pid", pid) }

// complete has nothing to add.
func complete(*Process) {}

// Environ is the environment of a process, as far as this user may see it.
func Environ(pid int) []string {
	environ, err := unix.SysctlRaw("kern.proc.env", pid)
	if err != nil {
		return nil
	}
	return variables(string(environ))
}

// Usage is what a process uses: its processor time, with that of its children that have ended, and
// its resident memory.
func (p Process) Usage() (cpu time.Duration, memory int64) { return p.CPU, p.Memory }

var pageSize = os.Getpagesize()
