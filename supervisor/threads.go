package supervisor

import (
	"runtime"
	"sync"
)

// Go needs a thread for every system call that does not return at once, and ends the whole
// program if the system refuses one. A formation can use up what the system grants
// (ulimit -u, the pids.max of a container), so reeve has the threads before.

const (
	// mostParallel is how much of reeve runs at a time, however many processors there are:
	// each would need a thread, and one goroutine does nearly all that there is to do.
	mostParallel = 2
	// spareThreads are those that wait for a system call that blocks: the log's writer, the
	// keyboard, the start of a process, who reads /proc, and those that are slow by chance
	// on a machine that is as busy as when somebody forks without end.
	spareThreads = 7
	// spareOfGuardian are the same for the guardian.
	spareOfGuardian = 2
)

// HaveThreads has Go start all threads that reeve will ever need, while there are some to be
// had. They wait, and cost some kilobytes.
func HaveThreads() {
	if runtime.GOMAXPROCS(0) > mostParallel {
		runtime.GOMAXPROCS(mostParallel)
	}
	haveThreads(spareThreads)
}

// haveThreads makes goroutines exist at one time that each have a thread to themselves. Go
// keeps those threads for others.
func haveThreads(n int) {
	var all sync.WaitGroup
	all.Add(n)
	for range n {
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			all.Done()
			all.Wait()
		}()
	}
	all.Wait()
}
