package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"time"
)

// benchcase is something that runners are measured at.
type benchcase struct {
	name  string
	rows  []row // the values that one measurement gives
	limit *runner
	// rounds bounds the number of rounds of what hardly varies or takes long; 0: it
	// does not.
	rounds int
	// short: it takes so little time that every runner takes part in every round.
	short bool
	// measure measures a runner. The values that could not be measured are NaN.
	measure func(context.Context, *runner) ([]float64, error)
}

// row is one line of the table.
type row struct {
	what, unit string
	noLimit    bool // the limit does not do what would be measured
}

// results are the values of every runner, by round.
type results map[*runner][][]float64

// play measures the runners in turns.
func play(ctx context.Context, c benchcase, runners []*runner, rounds int) results {
	fmt.Fprintf(os.Stderr, "%s\n", c.name)
	if c.rounds > 0 {
		rounds = min(rounds, c.rounds)
	}
	// Beside each other in every round: what is compared.
	order := slices.Insert(slices.Clone(runners), 1, c.limit)
	all, unable := results{}, map[*runner]bool{}
	for round := range rounds {
		for i, r := range order {
			if peer := i > 1 && !r.near && !c.short; unable[r] || peer && round > 0 {
				continue
			}
			values, err := c.measure(ctx, r)
			if ctx.Err() != nil {
				return all
			}
			if err != nil {
				fault(r, "cannot be measured: %v", err)
				unable[r] = true
				continue
			}
			all[r] = append(all[r], values)
		}
	}
	return all
}

// on runs a job and hands the runner at work to f. What f gives is the measurement's,
// unless something was lost on the way.
func on(ctx context.Context, r *runner, j job, f func(*run, *meter) ([]float64, error)) ([]float64, error) {
	u, err := begin(ctx, r, j)
	if err != nil {
		return nil, err
	}
	m := &meter{}
	values, err := f(u, m)
	if err != nil {
		if complaint := u.complaint(); complaint != "" {
			err = fmt.Errorf("%w: %s", err, complaint)
		}
	}
	u.stop(m)
	return values, err
}

// checkWhole takes note if anything was lost of what the generators say they have
// written.
func checkWhole(u *run, m *meter) {
	if bytes, lines := m.lost(); bytes != 0 || lines != 0 {
		fault(u.runner, "lost %d bytes in %d lines", bytes, lines)
	}
}

// median of a column of rounds, without those rounds in which it is NaN.
func median(values []float64) float64 {
	values = slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	if len(values) == 0 {
		return math.NaN()
	}
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

// column takes one value out of every round.
func column(rounds [][]float64, i int) []float64 {
	var values []float64
	for _, round := range rounds {
		values = append(values, round[i])
	}
	return values
}

// ratios divides the values of one runner by those of another in the same round.
func ratios(of, by []float64) []float64 {
	var quotients []float64
	for i := range min(len(of), len(by)) {
		quotients = append(quotients, of[i]/by[i])
	}
	return quotients
}

// milliseconds since.
func since(t time.Time) float64 { return milliseconds(time.Since(t)) }
