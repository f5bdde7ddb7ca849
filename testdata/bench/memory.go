package main

import (
	"context"
	"fmt"
	"time"
)

// longLine is a line that nobody should hold in memory.
const longLine = 200_000_000

// slowRate is how many bytes in a second the slow reader takes.
const slowRate = 1_000_000

// memories are the cases of peak memory: that of the runner with all its helpers.
func memories(p pace) []benchcase {
	return []benchcase{
		{
			name:    "memory: a long line",
			rows:    []row{{what: "peak memory, one line of 200 MB", unit: "MB"}},
			limit:   cat,
			rounds:  3,
			measure: peakOfLongLine,
		},
		{
			name:   "memory: a slow reader",
			rows:   []row{{what: "peak memory, 4 floods and a reader of 1 MB/s", unit: "MB"}},
			limit:  cat,
			rounds: 1,
			measure: func(ctx context.Context, r *runner) ([]float64, error) {
				return peakOfSlowReader(ctx, r, p.slow)
			},
		},
	}
}

func peakOfLongLine(ctx context.Context, r *runner) ([]float64, error) {
	j := job{commands: []string{fmt.Sprintf("./%s long %d", generatorName, longLine)}}
	return on(ctx, r, j, func(u *run, m *meter) ([]float64, error) {
		err := u.follow(m, patience, func() bool { return m.ends > 0 })
		peak := u.peak()
		if err != nil {
			return nil, fmt.Errorf("%w: %d of 200 MB had arrived, %.0f MB in memory", err, m.filled/1e6, peak)
		}
		checkWhole(u, m)
		return []float64{peak}, nil
	})
}

func peakOfSlowReader(ctx context.Context, r *runner, during time.Duration) ([]float64, error) {
	j := job{commands: repeat(4, fmt.Sprintf("./%s flood 80 block %s", generatorName, lifetime))}
	return on(ctx, r, j, func(u *run, m *meter) ([]float64, error) {
		if err := u.follow(m, patience, func() bool { return m.payload() > 0 }); err != nil {
			return nil, err
		}
		began := time.Now()
		for read := 0; ; {
			n, err := u.read(time.Second)
			if err != nil {
				return nil, err
			}
			m.take(buf[:n])
			read += n
			due := time.Duration(read) * time.Second / slowRate
			if due > during || time.Since(began) > during {
				break
			}
			time.Sleep(time.Until(began.Add(due)))
		}
		return []float64{u.peak()}, nil
	})
}

// peak is the sum of what the runner and its helpers have had in memory at the most, in
// megabytes.
func (u *run) peak() (sum float64) {
	for _, pid := range u.own() {
		sum += megabytes(pid, "VmHWM")
	}
	return sum
}
