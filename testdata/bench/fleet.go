package main

import (
	"context"
	"fmt"
	"os/exec"
	"time"
)

// fleets are the cases of starting and stopping.
func fleets(p pace) []benchcase {
	all := []benchcase{
		{
			name:  "start: version",
			rows:  []row{{what: "`version`", unit: "ms"}},
			limit: nothing,
			short: true,
			measure: func(ctx context.Context, r *runner) ([]float64, error) {
				return version(ctx, r, p.starts)
			},
		},
		{
			name:  "start: true",
			rows:  []row{{what: "`true`, from start to exit", unit: "ms"}},
			limit: forkLoop,
			short: true,
			measure: func(ctx context.Context, r *runner) ([]float64, error) {
				return start(ctx, r, p.starts)
			},
		},
	}
	for _, n := range []int{1, 100, 500} {
		what := fmt.Sprintf("%d processes", n)
		if n == 1 {
			what = "1 process"
		}
		all = append(all, benchcase{
			name: "start: " + what,
			rows: []row{
				{what: what + ", to the first line", unit: "ms"},
				{what: "– to the last one's", unit: "ms"},
				{what: "– SIGTERM to exit", unit: "ms"},
				{what: "– threads", noLimit: true},
				{what: "– memory (RSS)", unit: "MB", noLimit: true},
				{what: "– helper processes", noLimit: true},
			},
			limit: forkLoop,
			short: n == 1,
			measure: func(ctx context.Context, r *runner) ([]float64, error) {
				return fleet(ctx, r, n)
			},
		})
	}
	return all
}

// version gives the time that a runner takes to print its version: the median of a few.
func version(ctx context.Context, r *runner, times int) ([]float64, error) {
	var took []float64
	for range times {
		argv := r.version()
		began := time.Now()
		if err := exec.CommandContext(ctx, argv[0], argv[1:]...).Run(); err != nil {
			return nil, err
		}
		took = append(took, since(began))
	}
	return []float64{median(took)}, nil
}

// start gives the time that one process takes that does nothing: the median of a few.
func start(ctx context.Context, r *runner, times int) ([]float64, error) {
	var took []float64
	for range times {
		_, err := on(ctx, r, job{commands: []string{"true"}}, func(u *run, m *meter) ([]float64, error) {
			err := u.follow(m, patience, func() bool { return false })
			if err != errEnded {
				return nil, err
			}
			<-u.exited
			took = append(took, milliseconds(u.end.Sub(u.began)))
			return nil, nil
		})
		if err != nil {
			return nil, err
		}
	}
	return []float64{median(took)}, nil
}

// fleet starts processes, which write one line each and then wait, and gives the times
// from launch until the first and until the last of these lines has arrived, the time from
// SIGTERM to exit, and what the runner needs in between.
func fleet(ctx context.Context, r *runner, n int) ([]float64, error) {
	u, err := begin(ctx, r, job{commands: repeat(n, "cat up idle")})
	if err != nil {
		return nil, err
	}
	m := &meter{}
	err = u.follow(m, patience, func() bool { return m.ups > 0 })
	first := since(u.began)
	if err == nil {
		err = u.follow(m, patience, func() bool { return m.ups == n })
	}
	up := since(u.began)
	time.Sleep(200 * time.Millisecond) // what has to be done after a start
	threads, memory := statNumber(u.pid(), "Threads"), megabytes(u.pid(), "VmRSS")
	helpers := len(u.own()) - 1
	down := milliseconds(u.stop(m))
	if err != nil {
		return nil, fmt.Errorf("%w: %d of %d processes were up", err, m.ups, n)
	}
	return []float64{first, up, down, threads, memory, float64(helpers)}, nil
}
