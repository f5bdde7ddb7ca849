package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"reeve/env"
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
		address := strings.TrimPrefix(s, "tcp://")
		return probe{kind: tcpProbe, text: address}, checkAddress(address)
	case strings.HasPrefix(s, "http://"), strings.HasPrefix(s, "https://"):
		return probe{kind: httpProbe, text: s}, checkURL(s)
	case strings.HasPrefix(s, "exec:") && strings.TrimSpace(s) != "exec:":
		return probe{kind: execProbe, text: strings.TrimPrefix(s, "exec:")}, nil
	case strings.HasPrefix(s, "log:") && s != "log:":
		line, err := regexp.Compile(strings.TrimPrefix(s, "log:"))
		if err != nil {
			return probe{}, fmt.Errorf("its regular expression cannot be read: %w", err)
		}
		return probe{kind: logProbe, text: line.String(), line: line}, nil
	}
	return probe{}, fmt.Errorf("a probe is tcp, tcp://host:port, http://…, https://…, log:REGEX or exec:COMMAND")
}

// checkAddress complains of what is no host and port, as far as it is known before its
// variables are.
func checkAddress(address string) error {
	if host, port, err := net.SplitHostPort(address); (err != nil || host == "" || port == "") && !strings.Contains(address, "$") {
		return fmt.Errorf("its address is not host:port, as in tcp://localhost:5432")
	}
	return nil
}

// checkURL does the same for a URL.
func checkURL(text string) error {
	u, err := url.Parse(os.Expand(text, func(string) string { return "1" }))
	if err != nil || u.Hostname() == "" {
		return fmt.Errorf("its URL cannot be read: write it as in http://localhost:$PORT/health")
	}
	return nil
}

// How often a probe is tried: fast at first, then more and more slowly. One try may take
// probeTry.
const (
	firstProbe = 50 * time.Millisecond
	lastProbe  = 2 * time.Second
	probeTry   = 5 * time.Second
)

// awaitReady waits until a run is ready or the context ends, and says why it is not.
func (l *launcher) awaitReady(ctx context.Context, s supervisor.Spec, _ int) error {
	p := l.options.ready[s.Type]
	var environ env.Environ
	l.running.Load().Do(func() { environ = l.environs[s.Name] }) // which is the supervisor's
	if p.kind == logProbe {
		return l.awaitLine(ctx, s, p)
	}
	var last error
	for wait := firstProbe; ; wait = min(wait*3/2, lastProbe) {
		try, cancel := context.WithTimeout(ctx, probeTry)
		err := l.try(try, p, environ)
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

// try tries a probe once.
func (l *launcher) try(ctx context.Context, p probe, environ env.Environ) error {
	if p.kind == execProbe {
		return l.tryCommand(ctx, p.text, environ) // it expands its variables itself
	}
	address, err := expand(p.text, environ)
	if err != nil {
		return err
	}
	if p.kind == httpProbe {
		err = tryHTTP(ctx, address)
	} else {
		err = tryTCP(ctx, address)
	}
	if ctx.Err() != nil {
		err = errNoAnswer
	}
	if err != nil {
		return fmt.Errorf("%s: %w", withPort(p.text, environ), err)
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

var portReference = pattern(`\$(PORT\b|\{PORT\})`)

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
		return plainReason(err)
	}
	return conn.Close()
}

// probeClient follows no redirect: a 3xx says that the server answers.
var probeClient = &http.Client{
	Transport:     &http.Transport{DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func tryHTTP(ctx context.Context, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return errProbeURL
	}
	response, err := probeClient.Do(request)
	if err != nil {
		return plainReason(err)
	}
	_ = response.Body.Close()
	if response.StatusCode < 200 || response.StatusCode >= 400 {
		// Its own text for that may be anything.
		return errors.New(strings.TrimSpace(fmt.Sprintf("it answers %d %s", response.StatusCode, http.StatusText(response.StatusCode))))
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
		return fmt.Errorf("no line matches %s", p.text)
	}
}

// tryCommand runs a command in the environment of the instance and waits for its end.
// It is the supervisor that starts and reaps it, as everything else.
func (l *launcher) tryCommand(ctx context.Context, command string, environ env.Environ) error {
	ended := make(chan supervisor.Status, 1)
	var pid int
	var err error
	if !l.running.Load().Do(func() { pid, err = l.helper(command, environ, ended) }) {
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
		l.running.Load().Do(func() { l.processes.KillHelper(pid) })
		return fmt.Errorf("%s: it takes too long", command)
	}
}
