package main

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"strings"
)

// table is what is printed: a line for each row of the cases, in Markdown.
type table struct {
	runners []*runner // reeve first
	lines   []string
}

// cases are all that is measured, in the order of the table.
func cases(p pace) []benchcase {
	var all []benchcase
	for _, some := range [][]benchcase{throughputs(p), latencies(p), fleets(p), memories(p)} {
		all = append(all, some...)
	}
	return all
}

// add makes the lines of a case.
func (t *table) add(c benchcase, all results) {
	for i, row := range c.rows {
		of := func(r *runner) []float64 { return column(all[r], i) }
		limit, ratio := math.NaN(), math.NaN()
		if !row.noLimit {
			limit = median(of(c.limit))
			ratio = median(ratios(of(t.runners[0]), of(c.limit)))
		}
		cells := []string{row.what}
		for _, r := range t.runners {
			cells = append(cells, cell(median(of(r)), row.unit))
			if r.ours {
				cells = append(cells, cell(limit, row.unit), cell(ratio, ""))
			}
		}
		t.lines = append(t.lines, "| "+strings.Join(cells, " | ")+" |")
	}
}

func (t *table) String() string {
	head := []string{"what"}
	for _, r := range t.runners {
		head = append(head, r.name)
		if r.ours {
			head = append(head, "limit", "ratio")
		}
	}
	rule := "|---" + strings.Repeat("|---:", len(head)-1) + "|"
	return "| " + strings.Join(head, " | ") + " |\n" + rule + "\n" + strings.Join(t.lines, "\n") + "\n"
}

// cell writes a number with as many digits as mean something.
func cell(value float64, unit string) string {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return "–"
	}
	digits := 0
	switch size := math.Floor(math.Log10(math.Abs(value))); {
	case value == math.Trunc(value):
	case size < 0:
		digits = 1 - int(size)
	case size < 2:
		digits = 2 - int(size)
	}
	return strings.TrimSpace(fmt.Sprintf("%.*f %s", digits, value, unit))
}

// machine says what the table was made on.
func machine(p pace) string {
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	return fmt.Sprintf("Medians of %d rounds on %d cores, %s %s.", p.rounds, runtime.NumCPU(), runtime.GOOS, strings.TrimSpace(string(kernel)))
}
