package live

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"reeve/cmd/reeve/internal/pattern"
	"reeve/env"
	"reeve/env/service"
	"reeve/procfile/probe"
	"reeve/supervisor"
)

// How often a probe is tried: fast at first, then more and more slowly. One try may take
// probeTry.
const (
	firstProbe = 50 * time.Millisecond
	lastProbe  = 2 * time.Second
	probeTry   = 5 * time.Second
)

// awaitReady waits until a run is ready or the context ends, and says why it is not.
func (l *launcher) awaitReady(ctx context.Context, s supervisor.Spec, _ int) error {
	p := l.facts.options.Ready[s.Type]
	var environ env.Environ
	l.phase.onLoop(func() { environ = l.runs.environs[s.Name] }) // which is the supervisor's
	if p.Kind == probe.Log {
		return l.awaitLine(ctx, s, p)
	}
	var last error
	for wait := firstProbe; ; wait = min(wait*3/2, lastProbe) {
		try, cancel := context.WithTimeout(ctx, probeTry)
		err := l.tryOwn(try, s.Name, p, environ)
		cancel()
		if err == nil {
			return nil
		}
		if last == nil || ctx.Err() == nil {
			last = err // a try that the end of the time cut short says nothing
		}
		select {
		case <-ctx.Done():
			return last
		case <-time.After(wait):
		}
	}
}

// tryOwn tries a probe once. An answer that comes from somebody else does not count.
func (l *launcher) tryOwn(ctx context.Context, instance string, p probe.Probe, environ env.Environ) error {
	if err := l.try(ctx, p, environ); err != nil {
		return err
	}
	if port, who := l.stranger(instance, p, environ); who != "" {
		return errors.New(strangerText(port, who, instance))
	}
	return nil
}

// tries are how the kinds of probes that ask a server are tried at an address.
var tries = map[string]func(ctx context.Context, address string) error{probe.TCP: tryTCP, probe.HTTP: tryHTTP}

// try tries a probe once.
func (l *launcher) try(ctx context.Context, p probe.Probe, environ env.Environ) error {
	if p.Kind == probe.Exec {
		return l.tryCommand(ctx, p.Text, environ) // it expands its variables itself
	}
	address, err := expand(p.Text, environ)
	if err != nil {
		return err
	}
	if err = tries[p.Kind](ctx, address); ctx.Err() != nil {
		err = service.ErrNoAnswer
	}
	if err != nil {
		return fmt.Errorf("%s: %w", withPort(p.Text, environ), err)
	}
	return nil
}

// withPort puts the port into the address of a probe, and no other variable, as those may
// be secret.
func withPort(text string, environ env.Environ) string {
	port, ok := environ.Lookup("PORT")
	if !ok {
		return text
	}
	return portReference().ReplaceAllLiteralString(text, port)
}

var portReference = pattern.New(`\$(PORT\b|\{PORT\})`)

// expand puts variables into the address of a probe.
func expand(text string, environ env.Environ) (expanded string, err error) {
	expanded = os.Expand(text, func(key string) string {
		value, ok := environ.Lookup(key)
		if !ok {
			err = fmt.Errorf("%s: %s is not set", text, key)
		}
		return value
	})
	return expanded, err
}

func tryTCP(ctx context.Context, address string) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return service.Reason(err)
	}
	return conn.Close()
}

// awaitLine waits for a line of the process's output.
func (l *launcher) awaitLine(ctx context.Context, s supervisor.Spec, p probe.Probe) error {
	line, _ := l.lines.Load(s.Name)
	select {
	case <-line.(chan struct{}):
		return nil
	case <-ctx.Done():
		return fmt.Errorf("no line matches %s", p.Text)
	}
}

// tryCommand runs a command in the environment of the instance and waits for its end.
// It is the supervisor that starts and reaps it, as everything else.
func (l *launcher) tryCommand(ctx context.Context, command string, environ env.Environ) error {
	ended := make(chan supervisor.Status, 1)
	var pid int
	var err error
	if !l.phase.onLoop(func() { pid, err = l.helper(command, environ, ended) }) {
		return errors.New("the formation has ended")
	}
	if err != nil {
		return err
	}
	select {
	case status := <-ended:
		if status.ExitCode() != 0 {
			return fmt.Errorf("%s: %s", command, statusText(status))
		}
		return nil
	case <-ctx.Done():
		l.phase.onLoop(func() { l.processes.KillHelper(pid) })
		return fmt.Errorf("%s: it takes too long", command)
	}
}
