package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/place"
	"reeve/cmd/reeve/internal/settings"
	"reeve/supervisor/control"
)

// wait waits until what is named is ready or has written a line, also for a formation that has
// not started yet. It is told of what happens, and asks nothing again and again.
func wait(args []string) (exitCode int) {
	o, names, exitCode := parse("wait", args)
	if o == nil {
		return exitCode
	}
	ctx, stop := context.WithCancel(context.Background())
	if o.Within >= 0 {
		ctx, stop = context.WithTimeout(ctx, o.Within)
	}
	defer stop()
	w := &waiting{query: control.WaitQuery{Names: names, Line: o.Line}}
	err := w.run(ctx, o)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return diag.Fail(diag.ExitFailure, "%s", w.timeOutText(o))
	case errors.As(err, new(place.Untrusted)):
		return diag.FailWith(diag.ExitUsage, err)
	case err != nil:
		return diag.FailWith(diag.ExitFailure, err)
	}
	for _, one := range w.state {
		if one.State == control.Met {
			say("%s", standingText(one))
		}
	}
	return diag.ExitOK
}

// waiting is what reeve wait has been told so far.
type waiting struct {
	query control.WaitQuery
	why   error            // nobody can be asked: nothing runs, or it is suspended
	state []control.Waited // what stands how by now
}

// How long something may be missing before that is worth a word, and how long the first word of
// the answer and what comes with it may take, for those who have less time.
const (
	missingPatience = time.Second
	firstAnswer     = time.Second
	restOfAnswer    = 50 * time.Millisecond
)

// run waits for a formation, and then for what is to come about in it.
func (w *waiting) run(ctx context.Context, o *settings.Options) error {
	c, err := dialFormation(o.Place)
	if errors.Is(err, control.ErrNotRunning) {
		w.why = err
		c, err = w.awaitFormation(ctx, o)
	}
	if errors.As(err, new(control.SuspendedError)) {
		w.why = err
		diag.Warn("waiting: " + err.Error())
		err = nil
	}
	if err != nil {
		return err
	}
	return w.await(ctx, c)
}

// awaitFormation waits until there is one.
func (w *waiting) awaitFormation(ctx context.Context, o *settings.Options) (c *control.Client, err error) {
	news := control.Appearances(ctx)
	word := time.NewTimer(missingPatience)
	defer word.Stop()
	for {
		if c, err = dialFormation(o.Place); !errors.Is(err, control.ErrNotRunning) {
			return c, err
		}
		select {
		case <-news:
		case <-word.C:
			diag.Warn("waiting: " + err.Error())
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// await waits in a formation. Whoever has no time still gets an answer.
func (w *waiting) await(ctx context.Context, c *control.Client) error {
	answered, patience := make(chan struct{}), firstAnswer
	if w.why != nil {
		patience = 0 // it is known what is wrong
	}
	asking, stop := context.WithCancelCause(context.Background())
	defer stop(nil)
	end := context.AfterFunc(ctx, func() {
		select {
		case <-answered:
			time.Sleep(restOfAnswer)
		case <-time.After(patience):
		}
		stop(ctx.Err())
	})
	defer end()
	first := true
	err := c.Wait(asking, w.query, func(one control.Waited) {
		w.note(one)
		if first {
			w.why, first = nil, false
			close(answered)
		}
	})
	if asking.Err() != nil {
		return context.Cause(asking)
	}
	return err
}

// note takes note of what has been told, and says what is easily overlooked.
func (w *waiting) note(one control.Waited) {
	w.state = slices.DeleteFunc(w.state, func(other control.Waited) bool { return other.Name == one.Name })
	if one.State != control.Gone {
		w.state = append(w.state, one)
	}
	if one.State == control.Absent {
		diag.Warn("waiting: " + standingText(one))
	}
}

// timeOutText says what was missing.
func (w *waiting) timeOutText(o *settings.Options) string {
	what := "not ready"
	if o.Line != nil {
		what = "no line matched " + o.Line.String()
	}
	return fmt.Sprintf("%s within %v: %s", what, o.Within, w.missing(o.Place))
}

// mostMissing is how much of what is missing is named.
const mostMissing = 10

// missing names what has not come about.
func (w *waiting) missing(at place.Place) string {
	if _, err := dialFormation(at); w.why == nil && errors.As(err, new(control.SuspendedError)) {
		return err.Error() // by now
	}
	if w.why != nil {
		return w.why.Error()
	}
	var texts []string
	for _, one := range w.state {
		if one.State == control.Waiting || one.State == control.Absent {
			texts = append(texts, standingText(one))
		}
	}
	if more := len(texts) - mostMissing; more > 0 {
		texts = append(texts[:mostMissing], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(texts, "; ")
}

// standingText says how something stands, in one line of a terminal.
func standingText(one control.Waited) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' {
			return -1
		}
		return r
	}, one.Name+" "+one.Text)
}
