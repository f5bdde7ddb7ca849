package main

import (
	"context"
	"fmt"
	"time"
)

// latencies are the cases of latency: how long a line takes from a process that says
// something now and then to the reader of the log.
func latencies(p pace) []benchcase {
	alone := fmt.Sprintf("./%s quiet %s", generatorName, p.sample)
	// The flood goes on until it is stopped.
	flood := fmt.Sprintf("./%s flood 80 block %s", generatorName, lifetime)
	quiet := latencyCase("a line of a quiet process", p, alone)
	quiet.rows = append(quiet.rows, row{what: "– CPU for 500 lines a second", unit: "ms/s"})
	return []benchcase{quiet, latencyCase("a line beside a flood", p, alone, flood)}
}

func latencyCase(what string, p pace, commands ...string) benchcase {
	return benchcase{
		name:  "latency: " + what,
		rows:  []row{{what: what + ", p50", unit: "ms"}, {what: "– p99", unit: "ms"}},
		limit: cat,
		measure: func(ctx context.Context, r *runner) ([]float64, error) {
			return latency(ctx, r, job{commands: commands}, p.sample)
		},
	}
}

// latency gives two percentiles of the delays in milliseconds, and the milliseconds of the
// processor that the runner has used in a second.
func latency(ctx context.Context, r *runner, j job, during time.Duration) ([]float64, error) {
	return on(ctx, r, j, func(u *run, m *meter) ([]float64, error) {
		if err := u.follow(m, patience, func() bool { return len(m.delays) > 0 }); err != nil {
			return nil, err
		}
		own := u.own()
		began, used := time.Now(), usageOf(own)
		err := u.follow(m, during+2*time.Second, func() bool { return m.ends > 0 })
		load := 1e3 * used.secondsSince(own) / time.Since(began).Seconds()
		if err != nil && (err == errEnded || r.ours) {
			return nil, err
		}
		return []float64{m.delay(50), m.delay(99), load}, nil
	})
}
