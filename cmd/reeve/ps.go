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
	c, o, names, exitCode := connect("ps", args, anyNames)
	if c == nil {
		return exitCode
	}
	ctx, stop := untilInterrupted()
	defer stop()
	v := &instances.View{JSON: o.JSON, Names: names, Clear: o.Watch && !o.JSON && console.IsTerminal(os.Stdout)}
	ended := make(chan int, 1)
	go func() { ended <- watch(ctx, c, v, o.Watch) }()
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
		if !again {
			return diag.ExitOK
		}
		select {
		case <-time.After(watchEvery):
		case <-ctx.Done():
			return diag.ExitOK
		}
	}
}
