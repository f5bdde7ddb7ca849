// Bench measures the built reeve from outside, as a user would feel it, and prints
// a table for README.md. From the root of the repository:
//
//	make build && go run ./testdata/bench
//
// A number by itself says more about the machine than about reeve. So every number
// stands beside a limit, which is what can be had at all: cat in place of reeve where
// bytes pass through, a bare loop of fork and exec where processes start and stop.
// Other Procfile runners take part when they are in PATH.
//
// The runners take turns, one measurement each, and the rounds are repeated: what
// disturbs the machine for some seconds then disturbs all of them. The table shows
// medians over the rounds, and as the ratio the median of the rounds' ratios. Where a
// measurement takes long, other Procfile runners take part in the first round alone: they
// are so far away that more rounds would only take longer.
//
// What the processes write is counted byte by byte. A reeve that has lost something,
// has left a process behind or did not end with code 0 fails the program.
//
// The processes of the measurements are this program again, under the name "gen",
// see generator.go, and cat, which starts faster than a program in Go can.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

func main() {
	if filepath.Base(os.Args[0]) == generatorName {
		generate(os.Args[1:])
		return
	}
	// However this program is stopped, nothing that it has started goes on.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if err := bench(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// pace says how long things take.
type pace struct {
	rounds int
	write  time.Duration // how long processes write for a throughput
	sample time.Duration // how long the quiet process writes for a latency
	slow   time.Duration // how long the slow reader reads
	starts int           // starts of one process in a round
}

func bench(ctx context.Context) error {
	program := flag.String("reeve", "bin/reeve", "the reeve to measure")
	rounds := flag.Int("rounds", 5, "measurements of each thing")
	only := flag.String("only", "", "measure only what matches this `regexp`")
	quick := flag.Bool("quick", false, "shorter measurements, one round unless -rounds is given")
	flag.Parse()
	pattern, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	path, err := exec.LookPath(*program)
	if err != nil {
		return fmt.Errorf("no reeve to measure, see -reeve: %w", err)
	}
	if path, err = filepath.Abs(path); err != nil {
		return err
	}
	tools, err := os.MkdirTemp("", "bench-tools")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tools)
	inC, err := smallest(tools)
	if err != nil {
		return err
	}
	peers := installed()
	t := &table{runners: []*runner{reeveAt(path)}}
	if inC != nil {
		t.runners = append(t.runners, inC)
	}
	t.runners = append(t.runners, peers...)
	p := paceOf(*quick, *rounds)
	fmt.Fprintln(os.Stderr, foundLine(peers))
	for _, c := range cases(p) {
		if pattern.MatchString(c.name) && ctx.Err() == nil {
			t.add(c, play(ctx, c, t.runners, p.rounds))
		}
	}
	startTable := ""
	if pattern.MatchString("parts of a start") && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, "parts of a start")
		if startTable, err = parts(ctx, tools, 4*p.starts); err != nil {
			fmt.Fprintln(os.Stderr, "   ", err)
		}
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	fmt.Print(t)
	fmt.Printf("\n%s %s\n", foundLine(peers), machine(p))
	if startTable != "" {
		fmt.Printf("\n%s", startTable)
	}
	return errors.Join(faults...)
}

// paceOf keeps the whole below four minutes, or below one if it is to be quick.
func paceOf(quick bool, rounds int) pace {
	if !quick {
		return pace{rounds, 300 * time.Millisecond, 700 * time.Millisecond, 3 * time.Second, 7}
	}
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rounds" })
	if !given {
		rounds = 1
	}
	return pace{rounds, 150 * time.Millisecond, 400 * time.Millisecond, time.Second, 3}
}

// faults are what a reeve must not do.
var faults []error

// fault records what a runner should not have done. The peers are as they are.
func fault(r *runner, format string, args ...any) {
	err := fmt.Errorf(r.name+" "+format, args...)
	fmt.Fprintln(os.Stderr, "   ", err)
	if r.ours {
		faults = append(faults, err)
	}
}
