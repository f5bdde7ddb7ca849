package supervisor

import "syscall"

// Status is how the first process of a run ended.
type Status struct {
	Code   int            // the exit code, if Signal is 0
	Signal syscall.Signal // what killed it, if anything did
	Err    error          // why it never began; Code is then 126 or 127
}

// ExitCode is the status as a shell gives it in $?: the code, or 128+N after
// signal N (POSIX says "greater than 128"; 128+N is what every shell does).
func (s Status) ExitCode() int {
	if s.Signal != 0 {
		return 128 + int(s.Signal)
	}
	return s.Code
}

// honours says whether a process that ended like this did what the stop signal
// asked of it: it exited with 0, or died by that signal, itself or, as shells and
// many runtimes report it, by its number.
func (s Status) honours(stop syscall.Signal) bool {
	return s.ExitCode() == 0 || s.ExitCode() == 128+int(stop)
}

// killedCode is the exit code of a formation in which something had to be killed.
const killedCode = 128 + int(syscall.SIGKILL)

// formation is what has been decided about all instances together.
type formation struct {
	stopping bool // it ends; nothing is started any more
	code     int  // of the first failure; 0: none so far
}

// fail notes a failure. The first one decides the exit code.
func (f *formation) fail(code int) {
	if f.code == 0 {
		f.code = code
	}
}

// exited judges the end of a run's leader and says whether it ends the formation.
// An instance that ends while it is wanted ends the formation, however it ended. In
// a formation that is being stopped, only an end that does not honour the stop
// signal matters.
func (f *formation) exited(i *instance) (ends bool) {
	if f.stopping {
		if !i.last.honours(i.Stop) {
			f.fail(i.last.ExitCode())
		}
		return false
	}
	if i.state != Running {
		return false // its end was asked for
	}
	f.fail(i.last.ExitCode())
	return true
}

// leaves notes what the end of a run's leader has left behind. While the leader lives,
// its own end tells whether it had to be killed; afterwards it is the rest of the run
// that would not go.
func (f *formation) leaves(i *instance) {
	if f.stopping && i.state == Killing {
		f.fail(killedCode)
	}
}
