//go:build unix

package supervisor

import (
	"fmt"
	"iter"
	"os"
	"syscall"
	"time"
)

// Guardian is a second process of reeve that outlives it for a moment if it is
// killed: SIGKILL gives reeve no chance to stop anything itself, and the kernel's
// parent-death signal (PR_SET_PDEATHSIG) reaches only direct children, comes when
// the thread that forked ends, and leaves no time to stop in.
//
// The guardian is told of every run that begins or is gone (see wire), and sleeps. When it
// hears of the end of reeve, [Guard] stops what is left.
//
// A nil Guardian guards nobody. The methods belong to the supervisor's goroutine.
type Guardian struct {
	program   string // reeve itself
	formation string
	pid       int // 0: there is none
	wire      *wire
	started   time.Time
	delay     time.Duration // before the next one is started
	due       time.Time     // when that is, while there is none
	awaited   bool          // somebody will look then
	missed    bool          // it is known that there is none
	closed    bool          // there shall be none any longer
	terminal  string        // what it has to know of one, see KeepTerminal
	sockets   string        // and of the formation's, see KeepSockets
}

// GuardianName is what the guardian's argument list begins with, by which the
// program knows that it is to call [Guard].
const GuardianName = "reeve-guardian"

// StartGuardian starts the guardian of a formation. The error is for information: a
// formation runs without a guardian too, and tries again to have one.
func StartGuardian(formation string) (*Guardian, error) {
	program, err := ownProgram()
	if err != nil {
		return nil, err
	}
	g := &Guardian{program: program, formation: formation}
	if err = g.start(); err != nil {
		g.missed = true // by the caller
		g.putOff()
	}
	return g, err
}

// ownProgram is this program's file.
func ownProgram() (string, error) {
	const self = "/proc/self/exe" // also finds a program that has been replaced since
	if _, err := os.Stat(self); err == nil {
		return self, nil
	}
	if program, err := os.Executable(); err == nil {
		return program, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	c := &Command{Args: os.Args[:1], Env: os.Environ(), Dir: dir}
	program, err := c.LookPath()
	return c.in(program), err
}

// guardianEnviron is the environment in which Guard runs. It does one thing after another.
var guardianEnviron = []string{"GOMAXPROCS=1", "GOGC=20"}

func (g *Guardian) start() error {
	pid, w, err := beginGuardian(g.program, g.formation)
	if err != nil {
		return err
	}
	g.pid, g.wire, g.started = pid, w, time.Now()
	g.tell(g.kept())
	return nil
}

// kept is what it has to know besides runs.
func (g *Guardian) kept() string { return g.terminal + g.sockets }

// expect tells of a run that is about to begin: if reeve is killed before it can tell the
// pid, the marker has to do.
func (g *Guardian) expect(s Spec) { g.add(0, s) }

// add tells of a run that has begun.
func (g *Guardian) add(pid int, s Spec) {
	g.tell(runLine(pid, s))
	if pid != 0 && g.isThere() {
		g.wire.replace(0, pid)
	}
}

// remove tells that nothing is left of a run; its pid may now come again.
func (g *Guardian) remove(pid int) {
	g.tell(fmt.Sprintf("-%d\n", pid))
	if g.isThere() {
		g.wire.replace(pid, 0)
	}
}

// runLine is what is told of a run.
func runLine(pid int, s Spec) string {
	return fmt.Sprintf("%d %d %d %s\n", pid, int(s.Stop), s.Grace.Milliseconds(), s.Name)
}

func (g *Guardian) tell(lines string) {
	if g.isThere() {
		g.wire.write([]byte(lines))
	}
}

// shorten tells everything anew when lines of runs that are long over have gathered.
func (g *Guardian) shorten(runs iter.Seq2[int, *run]) {
	if !g.isThere() || !g.wire.isLong() {
		return
	}
	lines := g.kept()
	for pid, r := range runs {
		lines += runLine(pid, r.Spec)
	}
	g.wire.anew([]byte(lines))
}

// isThere reports whether there is a process to tell anything.
func (g *Guardian) isThere() bool { return g != nil && g.pid != 0 }

// is reports whether a process is the guardian.
func (g *Guardian) is(pid int) bool { return g != nil && g.pid == pid }

// A guardian that has lasted for guardianSteady is replaced at once. Before that each one
// comes later than the one before it, as runs do.
const guardianSteady, firstDelay, lastDelay = 10 * time.Second, 100 * time.Millisecond, time.Minute

// putOff makes the next guardian come later than the last one did.
func (g *Guardian) putOff() {
	g.delay = min(max(2*g.delay, firstDelay), lastDelay)
	g.due = time.Now().Add(g.delay)
}

// reaped records it if the guardian was what has ended.
func (g *Guardian) reaped(pid int) {
	if !g.is(pid) {
		return
	}
	g.lose()
	if time.Since(g.started) < guardianSteady {
		g.putOff()
		return
	}
	g.delay, g.due, g.missed = 0, time.Time{}, false
}

// guard sees to it that there is a guardian, as soon as one may be started, and reports
// it if for some time there is none.
func (p *Processes) guard() {
	g := p.Guardian
	g.shorten(p.runs())
	if g == nil || g.closed || g.pid != 0 {
		return
	}
	if time.Now().After(g.due) {
		g.awaited = false
		if g.start() == nil {
			for pid, r := range p.runs() {
				g.add(pid, r.Spec)
			}
			return
		}
		g.putOff()
	}
	if !g.missed && p.Report != nil {
		p.Report(Report{Kind: Unguarded})
	}
	if g.missed = true; !g.awaited {
		g.awaited = true
		p.recheckAfter(time.Until(g.due))
	}
}

// Close ends the guardian and reaps it.
func (g *Guardian) Close() {
	if g == nil {
		return
	}
	if g.dismiss(); g.pid == 0 {
		return
	}
	_, _ = syscall.Wait4(g.pid, nil, 0, nil)
	g.lose()
}

// dismiss ends the guardian, and does not wait for that.
func (g *Guardian) dismiss() {
	if g == nil {
		return
	}
	if g.closed = true; g.pid != 0 {
		_ = syscall.Kill(g.pid, syscall.SIGKILL)
	}
}

// lose records that there is none any longer.
func (g *Guardian) lose() {
	g.wire.close()
	g.pid, g.wire = 0, nil
}
