// Queue is an example app for reeve: a queue of jobs in memory, workers that
// empty it, and a command that adds to it. Each is a process of its own.
//
// The environment configures it. It logs without a clock of its own, and ends
// with code 0 when it is asked to stop.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	log.SetFlags(0)

	// Cancelled by the stop signal. A command that returns because of it has
	// done what it was asked for, so that is not an error.
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()

	if err := run(ctx, os.Args[1:]); err != nil && ctx.Err() == nil {
		log.Fatalf("queue: %v", err)
	}
}

func run(ctx context.Context, args []string) error {
	switch {
	case len(args) == 1 && args[0] == "web":
		return serve(ctx, os.Getenv("PORT"))
	case len(args) == 1 && args[0] == "worker":
		return work(ctx, os.Getenv("PS"), os.Getenv("WORK_TIME"))
	case len(args) == 2 && args[0] == "job" && args[1] != "":
		return addJob(ctx, args[1])
	}
	return fmt.Errorf("usage: queue web | worker | job TEXT")
}
