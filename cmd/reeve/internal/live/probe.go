package live

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/diag"
	"reeve/env"
	"reeve/env/service"
	"reeve/internal/pattern"
	"reeve/procfile"
	"reeve/procfile/probe"
	"reeve/supervisor"
)

// killTakes is how long the end of a command that was killed may take, before that is worth a word.
const killTakes = time.Second

// How often a probe is tried: fast at first, then more and more slowly. One try may take
// probeTry.
const (
	firstProbe = 50 * time.Millisecond
	lastProbe  = 2 * time.Second
	probeTry   = 5 * time.Second
)

// prober finds out whether runs are ready, and whether they are healthy then, each by the probes
// of its type.
type prober struct {
	plans     plans
	ask       *requests
	environs  map[string]env.Environ // of the instances; the loop's
	helpers   helpers
	sockets   *sockets // the loop's
	notices   *notices
	lines     sync.Map // instance → chan struct{}, closed by the line of its log probe
	listeners sync.Map // listener → env.Listening, what listened on a probe's port before its run
	survivors sync.Map // instance → chan supervisor.Status, of a command that was killed and has not ended
}

// helpers start commands that are not runs, on the loop.
type helpers struct {
	plans     plans
	processes *supervisor.Processes
}

// awaitReady waits until a run is ready or the context ends, and says why it is not.
func (w *prober) awaitReady(ctx context.Context, s supervisor.Spec, _ int) error {
	p := w.plans.options().Ready[s.Type]
	var environ env.Environ
	w.ask.onLoop(func() { environ = w.environs[s.Name] })
	if p.Kind == probe.Log {
		return w.awaitLine(ctx, s, p)
	}
	if p.Kind == probe.Notify {
		return w.notices.awaitReady(ctx, s.Name)
	}
	var last error
	for wait := firstProbe; ; wait = min(wait*3/2, lastProbe) {
		try, cancel := context.WithTimeout(ctx, probeTry)
		err := w.tryOwn(try, s.Name, p, environ)
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

// check tries once whether a run is healthy, and says why it is not.
func (w *prober) check(ctx context.Context, s supervisor.Spec, _ int) error {
	if w.plans.options().Health[s.Type].Kind == probe.Notify {
		return w.notices.check(s.Name, s.Health.Every)
	}
	var environ env.Environ
	w.ask.onLoop(func() { environ = w.environs[s.Name] })
	return w.tryOwn(ctx, s.Name, w.plans.options().Health[s.Type], environ)
}

// tryOwn tries a probe once. An answer that comes from somebody else does not count.
func (w *prober) tryOwn(ctx context.Context, instance string, p probe.Probe, environ env.Environ) error {
	if err := w.try(ctx, instance, p, environ); err != nil {
		return err
	}
	if port, who := w.stranger(instance, p, environ); who != "" {
		text := strangerText(port, who, instance)
		if own, _ := environ.Lookup("PORT"); own == strconv.Itoa(port) {
			text += ": stop that program, or " + app.OtherPortsText
		}
		return errors.New(text)
	}
	return nil
}

// tries are how the kinds of probes that ask a server are tried at an address.
var tries = map[string]func(ctx context.Context, address string) error{probe.TCP: tryTCP, probe.HTTP: tryHTTP}

// try tries a probe once.
func (w *prober) try(ctx context.Context, instance string, p probe.Probe, environ env.Environ) error {
	if p.Kind == probe.Exec {
		return w.tryCommand(ctx, instance, p.Text, environ) // it expands its variables itself
	}
	address, err := expand(p.Text, environ)
	if err != nil {
		return err
	}
	if err = tries[p.Kind](ctx, address); ctx.Err() != nil && !isCause(err) {
		err = service.ErrNoAnswer
	}
	if err != nil {
		return fmt.Errorf("%s: %w", withPort(p.Text, environ), err)
	}
	return nil
}

// isCause reports whether an error is one also when there was no more time by then.
func isCause(err error) bool {
	var errno syscall.Errno
	return errors.Is(err, service.ErrURL) || errors.As(err, &errno)
}

// withPort puts the port into the address of a probe, and no other variable, as those may
// be secret.
func withPort(text string, environ env.Environ) string {
	port, ok := environ.Lookup("PORT")
	if !ok {
		return text
	}
	return portReference.Get().ReplaceAllLiteralString(text, port)
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

// tryCommand runs a command in the environment of the instance and waits for its end.
// It is the supervisor that starts and reaps it, as everything else. There is one of an instance
// at most: what hangs where SIGKILL does not reach it, as on a file system that does not answer,
// is not given company.
func (w *prober) tryCommand(ctx context.Context, instance, command string, environ env.Environ) error {
	if survivor, ok := w.survivors.Load(instance); ok {
		select {
		case <-survivor.(chan supervisor.Status):
			w.survivors.Delete(instance)
		default:
			return fmt.Errorf("%s: the last one has survived SIGKILL so far", command)
		}
	}
	typ, _ := procfile.ParseInstance(instance)
	of := procfile.Entry{Type: typ, Command: command}
	ended := make(chan supervisor.Status, 1)
	var pid int
	var err error
	if !w.ask.onLoop(func() { pid, err = w.helpers.start(of, environ, ended) }) {
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
		w.ask.onLoop(func() { w.helpers.processes.KillHelper(pid) })
		select {
		case <-ended:
		case <-time.After(killTakes):
			w.survivors.Store(instance, ended)
		}
		return fmt.Errorf("%s: it takes too long", command)
	}
}

// start starts a command that is no run, with nothing to read and its output dropped.
func (h helpers) start(of procfile.Entry, environ env.Environ, ended chan<- supervisor.Status) (pid int, err error) {
	c, _ := h.plans.app().Command(of, environ)
	if c.Files[0], err = supervisor.NoInput(); err != nil {
		return 0, fmt.Errorf("no standard input: %w", diag.Reason(err))
	}
	defer func() { closeAll(c.Files) }()
	if c.Files[1], err = os.OpenFile(os.DevNull, os.O_WRONLY, 0); err != nil {
		return 0, fmt.Errorf("cannot open %s: %w", os.DevNull, diag.Reason(err))
	}
	c.Files[2] = c.Files[1]
	if pid, err = supervisor.Spawn(c); err != nil {
		return 0, err
	}
	h.processes.AddHelper(pid, ended)
	return pid, nil
}
