package supervisor

import (
	"math"
	"os"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// sleeper is what a guardian is for as long as reeve lives: a copy of reeve (fork(2)) that
// waits in one system call, and executes the guardian proper when that returns. Executed at
// once, the guardian would double what a start costs (2 ms of processor time) and need some
// megabytes, for the rare formation whose reeve is killed. The copy costs a tenth of that.
//
// Of the threads of a Go program only the one that forks is in the copy, and what the others
// held just then is held there for ever. So the copy uses nothing of Go's runtime: it does not
// allocate, its stack does not grow, no signal reaches it. It makes system calls, with what
// was laid out for it before. Its functions are nosplit, for which the linker checks that
// they have room on the stack; those whose names end in Raw are for it alone.
type sleeper struct {
	wake  int       // a pipe that ends with reeve
	story int       // what the guardian is to read
	head  *wireHead // of that, shared with reeve and the guardian
	title []byte    // where the kernel has put the arguments that ps shows

	program, argv, envp, root, name uintptr // for the kernel
}

// layOut prepares a sleeper that will execute a program. It and what it needs are in shared memory,
// as Go's is withheld from it.
func layOut(program string, args, environ []string) (s *sleeper, free func(), err error) {
	b := bag{}
	size := int(unsafe.Sizeof(sleeper{})) + b.sizeOf(append(append([]string{program, "/", GuardianName}, args...), environ...))
	if b.memory, err = unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_ANONYMOUS); err != nil {
		return nil, nil, err
	}
	s = (*sleeper)(b.take(int(unsafe.Sizeof(sleeper{}))))
	s.title = titleMemory()
	s.argv, s.envp = b.list(args), b.list(environ)
	s.program, s.root, s.name = b.text(program), b.text("/"), b.text(GuardianName)
	return s, func() { _ = unix.Munmap(b.memory) }, nil
}

// titleMemory is where ps reads the arguments. They follow each other, and where all of them
// are too short for a guardian's name, the environment follows, into which ps reads on.
func titleMemory() []byte {
	if len(os.Args) == 0 || len(os.Args[0]) == 0 {
		return nil
	}
	first := unsafe.StringData(os.Args[0])
	size := 0
	follows := func(s string) bool {
		at := uintptr(unsafe.Pointer(unsafe.StringData(s)))
		if s != "" && at != uintptr(unsafe.Pointer(first))+uintptr(size) {
			return false
		}
		size += len(s) + 1
		return true
	}
	for _, arg := range os.Args {
		if !follows(arg) {
			return unsafe.Slice(first, size)
		}
	}
	for _, entry := range syscall.Environ() {
		if size > len(GuardianName) || !follows(entry) {
			break
		}
	}
	return unsafe.Slice(first, size)
}

// fork begins the sleeper's life. It has no formation's marker, even if reeve has one.
func (s *sleeper) fork() (pid int, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer inherit(nil)()
	var all, before unix.Sigset_t
	for i := range all.Val {
		all.Val[i] = ^all.Val[i]
	}
	// The copy has reeve's signal handlers, which need Go.
	if err := unix.PthreadSigmask(unix.SIG_SETMASK, &all, &before); err != nil {
		return 0, err
	}
	var here byte
	without := withheld(uintptr(unsafe.Pointer(&here)))
	copied, errno := s.copyRaw(without, uintptr(os.Getpagesize()))
	_ = unix.PthreadSigmask(unix.SIG_SETMASK, &before, nil)
	if errno != 0 {
		return 0, errno
	}
	return int(copied), nil
}

// copyRaw makes the copy, in which it does not return and of some regions only the stack is left.
//
//go:norace
//go:nosplit
func (s *sleeper) copyRaw(without []region, page uintptr) (pid uintptr, errno syscall.Errno) {
	var here byte
	stack := uintptr(unsafe.Pointer(&here))
	adviseRaw(without, stack, page, unix.MADV_DONTFORK)
	pid, errno = forkRaw(0)
	if errno == 0 && pid == 0 {
		s.settleRaw()
		s.renameRaw()
		awaitEndRaw(wakeFd) // reeve's
		s.guardRaw()
		exitRaw()
	}
	adviseRaw(without, stack, page, unix.MADV_DOFORK)
	return pid, errno
}

// The sleeper's descriptors are the pipe and, below it, the story. On a kernel without
// close_range(2) it closes others up to a number that hardly any of reeve's get to.
const wakeFd, mostFiles = 3, 1 << 16

// settleRaw lets go of all that is reeve's: nobody's terminal or log shall stay open.
//
//go:norace
//go:nosplit
func (s *sleeper) settleRaw() {
	_, _, _ = syscall.RawSyscall(syscall.SYS_SETSID, 0, 0, 0)
	_, _, _ = syscall.RawSyscall(syscall.SYS_CHDIR, s.root, 0, 0)
	for fd := uintptr(0); fd < wakeFd; fd++ {
		_, _, _ = syscall.RawSyscall(syscall.SYS_DUP3, uintptr(s.story), fd, 0)
	}
	if s.wake != wakeFd {
		_, _, _ = syscall.RawSyscall(syscall.SYS_DUP3, uintptr(s.wake), wakeFd, 0)
	}
	_, _, errno := syscall.RawSyscall(unix.SYS_CLOSE_RANGE, wakeFd+1, math.MaxUint32, 0)
	for fd := uintptr(wakeFd + 1); errno != 0 && fd < mostFiles; fd++ { // before Linux 5.9
		_, _, _ = syscall.RawSyscall(syscall.SYS_CLOSE, fd, 0, 0)
	}
}

// renameRaw makes ps call it what it is.
//
//go:norace
//go:nosplit
func (s *sleeper) renameRaw() {
	_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_NAME, s.name, 0)
	for i := range s.title {
		s.title[i] = 0
		if i < len(GuardianName) && i < len(s.title)-1 {
			s.title[i] = GuardianName[i]
		}
	}
}

// wakings is how often it tries to have a guardian at work, 10 ms apart.
const wakings = 100

// guardRaw executes the guardian, and sees to it that it does all that there is to do. A
// formation that forks without end may have taken what the system grants (ulimit -u, the
// pids.max of a container), and what reeve left: then Go cannot have its threads and gives up.
// So where a guardian has failed, the groups of the leaders are killed that it would have
// asked, and the next one finds room.
//
//go:norace
//go:nosplit
func (s *sleeper) guardRaw() {
	for range wakings {
		s.tryRaw()
		if s.head.done != 0 {
			return
		}
		for i := range len(s.head.leaders) {
			if pid := s.head.leaders[i]; pid > 1 {
				_, _, _ = syscall.RawSyscall(syscall.SYS_KILL, uintptr(-pid), uintptr(syscall.SIGKILL), 0)
			}
			s.head.leaders[i] = 0 // the number may come again
		}
		restRaw(10e6)
	}
}

// tryRaw has a guardian at work until its end. That is a sibling (CLONE_PARENT): its parent
// is who orphans go to, by which it knows them.
//
//go:norace
//go:nosplit
func (s *sleeper) tryRaw() {
	var ends [2]int32
	_, _, errno := syscall.RawSyscall(syscall.SYS_PIPE2, uintptr(unsafe.Pointer(&ends)), 0, 0)
	if errno != 0 {
		return
	}
	pid, errno := forkRaw(syscall.CLONE_PARENT)
	if errno == 0 && pid == 0 {
		closeRaw(ends[0])
		for fd := uintptr(1); fd <= 2; fd++ { // where Go says why it gives up
			_, _, _ = syscall.RawSyscall(syscall.SYS_DUP3, uintptr(ends[1]), fd, 0)
		}
		_, _, _ = syscall.RawSyscall(syscall.SYS_EXECVE, s.program, s.argv, s.envp)
		exitRaw()
	}
	closeRaw(ends[1])
	awaitEndRaw(ends[0])
}

// awaitEndRaw returns when nobody can write into a pipe any longer, and closes it.
//
//go:norace
//go:nosplit
func awaitEndRaw(pipe int32) {
	var dropped [64]byte
	for {
		n, _, errno := syscall.RawSyscall(syscall.SYS_READ, uintptr(pipe), uintptr(unsafe.Pointer(&dropped)), uintptr(len(dropped)))
		if errno != syscall.EINTR && (errno != 0 || n == 0) {
			break
		}
	}
	closeRaw(pipe)
}

//go:norace
//go:nosplit
func closeRaw(fd int32) { _, _, _ = syscall.RawSyscall(syscall.SYS_CLOSE, uintptr(fd), 0, 0) }

//go:norace
//go:nosplit
func forkRaw(more uintptr) (pid uintptr, errno syscall.Errno) {
	flags, stack := uintptr(syscall.SIGCHLD)|more, uintptr(0)
	if runtime.GOARCH == "s390x" { // where they come the other way round
		flags, stack = stack, flags
	}
	pid, _, errno = syscall.RawSyscall6(syscall.SYS_CLONE, flags, stack, 0, 0, 0, 0)
	return pid, errno
}

//go:norace
//go:nosplit
func restRaw(nanoseconds uintptr) {
	pause := [2]uintptr{0, nanoseconds} // a struct timespec
	_, _, _ = syscall.RawSyscall(syscall.SYS_NANOSLEEP, uintptr(unsafe.Pointer(&pause)), 0, 0)
}

//go:norace
//go:nosplit
func exitRaw() {
	for {
		_, _, _ = syscall.RawSyscall(syscall.SYS_EXIT_GROUP, 0, 0, 0)
	}
}
