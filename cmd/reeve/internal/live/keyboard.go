package live

import (
	"context"
	"os"
	"slices"
	"time"

	"reeve/cmd/reeve/internal/console"
	"reeve/cmd/reeve/internal/settings"
	"reeve/output"
	"reeve/output/screen"
	"reeve/supervisor"
	"reeve/supervisor/terminal"
)

// keyboard is reeve's own, while a process of the formation owns it (--attach).
type keyboard struct {
	keys    terminal.Keys
	restore func() // leaves the terminal as it was found
	log     *output.Mux
	answers *console.Answers
	redraw  func() // makes the process draw its screen
}

// take takes the keyboard, unless it belongs to the shell that has put reeve into the
// background.
func (k *keyboard) take() (err error) {
	if !terminal.InForeground(int(os.Stdin.Fd())) {
		k.restore = func() {}
		return nil
	}
	k.restore, err = terminal.TakeKeys(int(os.Stdin.Fd()), k.keys)
	return err
}

// giveBack makes the terminal as it was found, without what the process has asked of it.
func (k *keyboard) giveBack() {
	if terminal.InForeground(int(os.Stdin.Fd())) {
		k.answers.Await()
	}
	k.restore()
}

// handOver makes what is typed go to the attached process from now on. No keyboard and no
// error: none is.
func (l *launcher) handOver(g *supervisor.Guardian) (*keyboard, error) {
	if l.facts.attached() == "" {
		return nil, nil
	}
	k := &keyboard{keys: terminal.KeysButSignals, log: l.mux, answers: l.answers, redraw: func() { l.runs.terminals.redraw(l.facts.attached()) }}
	if slices.Contains(l.facts.options().Attach, settings.CtrlCWord) {
		k.keys = terminal.KeysWithCtrlC
	}
	g.KeepTerminal(int(os.Stdin.Fd()), screen.UsualModes)
	if err := k.take(); err != nil {
		return nil, err
	}
	return k, nil
}

// keyPump types what is typed into the attached process's terminal. It ends with the next key
// when its context has ended: nothing else ends a read.
type keyPump struct {
	terminals *terminals
	attached  string
	answers   *console.Answers
}

func (p keyPump) run(ctx context.Context, _ *requests) {
	buf := make([]byte, 4096)
	for ctx.Err() == nil {
		n, err := terminal.ReadKeys(int(os.Stdin.Fd()), buf)
		if err != nil || n <= 0 {
			return
		}
		p.answers.Hear(buf[:n])
		p.terminals.typeInto(p.attached, buf[:n])
	}
}

// system is the machine, which gives the terminal back while Ctrl-Z has stopped reeve, and
// ends the input of what is asked to stop.
type system struct {
	*supervisor.Processes
	keyboard *keyboard // nil: nobody has taken it
	inputs   inputs
	ends     *pendingEnds
}

// Reap collects the ends of which all that was written before has been read.
func (s system) Reap() []supervisor.Exit { return s.ends.sort(s.Processes.Reap()) }

// AskFirst asks runs to stop: with their signals, and then with the end of their input.
func (s system) AskFirst(runs []int) {
	s.Processes.AskFirst(runs)
	s.inputs.end(runs...)
}

// Ask does the same with what is left of them.
func (s system) Ask(runs []int) {
	s.Processes.Ask(runs)
	s.inputs.end(runs...)
}

// Kill leaves nobody who reads.
func (s system) Kill(runs []int) (met []int) {
	met = s.Processes.Kill(runs)
	s.inputs.end(runs...)
	return met
}

// drawnWithin bounds how long the terminal may take to be left for the shell.
const drawnWithin = 100 * time.Millisecond

// Suspend stops reeve until it is continued. Is it not to stop after all, Resume is called meanwhile.
func (s system) Suspend(still func() bool) {
	if s.keyboard != nil {
		s.keyboard.log.Suspend()
		for began := time.Now(); !s.keyboard.log.Seen() && time.Since(began) < drawnWithin; {
			time.Sleep(time.Millisecond)
		}
		s.keyboard.giveBack()
	}
	s.Processes.Suspend(still)
}

// Resume takes the keyboard again. A program that draws the whole screen is made to do so.
func (s system) Resume() {
	if s.keyboard != nil {
		_ = s.keyboard.take()
		s.keyboard.log.Resume()
		s.keyboard.redraw()
	}
}
