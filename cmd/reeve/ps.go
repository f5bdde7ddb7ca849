package main

import (
	"context"
	"os"
	"time"

	"reeve/cmd/reeve/internal/console"
	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/instances"
	"reeve/output"
	"reeve/supervisor/control"
)

// watchEvery is how often ps --watch looks again.
const watchEvery = time.Second

// ps shows the instances of the running formation.
func ps(args []string) (exitCode int) {
	o, names, exitCode := parse("ps", args)
	if o == nil {
		return exitCode
	}
	v := &instances.View{JSON: o.JSON, Names: names, Clear: o.Watch && !o.JSON && console.IsTerminal(os.Stdout)}
	if o.All {
		if err := checkAll("ps", o, names); err != nil {
			return diag.FailWith(diag.ExitUsage, err)
		}
		return untilLeft(func(ctx context.Context) int { return watchAll(ctx, v, o.Watch) })
	}
	c, exitCode := connected("ps", o, names)
	if c == nil {
		return exitCode
	}
	return untilLeft(func(ctx context.Context) int { return watch(ctx, c, v, o.Watch) })
}

// untilLeft shows something until that ends, or somebody has seen enough.
func untilLeft(show func(context.Context) (exitCode int)) (exitCode int) {
	ctx, stop := untilInterrupted()
	defer stop()
	ended := make(chan int, 1)
	go func() { ended <- show(ctx) }()
	select {
	case exitCode = <-ended:
	case <-ctx.Done(): // also if nobody reads the table that is just being printed
	}
	if ctx.Err() != nil && console.IsTerminal(os.Stdout) {
		_, _ = output.NewImpatient(os.Stdout).Write([]byte{'\n'}) // the terminal has shown "^C"
	}
	return exitCode
}

// watch shows the formation, again and again if that is wanted. What is named must be there at
// first; later it may be scaled away.
func watch(ctx context.Context, c *control.Client, v *instances.View, again bool) (exitCode int) {
	for first := true; ; first = false {
		f, err := c.Formation(ctx)
		if ctx.Err() != nil {
			return diag.ExitOK
		}
		if err == nil && first {
			err = instances.Check(v.Names, f)
		}
		if err != nil {
			return diag.FailWith(diag.ExitFailure, err)
		}
		v.Show(f)
		if !again || !lookAgain(ctx) {
			return diag.ExitOK
		}
	}
}

// lookAgain waits until it is time for another look, and reports whether anybody still wants one.
func lookAgain(ctx context.Context) bool {
	select {
	case <-time.After(watchEvery):
		return true
	case <-ctx.Done():
		return false
	}
}
