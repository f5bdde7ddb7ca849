package live

import (
	"syscall"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/settings"
	"reeve/output"
	"reeve/supervisor"
)

// A process that fails as soon as it has begun has, more often than not, never run here
// before. Whoever sees that wants to know what to do next.

// atOnce is how soon that is.
const atOnce = time.Second

// crashes notices the first of them of each process type. The zero value is ready for use.
// It belongs to the supervisor's goroutine.
type crashes struct {
	began map[string]time.Time // the present run of each instance
	known map[string]bool      // process types of which enough is known
	taken map[string]int       // ports that somebody else had before the first run, by instance
	over  bool                 // the formation is being stopped
}

// portTaken notes that an instance will not have its port.
func (c *crashes) portTaken(t app.TakenPort) {
	if c.taken == nil {
		c.taken = map[string]int{}
	}
	c.taken[t.Instance] = t.Port
}

// hint says what to do about a run that has ended, if anything is to be said.
func (c *crashes) hint(r supervisor.Report, now time.Time) (text string, ok bool) {
	switch r.Kind {
	case supervisor.Started:
		if c.began == nil {
			c.began, c.known = map[string]time.Time{}, map[string]bool{}
		}
		c.began[r.Instance] = now
	case supervisor.FormationStopping:
		c.over = true
	case supervisor.Exited:
		began, ran := c.began[r.Instance]
		if !ran || c.over || c.known[r.Type] {
			return "", false
		}
		c.known[r.Type] = true
		if failed(r.Status) && now.Sub(began) < atOnce {
			return crashText(r, c.taken[r.Instance]), true
		}
	}
	return "", false
}

// failed reports whether a process has come to an end that nobody has asked for. What could
// not start has been explained already, and other signals than some have been sent by
// somebody.
func failed(s supervisor.Status) bool {
	code := s.ExitCode()
	_, odd := signalCauses[syscall.Signal(code-128)]
	return s.Err == nil && code != 0 && (code < 128 || code > 128+31 || odd)
}

// hasCause reports whether an exit code tells why a process has failed.
func hasCause(s supervisor.Status) bool {
	return shellCodes[s.ExitCode()] != "" || signalCauses[syscall.Signal(s.ExitCode()-128)] != ""
}

// hintCrash puts a hint into the log, after what has been reported.
func (l *launcher) hintCrash(r supervisor.Report) {
	if l.facts.options().NoHints {
		return
	}
	if text, ok := l.runs.crashes.hint(r, time.Now()); ok {
		flaw := l.startFlaw(r)
		s, holds := l.sockets.of[r.Type]
		switch {
		case flaw != "":
			text = failedAtOnceText(r.Instance, flaw)
		case holds && !hasCause(r.Status):
			text = failedAtOnceText(r.Instance, heldSocketText(r.Type, s.At()))
		case (settings.IsBuild(r.Type) || l.facts.options().IsTask(r.Type)) && !hasCause(r.Status) && l.runs.crashes.taken[r.Instance] == 0:
			return // it has checked something, and says itself what is wrong
		}
		l.mux.Notice(output.Notice{Label: l.facts.label(r.Instance, r.Type), Event: "hint", Text: text})
	}
}

// startFlaw says why a process has not found a program, as its exit code says; empty: it does
// not say so, or nothing is known.
func (l *launcher) startFlaw(r supervisor.Report) string {
	if shellCodes[r.Status.ExitCode()] == "" {
		return ""
	}
	entry := l.entryOf(r.Type)
	c, invocation := l.app().Command(entry, l.environ(supervisor.Spec{Name: r.Instance, Type: r.Type}))
	if flaw := app.ProgramFlaw(c, entry.Command); flaw != "" || !invocation.Shell {
		return flaw
	}
	return app.FirstFlaw(c, entry.Command)
}

// shellCodes are what the exit codes mean that shells give to what is not their own.
var shellCodes = map[int]string{
	126: "a shell exits with 126 when a program cannot be executed: " + supervisor.HowExecutable,
	127: "a shell exits with 127 when it has not found a program: reeve check names those that are missing",
}

// signalCauses are what usually sends the signals that nobody has asked for.
var signalCauses = map[syscall.Signal]string{
	syscall.SIGKILL: "this is often the system's doing, when memory runs out",
	syscall.SIGSEGV: "this is a bug in the program, or in one of its libraries",
	syscall.SIGABRT: "this is a bug that the program has noticed itself",
	syscall.SIGILL:  "was the program built for another processor?",
}
