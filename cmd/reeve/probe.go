package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"time"

	"reeve/supervisor"
)

// probe says how to find out that a process is ready.
type probe struct {
	kind probeKind
	text string         // what stands behind the kind
	line *regexp.Regexp // of a log probe
}

type probeKind string

const (
	tcpProbe  probeKind = "tcp"
	httpProbe probeKind = "http"
	logProbe  probeKind = "log"
	execProbe probeKind = "exec"
)

// parseProbe reads a probe.
func parseProbe(s string) (probe, error) {
	switch {
	case s == "tcp":
		return probe{kind: tcpProbe, text: "localhost:$PORT"}, nil
	case strings.HasPrefix(s, "tcp://"):
		return probe{kind: tcpProbe, text: strings.TrimPrefix(s, "tcp://")}, nil
	case strings.HasPrefix(s, "http://"), strings.HasPrefix(s, "https://"):
		return probe{kind: httpProbe, text: s}, nil
	case strings.HasPrefix(s, "exec:") && len(s) > len("exec:"):
		return probe{kind: execProbe, text: strings.TrimPrefix(s, "exec:")}, nil
	case strings.HasPrefix(s, "log:"):
		line, err := regexp.Compile(strings.TrimPrefix(s, "log:"))
		if err != nil {
			return probe{}, errorf("its regular expression cannot be read: %w", err)
		}
		return probe{kind: logProbe, text: line.String(), line: line}, nil
	}
	return probe{}, errorf("it is tcp, tcp://host:port, http://…, https://…, log:REGEX or exec:COMMAND")
}

// How often a probe is tried: fast at first, then more and more slowly. One try may take
// probeTry.
const (
	firstProbe = 50 * time.Millisecond
	lastProbe  = 2 * time.Second
	probeTry   = 5 * time.Second
)

// awaitReady waits until a run is ready, and says why it is not if that takes too long.
func (l *launcher) awaitReady(ctx context.Context, s supervisor.Spec, _ int) error {
	p := l.options.ready[s.Type]
	text := p.text
	l.running.Load().Do(func() { // the environment is the supervisor's
		environ := lookupIn(l.environ(s))
		text = os.Expand(text, func(key string) string { value, _ := environ(key); return value })
	})
	ctx, cancel := context.WithTimeout(ctx, l.options.readyTimeout)
	defer cancel()
	if p.kind == logProbe {
		return l.awaitLine(ctx, s, p)
	}
	last := errors.New("nothing was tried")
	for wait := firstProbe; ; wait = min(wait*3/2, lastProbe) {
		try, cancelTry := context.WithTimeout(ctx, probeTry)
		err := l.try(try, s, probe{kind: p.kind, text: text})
		cancelTry()
		if err == nil {
			return nil
		}
		if ctx.Err() == nil || last == nil {
			last = err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("not ready after %v: %w", l.options.readyTimeout, last)
		case <-time.After(wait):
		}
	}
}

// try tries a probe once.
func (l *launcher) try(ctx context.Context, s supervisor.Spec, p probe) error {
	switch p.kind {
	case httpProbe:
		return tryHTTP(ctx, p.text)
	case execProbe:
		return l.tryCommand(ctx, s, p.text)
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", p.text)
	if err != nil {
		return err
	}
	return conn.Close()
}

// probeClient follows no redirect: a 3xx says that the server answers.
var probeClient = &http.Client{
	Transport:     &http.Transport{DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func tryHTTP(ctx context.Context, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := probeClient.Do(request)
	if err != nil {
		return err
	}
	_ = response.Body.Close()
	if response.StatusCode < 200 || response.StatusCode >= 400 {
		return fmt.Errorf("%s answers %s", url, response.Status)
	}
	return nil
}

// awaitLine waits for a line of the process's output.
func (l *launcher) awaitLine(ctx context.Context, s supervisor.Spec, p probe) error {
	line, _ := l.lines.Load(s.Name)
	select {
	case <-line.(chan struct{}):
		return nil
	case <-ctx.Done():
		return fmt.Errorf("not ready after %v: no line matches %s", l.options.readyTimeout, p.text)
	}
}

// tryCommand runs a command in the environment of the instance and waits for its end.
// It is the supervisor that starts and reaps it, as everything else.
func (l *launcher) tryCommand(ctx context.Context, s supervisor.Spec, command string) error {
	ended := make(chan supervisor.Status, 1)
	var pid int
	var err error
	if !l.running.Load().Do(func() { pid, err = l.helper(s, command, ended) }) {
		return errors.New("the formation has ended")
	}
	if err != nil {
		return err
	}
	select {
	case status := <-ended:
		if status.ExitCode() != 0 {
			return fmt.Errorf("%s: exit code %d", command, status.ExitCode())
		}
		return nil
	case <-ctx.Done():
		l.running.Load().Do(func() { l.processes.KillHelper(pid) })
		return fmt.Errorf("%s: it takes too long", command)
	}
}
