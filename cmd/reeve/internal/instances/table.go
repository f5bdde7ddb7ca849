// Package instances shows the instances of a formation as a table for people.
//
// A narrow terminal has no room for all columns: those that matter least go first, and the end of
// a command before that. A table that is shown again tells what has been used since.
package instances

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode"
	"unicode/utf8"

	"reeve/cmd/reeve/internal/console"
	"reeve/supervisor/control"
)

// column is one of the table: what it is called, what it has for an instance, and when it is
// left out where there is not enough room. Those without an order stay.
type column struct {
	title string
	order int // the first to be left out has 1
	text  func(control.Instance) string
}

// longestStatus is as much of what a process says of itself as there is room for.
const longestStatus = 40

// leastCommand is how much room the longest command should have at least.
const leastCommand = 12

// table lays the instances out in columns. Those of which the platform tells nothing
// are left out, and so are some for a narrow terminal; 0: there is none.
func table(instances []control.Instance, width int, cpu func(control.Instance) string) []string {
	columns := []column{
		{"INSTANCE", 0, func(i control.Instance) string { return i.Name }},
		{"PID", 5, func(i control.Instance) string { return orDash(i.Pid) }},
		{"STATE", 0, State},
		{"PORT", 6, func(i control.Instance) string { return orDash(i.Port) }},
		{"UPTIME", 4, uptimeText},
		{"RESTARTS", 1, func(i control.Instance) string { return fmt.Sprint(i.Restarts) }},
	}
	if slices.ContainsFunc(instances, func(i control.Instance) bool { return i.Memory != nil }) {
		columns = append(columns,
			column{"CPU", 2, cpu}, column{"MEMORY", 3, func(i control.Instance) string { return memoryText(i.Memory) }})
	}
	if slices.ContainsFunc(instances, func(i control.Instance) bool { return i.Status != "" }) {
		columns = append(columns, column{"STATUS", 7, func(i control.Instance) string { return console.Cut(printable(i.Status), longestStatus) }})
	}
	if slices.ContainsFunc(instances, func(i control.Instance) bool { return i.Next != nil }) {
		columns = append(columns, column{"NEXT", 0, nextText})
	}
	columns = append(columns, column{"COMMAND", 0, func(i control.Instance) string { return printable(i.Command) }})
	rows := make([][]string, len(instances)+1)
	for _, c := range columns {
		rows[0] = append(rows[0], c.title)
		for n, i := range instances {
			rows[n+1] = append(rows[n+1], c.text(i))
		}
	}
	left := slices.Clone(columns)
	for order := 1; width > 0 && order <= len(columns) && widthOf(rows) > width; order++ {
		at := slices.IndexFunc(left, func(c column) bool { return c.order == order })
		if at < 0 {
			continue // the platform does not tell this
		}
		left = slices.Delete(left, at, at+1)
		for n, row := range rows {
			rows[n] = slices.Delete(row, at, at+1)
		}
	}
	var text strings.Builder
	out := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(out, strings.Join(row, "\t"))
	}
	_ = out.Flush()
	return strings.Split(strings.TrimSuffix(text.String(), "\n"), "\n")
}

// printable gives a command as it can be shown on a terminal, which would obey its control
// characters, in one column.
func printable(command string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case unicode.IsControl(r):
			return utf8.RuneError
		}
		return r
	}, command)
}

// widthOf is how wide a terminal must be for the table: the end of a command can be missing.
func widthOf(rows [][]string) (width int) {
	last := len(rows[0]) - 1
	for at := range last + 1 {
		widest := 0
		for _, row := range rows {
			widest = max(widest, utf8.RuneCountInString(row[at]))
		}
		if at == last {
			widest = min(widest, leastCommand) - len("  ")
		}
		width += widest + len("  ")
	}
	return width
}
