package live

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"reeve/internal/http1"
	"reeve/output"
	"reeve/output/screen"
	"reeve/procfile"
	"reeve/supervisor/control"
	"reeve/supervisor/terminal"
)

// viewer is one client that is attached to the terminal of an instance.
type viewer struct {
	terminals *terminals
	instance  string
	size      terminal.Size // of the client's terminal; the loop's
	messages  chan string
	output    chan []byte
	end       context.CancelFunc
}

// Terminal attaches a client.
func (b *backend) Terminal(name string, size terminal.Size) (control.Terminal, error) {
	instance, err := b.terminalOf(name)
	if err != nil {
		return nil, err
	}
	ctx, end := context.WithCancel(context.Background())
	v := &viewer{
		terminals: b.terminals, instance: instance,
		messages: make(chan string, 16), output: make(chan []byte), end: end,
	}
	raw := b.history.Raw(instance)
	written := raw.Tail(b.facts.options().History)
	b.terminals.attach(v, size)
	go v.pump(ctx, raw, screenful(written, int(size.Rows)))
	if screen.ModesAfter(written).FullScreen() {
		b.ask.onLoop(func() { b.terminals.redraw(instance) })
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
	if !terminal.Available() {
		return "", control.Error{Status: http1.Conflict, Text: instances[0] + " has no terminal: " + noTerminals}
	}
	if !b.facts.hasTerminal(typ) {
		return "", control.Error{Status: http1.Conflict, Text: instances[0] + " has no terminal: reeve start --tty " + typ + "=always gives it one"}
	}
	return instances[0], nil
}

// attach makes a client the one that decides about the size of its instance's terminal.
func (t *terminals) attach(v *viewer, size terminal.Size) {
	t.loop.onLoop(func() {
		v.size = size
		t.viewers[v.instance] = append(t.without(v), v)
		t.fit(v.instance)
	})
}

// detach leaves that to those who were there before.
func (t *terminals) detach(v *viewer) {
	t.loop.onLoop(func() {
		t.viewers[v.instance] = t.without(v)
		t.fit(v.instance)
	})
}

// without lists who else is attached to an instance.
func (t *terminals) without(v *viewer) []*viewer {
	return slices.DeleteFunc(t.viewers[v.instance], func(other *viewer) bool { return other == v })
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
	v.terminals.typeInto(v.instance, p)
	return nil
}

// Resize records the size of the client's terminal. Whoever did that last decides.
func (v *viewer) Resize(size terminal.Size) { v.terminals.attach(v, size) }

// Close detaches the client.
func (v *viewer) Close() {
	v.end()
	v.terminals.detach(v)
}
