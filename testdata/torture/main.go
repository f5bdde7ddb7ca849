// Torture runs random scripts against the built reeve and checks that nothing outlives
// it. From the root of the repository, on Linux:
//
//	make torture TIME=10m
//
// A round is a random Procfile, whose processes are this program again (act.go): they
// exit, crash, ignore signals, flood, fork, daemonize. Then something befalls reeve at
// some random moment (befall.go): signals, SIGKILL, the end of its reader. And when it
// has ended, nobody of all this may be alive or a zombie, in that very moment, and the
// exit code must be one that the script allows (judge.go).
//
// What a round does is decided before it begins (script.go), by the seed and the
// round's number. When one fails, both are printed, and
//
//	go run ./testdata/torture -seed N -round K
//
// plays it again; only the machine's timing differs, so -times 50 may be needed. Before the
// rounds come the drills (drill.go), which have to come out the same way every time.
//
// Each round is a process of its own to which all orphans come (family.go). So a
// round knows its descendants whatever they do, and kills no others.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

func main() {
	switch name := filepath.Base(os.Args[0]); {
	case name == actName && len(os.Args) == 2:
		act(os.Args[1])
	case name == roundName:
		os.Exit(playOne(os.Args[1:]))
	default:
		if err := torture(); err != nil {
			fmt.Fprintln(os.Stderr, "torture:", err)
			os.Exit(1)
		}
	}
}

// options are the command line.
type options struct {
	reeve        string
	seed         uint64
	round, times int
	drills       int
	time         time.Duration
	jobs         int
	keepGoing    bool
	verbose      bool
}

func torture() error {
	var o options
	flag.StringVar(&o.reeve, "reeve", "bin/reeve", "the `program` to torture")
	race := flag.Bool("race-build", false, "build reeve with the race detector and torture that")
	flag.Uint64Var(&o.seed, "seed", rand.Uint64N(1e9), "where the random decisions come from")
	flag.IntVar(&o.round, "round", -1, "play only this round")
	flag.IntVar(&o.times, "times", 1, "how often to play it")
	flag.IntVar(&o.drills, "drills", 10, "how often to play each drill first")
	flag.DurationVar(&o.time, "time", time.Minute, "how long to go on")
	flag.IntVar(&o.jobs, "jobs", 2, "rounds at a time")
	flag.BoolVar(&o.keepGoing, "keep-going", false, "go on after a failure")
	flag.BoolVar(&o.verbose, "v", false, "print every script")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if *race {
		dir, err := os.MkdirTemp("", "torture")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		o.reeve = filepath.Join(dir, "reeve")
		if err := buildWithRaceDetector(ctx, o.reeve); err != nil {
			return err
		}
	}
	path, err := exec.LookPath(o.reeve)
	if err != nil {
		return fmt.Errorf("no reeve to torture, see -reeve: %w", err)
	}
	if o.reeve, err = filepath.Abs(path); err != nil {
		return err
	}
	if err := o.drill(); err != nil {
		return err
	}
	return o.play(ctx)
}

// drill plays the drills, unless it is one round that matters.
func (o options) drill() error {
	failed := 0
	for _, d := range append(drills, strayDrills...) {
		if o.round < 0 && o.drills > 0 {
			failed += d.run(o.reeve, o.drills)
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d drills failed", failed)
	}
	return nil
}

func buildWithRaceDetector(ctx context.Context, path string) error {
	c := exec.CommandContext(ctx, "go", "build", "-race", "-o", path, "./cmd/reeve")
	c.Env = append(os.Environ(), "CGO_ENABLED=1")
	c.Stdout, c.Stderr = os.Stderr, os.Stderr
	return c.Run()
}

// play plays rounds until the time is over or one has failed.
func (o options) play(ctx context.Context) error {
	fmt.Printf("seed %d\n", o.seed)
	began, namespaces := time.Now(), mayUnshare()
	if !namespaces {
		fmt.Println("PID namespaces are not permitted: reeve is never PID 1")
	}
	results := make(chan error)
	played, running, failed := 0, 0, 0
	next := func() bool {
		if o.round >= 0 {
			return played < o.times
		}
		return time.Since(began) < o.time
	}
	for {
		for running < o.jobs && next() && ctx.Err() == nil && (failed == 0 || o.keepGoing) {
			number := played
			if o.round >= 0 {
				number = o.round
			}
			go func() { results <- o.playApart(ctx, number, namespaces) }()
			played, running = played+1, running+1
		}
		if running == 0 {
			break
		}
		if err := <-results; err != nil && ctx.Err() == nil {
			failed++
			fmt.Println(err)
		}
		running--
	}
	fmt.Printf("%d rounds in %s, %d failed\n", played, time.Since(began).Round(time.Second), failed)
	if failed > 0 {
		return fmt.Errorf("failed with seed %d", o.seed)
	}
	return context.Cause(ctx)
}

// mayUnshare reports whether PID namespaces can be made.
func mayUnshare() bool {
	return exec.Command(unshare[0], append(unshare[1:], "true")...).Run() == nil
}

// roundName is what this program is called when it plays one round.
const roundName = "torture-round"

// playApart plays a round in a process of its own.
func (o options) playApart(ctx context.Context, number int, namespaces bool) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if o.verbose {
		fmt.Println(newScript(o.seed, number))
	}
	c := exec.Command(self)
	c.Args = []string{roundName, o.reeve, strconv.FormatUint(o.seed, 10), strconv.Itoa(number), strconv.FormatBool(namespaces)}
	// The end of its standard input tells the round to give up, also if this process
	// is killed.
	in, err := c.StdinPipe()
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { _ = in.Close() })()
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("--- FAILED: again with -seed %d -round %d (%w)\n%s", o.seed, number, err, out)
	}
	return nil
}

// playOne is the life of the process of a round.
func playOne(args []string) (exitCode int) {
	// Its standard input tells when to give up. Signals are caught into nowhere, and not
	// ignored, since reeve would inherit that.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	seed, _ := strconv.ParseUint(args[1], 10, 64)
	number, _ := strconv.Atoi(args[2])
	s := newScript(seed, number)
	s.pid1 = s.pid1 && args[3] == "true"
	aborted := make(chan struct{})
	go func() {
		_, _ = os.Stdin.Read(make([]byte, 1))
		close(aborted)
	}()
	faults, err := []string(nil), adopt()
	if err == nil {
		faults, err = play(s, args[0], aborted)
	}
	for _, f := range faults {
		fmt.Println(f)
	}
	if err != nil {
		fmt.Println("the round could not be played:", err)
	}
	if err != nil || len(faults) > 0 {
		return 1
	}
	return 0
}
