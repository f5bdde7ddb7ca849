package supervisor

import (
	"math"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// reaps says that orphans of the formation come to reeve.
const reaps = true

// Prepare makes reeve fit to have children. Orphans of the formation come to reeve
// instead of init (prctl(2), PR_SET_CHILD_SUBREAPER), so that it can find and reap
// them, and neither ignored signals nor descriptors that reeve was started with are
// handed on. Signals that are to have no effect must be caught before.
func Prepare() {
	stopIgnoring()
	_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
	if unix.CloseRange(3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC) != nil {
		closeOnExec() // before Linux 5.11
	}
}

// killTree has nothing to do: there is no such call.
func killTree(int) {}

func emptySignalMask() { _ = unix.PthreadSigmask(unix.SIG_SETMASK, &unix.Sigset_t{}, nil) }

// sigaction is the kernel's struct sigaction (rt_sigaction(2)), with room for the mask
// of 64 signals wherever a word has 32 bits.
type sigaction struct {
	handler, flags, restorer uintptr
	mask                     [2]uintptr
}

// stopIgnoring gives every signal that was ignored when reeve started its default
// action, which children then inherit. Most of them Go catches anyhow, and what is
// caught has its default action after exec; of the rest Go does not tell.
func stopIgnoring() {
	const ignored = 1 // SIG_IGN
	for sig := syscall.Signal(1); sig <= 64; sig++ {
		if swapAction(sig, nil).handler == ignored {
			swapAction(sig, &sigaction{})
		}
	}
}

// swapAction sets the action of a signal, behind Go's back, and returns the one before. Nil
// sets nothing.
func swapAction(sig syscall.Signal, to *sigaction) (old sigaction) {
	const maskSize = 8
	_, _, _ = syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(to)),
		uintptr(unsafe.Pointer(&old)), maskSize, 0, 0)
	return old
}
