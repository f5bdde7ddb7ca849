package supervisor

import (
	"syscall"
	"time"
)

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

// honours reports whether a process that ended like this did what the stop signal
// asked of it: it exited with 0, or died by that signal, itself or, as shells and
// many runtimes report it, by its number.
func (s Status) honours(stop syscall.Signal) bool {
	return s.ExitCode() == 0 || s.ExitCode() == 128+int(stop)
}

// honours reports whether a run that has ended like this did what it was asked for. A command
// may have sent it any signal.
func (i *instance) honours(s Status) bool {
	code := s.ExitCode()
	return s.honours(i.Stop) || i.StopCommand && code > 128 && code <= 128+64 && code != killedCode
}

// killedCode is the exit code of a formation in which something had to be killed.
const killedCode = 128 + int(syscall.SIGKILL)

// formation is what has been decided about all instances together.
type formation struct {
	stopping  bool           // it ends; nothing is started any longer
	by        syscall.Signal // to reeve, which asked for that; 0: something else did
	code      int            // of the first failure; 0: none so far
	tolerated int            // of the first failure that does not end the formation
}

// fail records a failure. The first one decides the exit code.
func (f *formation) fail(code int) {
	if f.code == 0 {
		f.code = code
	}
}

// verdict is what the end of a run's leader means.
type verdict uint8

const (
	expected verdict = iota // its end was asked for
	finished                // it was a task, and is done
	restart                 // the instance is started again
	alone                   // the instance has ended, and the formation goes on
	idles                   // the instance has ended, until files change or it is due
	ends                    // the formation ends
)

// wishes are what each verdict makes of what is wanted of an instance.
var wishes = [...]wish{expected: down, finished: met, restart: up, alone: down, idles: down, ends: down}

// judge says what the end of a run's leader means, and records what it says about the
// formation's exit code. This is the whole of it:
//
//	it is a task that ended with 0    finished, unless it was to end
//	the formation is being stopped    expected; a failure unless it honours the signal, or time has started it
//	the instance was to end           expected
//	its restart policy wants it       restart
//	files that change, or time, start it again  idles
//	it may die                        alone; its code counts if nothing else ends the formation
//	anything else                     ends the formation, with its code
//
// The code of an instance that has spent its restarts is 1 if it ended with 0: it has
// failed all the same. So has what waits for an instance that ends before it was ready, or
// for a task that fails, see [Supervisor.failDependents].
func (f *formation) judge(i *instance, now time.Time) verdict {
	code := i.last.ExitCode()
	switch {
	case i.Task && i.state == Running && code == 0:
		return finished
	case f.stopping:
		// A terminal's Ctrl-C still reaches a process that has not left reeve's session
		// yet: it is then ended by the signal that reeve was stopped with.
		if !i.honours(i.last) && (f.by == 0 || !i.last.honours(f.by)) && (!i.Schedule.IsSet() || code == killedCode) {
			f.fail(code)
		}
		return expected
	case i.state != Running:
		return expected
	case i.restarts(now):
		return restart
	case i.Watched, i.Schedule.IsSet():
		return idles
	}
	if i.Restart.wants(i.last) {
		code = max(code, 1)
	}
	return f.count(i, code)
}

// count records the code of an instance that will not run any longer.
func (f *formation) count(i *instance, code int) verdict {
	if i.CanDie {
		if f.tolerated == 0 {
			f.tolerated = code
		}
		return alone
	}
	f.fail(code)
	return ends
}

// exitCode is that of the whole formation. One that has run out, since all of its
// instances have ended and might, reports whether one of them failed.
func (f *formation) exitCode() int {
	if f.stopping {
		return f.code
	}
	return f.tolerated
}

// leaves records what the end of a run's leader has left behind. While the leader lives,
// its own end reports whether it had to be killed; afterwards it is the rest of the run
// that would not go.
func (f *formation) leaves(i *instance) {
	if f.stopping && i.state == Killing {
		f.fail(killedCode)
	}
}
