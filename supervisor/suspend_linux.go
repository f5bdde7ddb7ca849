package supervisor

import (
	"os"
	"runtime"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// stopSelf stops reeve until it gets SIGCONT, unless one has come since it was asked to stop: a SIGCONT
// that arrives before the stop continues nothing, and its sender will not send another. The function
// passed in looks through the signals that have come, and tells whether reeve must still stop.
//
// However late that look is, a SIGCONT may come between it and the stop. But SIGCONT makes the kernel
// drop pending stop signals. So one is pending from before the look until after it, blocked in this
// thread: if it is gone by then, SIGCONT has come. Blocking it makes the thread first take the signals
// that are already there, since a stop signal, in turn, makes the kernel drop a SIGCONT that nobody has
// taken.
func stopSelf(still func() bool) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	pid, thread := os.Getpid(), unix.Gettid()
	set, before := signalSet(syscall.SIGTTIN), unix.Sigset_t{}
	_ = unix.PthreadSigmask(unix.SIG_BLOCK, &set, &before)
	_ = unix.Tgkill(pid, thread, syscall.SIGTTIN)
	defer func() { _ = unix.PthreadSigmask(unix.SIG_SETMASK, &before, nil) }()
	time.Sleep(handedOver)
	settle()
	stop := still()
	if takePending(&set) && stop {
		_ = syscall.Kill(pid, syscall.SIGSTOP)
	}
}

// handedOver is more than it takes a thread to hand a signal that it has taken to Go.
const handedOver = 5 * time.Millisecond

// signalSet has one of the signals that have names.
func signalSet(sig syscall.Signal) (set unix.Sigset_t) {
	set.Val[0] = 1 << (sig - 1)
	return set
}

// takePending takes a signal away that this thread blocks, and reports whether it was there.
func takePending(set *unix.Sigset_t) bool {
	const setSize = 8
	var now syscall.Timespec
	for {
		_, _, err := syscall.RawSyscall6(syscall.SYS_RT_SIGTIMEDWAIT, uintptr(unsafe.Pointer(set)), 0,
			uintptr(unsafe.Pointer(&now)), setSize, 0, 0)
		if err != syscall.EINTR {
			return err == 0
		}
	}
}
