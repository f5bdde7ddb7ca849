package live

import (
	"context"
	"os"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/console"
	"reeve/output"
	"reeve/supervisor"
	"reeve/supervisor/terminal"
)

// terminals are those of the formation's processes. They belong to the loop, which whoever
// comes from elsewhere asks.
type terminals struct {
	loop       *phase
	open       map[string]ptyPair   // by instance, while its leader lives
	viewers    map[string][]*viewer // who is attached, the last who came at the end
	prefix     int                  // how many columns of the screen the prefixes take; 0: there are none
	widest     int                  // the longest name that is known
	unprefixed string               // the instance that has the screen without a prefix
}

func newTerminals(a *app.App, loop *phase) *terminals {
	o := a.Settings
	t := &terminals{loop: loop, open: map[string]ptyPair{}, viewers: map[string][]*viewer{}, unprefixed: o.AttachedInstance()}
	if console.IsTerminal(os.Stdout) && o.LogFormat != "json" {
		text := textOptions(a, o, true)
		t.prefix, t.widest = text.PrefixColumns(time.Now()), max(text.Width, len(output.System))
	}
	return t
}

// attended reports whether somebody is attached to an instance, who may have stopped it at a
// breakpoint. It is for the loop.
func (l *launcher) attended(s supervisor.Spec) bool {
	return s.Name == l.facts.attached() || len(l.runs.terminals.viewers[s.Name]) > 0
}

// makeRoom narrows every terminal when the first instance comes with such a long name.
func (t *terminals) makeRoom(instance string) {
	if grows := len(instance) - t.widest; grows > 0 && t.prefix > 0 {
		t.prefix, t.widest = t.prefix+grows, len(instance)
		t.fitAll()
	}
}

// ptyPair is both sides of a pseudo-terminal. The leader's is kept open for as long as the leader
// lives: a terminal that nobody has open any more is hung up, and a leader that logs to a
// file and has closed its standard descriptors would be ended by SIGHUP. Until then the
// log does not close the master, either.
type ptyPair struct {
	master int
	leader *terminal.Side
}

// leastColumns is what a prefix leaves of a narrow screen: programs that draw expect some.
const leastColumns = 20

// sizeFor is the size of an instance's terminal: that of who is attached, else of reeve's
// own, less what the prefix takes of it.
func (t *terminals) sizeFor(instance string) terminal.Size {
	if v := t.viewers[instance]; len(v) > 0 {
		return v[len(v)-1].size
	}
	size := terminal.SizeOf(int(os.Stdout.Fd()))
	if instance != t.unprefixed {
		columns := int(size.Columns)
		size.Columns = uint16(max(columns-t.prefix, min(columns, leastColumns)))
	}
	return size
}

// fit gives a terminal its size.
func (t *terminals) fit(instance string) {
	if open, ok := t.open[instance]; ok {
		_ = terminal.Resize(open.master, t.sizeFor(instance))
	}
}

// redraw makes a program that draws the whole screen do so: it hears of a new size.
func (t *terminals) redraw(instance string) {
	if open, ok := t.open[instance]; ok {
		size := t.sizeFor(instance)
		size.Rows = max(size.Rows, 2) - 1
		_ = terminal.Resize(open.master, size)
		t.fit(instance)
	}
}

// close is called when an instance's leader has ended.
func (t *terminals) close(instance string) {
	if open, ok := t.open[instance]; ok {
		_ = open.leader.Close()
		delete(t.open, instance)
	}
}

// tell says something to those who are attached to an instance.
func (t *terminals) tell(instance, message string) {
	for _, v := range t.viewers[instance] {
		select {
		case v.messages <- message:
		default: // nobody reads them
		}
	}
}

// followSize gives every process's terminal the size of reeve's own, from now on.
func (t *terminals) followSize() companion {
	changes := make(chan os.Signal, 1)
	stop := terminal.NotifyResize(changes)
	return func(ctx context.Context, ask *requests) {
		defer stop()
		for {
			select {
			case <-changes:
			case <-ctx.Done():
				return
			}
			ask.onLoop(t.fitAll)
			ask.log.Resized()
		}
	}
}

func (t *terminals) fitAll() {
	for instance := range t.open {
		t.fit(instance)
	}
}

// typeTimeout bounds how long what is typed may wait for a process that does not read.
const typeTimeout = 5 * time.Second

// typeInto types something into the terminal of an instance. What nobody reads is lost.
func (t *terminals) typeInto(instance string, p []byte) {
	var master *os.File
	t.loop.onLoop(func() {
		if open, ok := t.open[instance]; ok {
			master, _ = terminal.Duplicate(open.master)
		}
	})
	if master == nil {
		return
	}
	defer func() { _ = master.Close() }()
	_ = master.SetWriteDeadline(time.Now().Add(typeTimeout))
	_, _ = master.Write(p)
}
