package live

import (
	"fmt"
	"os"
	"slices"

	"reeve/cmd/reeve/internal/settings"
	"reeve/output"
	"reeve/supervisor"
	"reeve/supervisor/terminal"
)

// What connects a process with the log and, where it has a terminal, with whoever types.

// connect gives a command its standard output, and its input if it has none yet: a
// terminal of its own, or a pipe to write to.
func (l *launcher) connect(c *supervisor.Command, s supervisor.Spec) ([]*output.Stream, error) {
	if l.facts.hasTerminal(s.Type) {
		return l.connectTerminal(c, s)
	}
	return l.connectPipes(c, s)
}

// connectPipes gives a command a pipe to write to.
func (l *launcher) connectPipes(c *supervisor.Command, s supervisor.Spec) ([]*output.Stream, error) {
	if !l.facts.split {
		// One pipe for both, so that they keep their order.
		stream, err := l.pipe(c, s, "", 1, 2)
		return []*output.Stream{stream}, err
	}
	stdout, err := l.pipe(c, s, "stdout", 1)
	if err != nil {
		return nil, err
	}
	stderr, err := l.pipe(c, s, "stderr", 2)
	if err != nil {
		stdout.Discard()
	}
	return []*output.Stream{stdout, stderr}, err
}

// connectTerminal gives a command a terminal.
func (l *launcher) connectTerminal(c *supervisor.Command, s supervisor.Spec) ([]*output.Stream, error) {
	master, slave, err := terminal.Open(l.runs.terminals.sizeFor(s.Name))
	if err != nil {
		closeAll(c.Files)
		return nil, fmt.Errorf("no pseudo-terminal: %w", err)
	}
	c.OnTerminal(slave)
	l.runs.terminals.open[s.Name] = ptyPair{master, slave}
	stream := l.stream(master, s, "")
	stream.Terminal, stream.Attached = true, s.Name == l.facts.attached()
	return []*output.Stream{stream}, nil
}

// pipe makes a pipe for some of a command's descriptors. It closes those that the
// command has already if it cannot.
func (l *launcher) pipe(c *supervisor.Command, s supervisor.Spec, source string, fds ...int) (*output.Stream, error) {
	ours, theirs, err := supervisor.Pipe()
	if err != nil {
		closeAll(c.Files)
		return nil, fmt.Errorf("cannot create a pipe: %w", err)
	}
	for _, fd := range fds {
		c.Files[fd] = theirs
	}
	return l.stream(ours, s, source), nil
}

func (l *launcher) stream(fd int, s supervisor.Spec, source string) *output.Stream {
	stream := output.NewStream(fd, l.facts.label(s.Name, s.Type))
	stream.Source = source
	if typ := settings.TypeOf(s.Type); typ != output.System { // which means reeve itself
		stream.Quiet, stream.Without = slices.Contains(l.facts.quiet.Types, typ), l.facts.quiet.Without(typ)
	}
	return stream
}

// hasTerminal reports whether the instances of a type get a terminal of their own.
func (f *facts) hasTerminal(typ string) bool { return f.wantsTerminal(typ) && terminal.Available() }

// wantsTerminal reports whether they would get one where there are some.
func (f *facts) wantsTerminal(typ string) bool {
	switch f.options().TTY.Of(settings.TypeOf(typ)) {
	case "always":
		return true
	case "auto":
		return f.screen || f.options().IsAttached(typ)
	}
	return f.options().IsAttached(typ)
}

// attached is the instance that owns the keyboard; empty: none does.
func (f *facts) attached() string { return f.options().AttachedInstance() }

// handedOver closes what only the process needs, once it has begun or could not. A terminal
// stays open for as long as its leader lives, see ptyPair.
func handedOver(c *supervisor.Command, err error) {
	for _, f := range c.Files {
		if !c.IsTerminal(f) {
			_ = f.Close() // closing one twice does no harm
		}
	}
	if err != nil && c.Terminal != nil {
		_ = c.Terminal.Close()
	}
}

func closeAll(files [3]*os.File) {
	for _, f := range files {
		if f != nil {
			_ = f.Close() // closing one twice does no harm
		}
	}
}
