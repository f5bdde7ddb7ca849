package main

import (
	"context"
	"errors"
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
	c, o, _, exitCode := connect("ps", args, func(words []string) error {
		if len(words) > 0 {
			return errors.New("ps takes no arguments")
		}
		return nil
	})
	if c == nil {
		return exitCode
	}
	ctx, stop := untilInterrupted()
	defer stop()
	v := &instances.View{JSON: o.JSON, Clear: o.Watch && !o.JSON && console.IsTerminal(os.Stdout)}
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

// watch shows the formation, again and again if that is wanted.
func watch(ctx context.Context, c *control.Client, v *instances.View, again bool) (exitCode int) {
	for {
		f, err := c.Formation(ctx)
		if ctx.Err() != nil {
			return diag.ExitOK
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
