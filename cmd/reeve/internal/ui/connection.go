package ui

import (
	"context"
	"errors"
	"sync"
	"time"

	"reeve/supervisor/control"
)

// App is the app whose formation is shown.
type App struct {
	// Dial finds the formation. The error is [control.ErrNotRunning] if there is none, and there
	// is a client also of one that is suspended.
	Dial func() (*control.Client, error)
	// Last says how the formation of a pid has ended; empty: nobody knows.
	Last func(pid int) string
}

// connection tells of the formation, and of the next one when it has ended. It is told itself, and
// asks for nothing again and again.
type connection struct {
	App
	tell func(Event)
	ctx  context.Context

	mu     sync.Mutex
	client *control.Client
}

// lastLines bounds how long the end of the log may take, and endKnown how long it may take until it
// is known how the formation has ended.
const (
	lastLines = time.Second
	endKnown  = time.Second
)

// run tells of one formation after the other.
func (c *connection) run(first *control.Client, err error) {
	for c.found(first, err) {
		c.follow(c.client)
		for first, err = c.Dial(); errors.Is(err, control.ErrNotRunning); {
			if first, err = c.await(); c.ctx.Err() != nil {
				return
			}
		}
	}
}

// found takes note of a formation, and reports whether it can be followed.
func (c *connection) found(client *control.Client, err error) bool {
	var suspended control.SuspendedError
	if err != nil && !errors.As(err, &suspended) {
		c.tell(Ended{err.Error()})
		return false
	}
	c.mu.Lock()
	c.client = client
	c.mu.Unlock()
	c.tell(Found{suspended.Pid})
	return true
}

// await waits for a formation to begin. As long as one runs, nobody looks for others.
func (c *connection) await() (client *control.Client, err error) {
	ctx, stop := context.WithCancel(c.ctx)
	defer stop()
	for news := control.Appearances(ctx); ; {
		if client, err = c.Dial(); !errors.Is(err, control.ErrNotRunning) {
			return client, err
		}
		select {
		case <-news:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// follow tells of a formation until it ends.
func (c *connection) follow(client *control.Client) {
	logs := make(chan struct{})
	go func() {
		defer close(logs)
		if err := client.Logs(c.ctx, logOfAll, &arrivals{tell: c.tell, since: time.Now().UnixMilli()}); err != nil && c.ctx.Err() == nil {
			c.tell(NoLog{err.Error()})
		}
	}()
	pid := 0
	_ = client.Follow(c.ctx, func(f control.Formation) {
		pid = f.Pid
		c.tell(Changed{f})
	})
	select {
	case <-logs:
	case <-time.After(lastLines):
	case <-c.ctx.Done():
		return
	}
	if c.ctx.Err() == nil {
		c.tell(Ended{c.howEnded(pid)})
	}
}

// howEnded says how a formation has ended, as soon as that is known.
func (c *connection) howEnded(pid int) string {
	ctx, stop := context.WithTimeout(c.ctx, endKnown)
	defer stop()
	for news := control.Appearances(ctx); ; {
		if how := c.Last(pid); how != "" {
			return how
		}
		select {
		case <-news:
		case <-ctx.Done():
			return "the formation has ended, and nobody knows how: reeve was killed"
		}
	}
}

// logOfAll is all of the log, as a [reader] reads it.
var logOfAll = control.LogQuery{Lines: -1, Follow: true, Timestamp: "unix"}

// arrivals tells of the lines of the log that is written to it.
type arrivals struct {
	tell  func(Event)
	since int64 // what is older was kept until now
	reader
}

func (a *arrivals) Write(p []byte) (int, error) {
	if lines := a.lines(p); len(lines) > 0 {
		a.tell(Arrived{lines, lines[len(lines)-1].Milli < a.since})
	}
	return len(p), nil
}

// slowAfter is when a request takes long enough for a word.
const slowAfter = time.Second

// do makes a request, and tells what becomes of it.
func (c *connection) do(a Ask) {
	c.mu.Lock()
	client := c.client
	c.mu.Unlock()
	if client == nil {
		c.tell(Done{a.ID, errors.New("no formation has been found yet")})
		return
	}
	word := time.AfterFunc(slowAfter, func() { c.tell(Slow{a.ID, c.suspendedPid()}) })
	defer word.Stop()
	tell := func(o control.Outcome) { c.tell(Answered{o}) }
	var err error
	switch a.What {
	case "restart":
		err = client.Restart(c.ctx, a.Names, tell)
	case "stop":
		err = client.Stop(c.ctx, a.Names, tell)
	case "scale":
		err = client.Scale(c.ctx, a.Scale, tell)
	case "quit":
		_, err = client.Quit(c.ctx)
	}
	c.tell(Done{a.ID, err})
}

// suspendedPid is the pid of reeve if it is suspended; 0: it is not.
func (c *connection) suspendedPid() int {
	client, err := c.Dial()
	var suspended control.SuspendedError
	if errors.As(err, &suspended) {
		return suspended.Pid
	}
	if client != nil {
		client.Close()
	}
	return 0
}

// look tells what the processes use.
func (c *connection) look(since time.Duration) {
	c.mu.Lock()
	client := c.client
	c.mu.Unlock()
	if client == nil {
		return
	}
	if f, err := client.Formation(c.ctx); err == nil {
		c.tell(Used{f, since.Seconds()})
	}
}
