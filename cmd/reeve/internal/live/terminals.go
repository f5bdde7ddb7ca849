package live

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/console"
	"reeve/cmd/reeve/internal/settings"
	"reeve/internal/http1"
	"reeve/output"
	"reeve/output/screen"
	"reeve/procfile"
	"reeve/supervisor/control"
	"reeve/supervisor/terminal"
)

// terminals are those of the formation's processes. They belong to the supervisor's
// goroutine.
type terminals struct {
	open    map[string]ptyPair   // by instance, while its leader lives
	viewers map[string][]*viewer // who is attached, the last who came at the end
	prefix  int                  // how many columns of the screen the prefixes take; 0: there are none
	widest  int                  // the longest name that is known
	whole   string               // the instance that has the screen without a prefix
}

func newTerminals(a *app.App, o *settings.Options) terminals {
	t := terminals{open: map[string]ptyPair{}, viewers: map[string][]*viewer{}, whole: o.AttachedInstance()}
	if console.IsTerminal(os.Stdout) && o.LogFormat != "json" {
		text := textOptions(a, o, true)
		t.prefix, t.widest = text.PrefixColumns(time.Now()), max(text.Width, len(output.System))
	}
	return t
}

// makeRoom narrows every terminal when the first instance comes with such a long name.
func (t *terminals) makeRoom(instance string) {
	if grows := len(instance) - t.widest; grows > 0 && t.prefix > 0 {
		t.prefix, t.widest = t.prefix+grows, len(instance)
		for other := range t.open {
			t.fit(other)
		}
	}
}

// ptyPair is both sides of a pseudo-terminal. The leader's is kept open for as long as the leader
// lives: a terminal that nobody has open any more is hung up, and a leader that logs to a
// file and has closed its standard descriptors would be ended by SIGHUP. Until then the
// log does not close the master, either.
type ptyPair struct {
	master int
	leader *os.File
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
	if instance != t.whole {
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

// hearSize makes a new size of reeve's terminal known: to the terminals of the processes
// that have one, and by a signal, as if reeve were not there, to the others.
func (l *launcher) hearSize(signals chan<- os.Signal) {
	with, without := false, false
	for _, typ := range l.app.Types() {
		has := l.hasTerminal(typ)
		with, without = with || has, without || !has
	}
	if with {
		l.followSize()
	}
	if without {
		signal.Notify(signals, terminal.ResizeSignal)
	}
}

// followSize gives every process's terminal the size of reeve's own.
func (l *launcher) followSize() {
	changes := make(chan os.Signal, 1)
	signal.Notify(changes, terminal.ResizeSignal)
	go func() {
		for range changes {
			l.phase.onLoop(func() {
				for instance := range l.runs.terminals.open {
					l.runs.terminals.fit(instance)
				}
			})
			l.mux.Resized()
		}
	}()
}

// typeTimeout bounds how long what is typed may wait for a process that does not read.
const typeTimeout = 5 * time.Second

// typeInto types something into the terminal of an instance. What nobody reads is lost.
func (l *launcher) typeInto(instance string, p []byte) {
	var master *os.File
	l.phase.onLoop(func() {
		if open, ok := l.runs.terminals.open[instance]; ok {
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

// viewer is one client that is attached to the terminal of an instance.
type viewer struct {
	launcher *launcher
	instance string
	size     terminal.Size // of the client's terminal
	messages chan string
	output   chan []byte
	end      context.CancelFunc
}

// Terminal attaches a client.
func (b *backend) Terminal(name string, size terminal.Size) (control.Terminal, error) {
	instance, err := b.terminalOf(name)
	if err != nil {
		return nil, err
	}
	ctx, end := context.WithCancel(context.Background())
	v := &viewer{
		launcher: b.launcher, instance: instance, size: size,
		messages: make(chan string, 16), output: make(chan []byte), end: end,
	}
	raw := b.launcher.history.Raw(instance)
	written := raw.Tail(b.launcher.facts.options.History)
	b.launcher.phase.onLoop(func() {
		b.launcher.runs.terminals.viewers[instance] = append(b.launcher.runs.terminals.viewers[instance], v)
		b.launcher.runs.terminals.fit(instance)
	})
	go v.pump(ctx, raw, screenful(written, int(size.Rows)))
	if screen.ModesAfter(written).FullScreen() {
		b.launcher.phase.onLoop(func() { b.launcher.runs.terminals.redraw(instance) })
	}
	return v, nil
}

// terminalOf gives the one instance with a terminal that a name means.
func (b *backend) terminalOf(name string) (string, error) {
	instances, err := b.resolve([]string{name})
	if err != nil {
		return "", err
	}
	if len(instances) > 1 {
		return "", control.Error{Status: http1.Conflict, Text: name + " matches several: name one of " + strings.Join(instances, ", ")}
	}
	typ, _ := procfile.ParseInstance(instances[0])
	if !b.launcher.hasTerminal(typ) {
		return "", control.Error{Status: http1.Conflict, Text: instances[0] + " has no terminal: reeve start --tty " + typ + "=always gives it one"}
	}
	return instances[0], nil
}

// pump hands on what the process writes, beginning with what it has written last.
func (v *viewer) pump(ctx context.Context, raw *output.RawReader, first []byte) {
	defer close(v.output)
	for p := first; ; {
		if len(p) > 0 {
			select {
			case v.output <- bytes.Clone(p): // which raw uses again
			case <-ctx.Done():
				return
			}
		}
		var err error
		if p, _, err = raw.Next(ctx); err != nil {
			return
		}
	}
}

// Next waits for what the process writes, and for what happens to it.
func (v *viewer) Next(ctx context.Context) (p []byte, message string, err error) {
	select {
	case p, more := <-v.output:
		if !more {
			return nil, "", fmt.Errorf("the formation has ended")
		}
		return p, "", nil
	case message := <-v.messages:
		return nil, message, nil
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
}

// Instance is whose terminal it is.
func (v *viewer) Instance() string { return v.instance }

// Type types something into the terminal.
func (v *viewer) Type(p []byte) error {
	v.launcher.typeInto(v.instance, p)
	return nil
}

// Resize records the size of the client's terminal. Whoever did that last decides.
func (v *viewer) Resize(size terminal.Size) {
	v.launcher.phase.onLoop(func() {
		v.size = size
		others := slices.DeleteFunc(v.launcher.runs.terminals.viewers[v.instance], func(other *viewer) bool { return other == v })
		v.launcher.runs.terminals.viewers[v.instance] = append(others, v)
		v.launcher.runs.terminals.fit(v.instance)
	})
}

// Close detaches the client.
func (v *viewer) Close() {
	v.end()
	v.launcher.phase.onLoop(func() {
		v.launcher.runs.terminals.viewers[v.instance] = slices.DeleteFunc(v.launcher.runs.terminals.viewers[v.instance], func(other *viewer) bool { return other == v })
		v.launcher.runs.terminals.fit(v.instance)
	})
}
