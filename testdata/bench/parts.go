package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// Where the time of a start goes is told by a reeve that is built for that, see
// internal/moments. It fails nothing: it shows in which part of a start a regression is.

// partCost is what one part of a start takes: milliseconds, of the processor too, and pages that
// are touched for the first time.
type partCost struct{ wall, cpu, faults float64 }

// partsOf are the parts of some starts, in order.
type partsOf struct {
	names []string
	costs map[string][]partCost
}

// parts makes the table of the parts of a start.
func parts(ctx context.Context, tools string, times int) (string, error) {
	program := filepath.Join(tools, "reeve-moments")
	build := exec.CommandContext(ctx, "go", "build", "-tags", "moments", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", program, "./cmd/reeve")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("cannot build a reeve that tells the parts of its start: %w\n%s", err, out)
	}
	one, err := startParts(ctx, program, 1, times)
	many, manyErr := startParts(ctx, program, 500, max(times/4, 1))
	if err := errors.Join(err, manyErr); err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintln(&b, "| part of a start | 1 × `true` | CPU | page faults | 500 × `true` | CPU | page faults |\n|---|---:|---:|---:|---:|---:|---:|")
	for _, name := range append(one.names, "all of it") {
		fmt.Fprintf(&b, "| %s%s%s |\n", name, one.cells(name), many.cells(name))
	}
	return b.String(), nil
}

// startParts starts so many processes, which do nothing, some times.
func startParts(ctx context.Context, program string, processes, times int) (p partsOf, err error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return p, err
	}
	defer os.RemoveAll(dir)
	name, text := procfile(job{commands: repeat(processes, "true")})
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		return p, err
	}
	p.costs = map[string][]partCost{}
	for range times {
		told, err := tellParts(ctx, program, dir)
		if err != nil {
			return p, err
		}
		p.add(told)
	}
	return p, nil
}

// tellParts starts reeve, and gives what it has told of its parts.
func tellParts(ctx context.Context, program, dir string) (string, error) {
	file := filepath.Join(dir, "moments")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		return "", err
	}
	reeve := exec.CommandContext(ctx, program, "start", "-f", "Procfile", "-d", ".")
	reeve.Dir = dir
	reeve.Stdout = io.Discard // which it does not know: it writes into a pipe
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		return "", err
	}
	reeve.Env = append(environ(), "XDG_RUNTIME_DIR="+dir, "REEVE_MOMENTS="+file, fmt.Sprint("REEVE_MOMENTS_BEGAN=", now.Nano()))
	var ended *exec.ExitError
	// The first end stops a big start in its middle, which may count as a failure.
	if err := reeve.Run(); err != nil && !errors.As(err, &ended) {
		return "", err
	}
	text, err := os.ReadFile(file)
	return string(text), err
}

// add adds one start. What happens for each process is one part of it.
func (p *partsOf) add(told string) {
	sums, all := map[string]partCost{}, partCost{}
	for line := range strings.Lines(told) {
		fields := strings.SplitN(strings.TrimSpace(line), " ", 4)
		var c partCost
		if _, err := fmt.Sscan(strings.Join(fields[:3], " "), &c.wall, &c.cpu, &c.faults); err != nil {
			continue
		}
		c.wall, c.cpu = c.wall/1e6, c.cpu/1e6
		name := fields[3]
		if _, known := p.costs[name]; !known {
			p.names, p.costs[name] = append(p.names, name), nil
		}
		sums[name] = sums[name].plus(c)
		all = all.plus(c)
	}
	sums["all of it"] = all
	for name, sum := range sums {
		p.costs[name] = append(p.costs[name], sum)
	}
}

func (c partCost) plus(d partCost) partCost {
	return partCost{c.wall + d.wall, c.cpu + d.cpu, c.faults + d.faults}
}

// cells are the medians of a part.
func (p *partsOf) cells(name string) string {
	var walls, cpus, faults []float64
	for _, c := range p.costs[name] {
		walls, cpus, faults = append(walls, c.wall), append(cpus, c.cpu), append(faults, c.faults)
	}
	return fmt.Sprintf(" | %s | %s | %s", cell(median(walls), "ms"), cell(median(cpus), "ms"), cell(median(faults), ""))
}
