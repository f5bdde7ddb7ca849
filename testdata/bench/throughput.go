package main

import (
	"context"
	"fmt"
	"time"
)

// flow is what processes write for a throughput.
type flow struct {
	processes int
	line      int    // its bytes, with the newline
	writes    string // "block" or "line", as the generator has it
	terminal  bool
	flags     []string
}

// throughputs are the cases of throughput.
func throughputs(p pace) []benchcase {
	var flows []flow
	for _, writes := range []string{"block", "line"} {
		for _, processes := range []int{1, 4} {
			for _, line := range []int{80, 8, 4096} {
				flows = append(flows, flow{processes: processes, line: line, writes: writes})
			}
		}
	}
	flows = append(flows,
		flow{processes: 1, line: 80, writes: "block", terminal: true},
		flow{processes: 1, line: 80, writes: "block", terminal: true, flags: []string{"--tty", "never"}},
		flow{processes: 1, line: 8, writes: "block", terminal: true},
		flow{processes: 1, line: 4096, writes: "block", terminal: true},
		flow{processes: 4, line: 80, writes: "block", terminal: true},
		flow{processes: 1, line: 80, writes: "line", terminal: true},
	)
	var all []benchcase
	for _, f := range flows {
		all = append(all, benchcase{
			name:  "throughput: " + f.String(),
			rows:  []row{{what: f.String(), unit: "MB/s"}, {what: "– CPU", unit: "s/GB"}},
			limit: cat,
			measure: func(ctx context.Context, r *runner) ([]float64, error) {
				return throughput(ctx, r, f, p.write)
			},
		})
	}
	return all
}

func (f flow) String() string {
	s := fmt.Sprintf("%d × %d-byte lines", f.processes, f.line)
	if f.writes == "line" {
		s += ", one write each"
	}
	if f.terminal {
		s += ", terminal"
	}
	for i, flag := range f.flags {
		s += ", "[min(i, 1):] + flag
	}
	return s
}

// throughput gives the MB/s and the seconds of CPU per GB of what the processes write,
// newlines included and the runner's prefixes not. It counts from the first to the last
// byte, so that a slow start does not matter. The time of the processor is that of the
// runner and its helpers, not that of the processes it runs.
func throughput(ctx context.Context, r *runner, f flow, during time.Duration) ([]float64, error) {
	command := fmt.Sprintf("./%s flood %d %s %s", generatorName, f.line, f.writes, during)
	j := job{commands: repeat(f.processes, command), terminal: f.terminal, flags: f.flags}
	return on(ctx, r, j, func(u *run, m *meter) ([]float64, error) {
		if err := u.follow(m, patience, func() bool { return m.payload() > 0 }); err != nil {
			return nil, err
		}
		own := u.own()
		began, before, used := time.Now(), m.payload(), usageOf(own)
		// Those who cannot keep up are measured by what they have managed by then.
		err := u.follow(m, during+2*time.Second, func() bool { return m.ends == f.processes })
		bytes, took := m.payload()-before, time.Since(began).Seconds()
		spent := used.secondsSince(own)
		if err == nil {
			checkWhole(u, m)
		} else if err == errEnded || r.ours || bytes == 0 {
			return nil, err
		}
		return []float64{float64(bytes) / 1e6 / took, spent / float64(bytes) * 1e9}, nil
	})
}

// own gives the processes whose work is the runner's.
func (u *run) own() []int {
	if u.runner.filter {
		return []int{u.pid()}
	}
	return u.family.own(u.pid())
}
