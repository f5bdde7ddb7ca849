// Package past reads kept logs: that of a running formation, and what one that has ended
// leaves behind, with the states of its instances.
package past

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"reeve/cmd/reeve/internal/settings"
	"reeve/internal/sorting"
	"reeve/output"
	"reeve/procfile"
	"reeve/supervisor"
	"reeve/supervisor/control"
)

// Last is what is known of a formation that has ended. The log follows it in the file.
type Last struct {
	Formation control.Formation `json:"formation"`
	Ended     time.Time         `json:"ended"`
	Code      int               `json:"code"` // its exit code
	HasLog    bool              `json:"has_log"`

	History *output.History
}

// Open finds what the formation of the app in a root has left behind; nil: nothing.
func Open(root string) *Last {
	f, err := control.Last(root)
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	from, l := bufio.NewReader(f), &Last{}
	line, err := from.ReadBytes('\n')
	if err != nil || json.Unmarshal(line, l) != nil {
		return nil
	}
	if l.HasLog {
		if l.History, err = output.LoadHistory(from); err != nil {
			return nil // of another version of reeve
		}
	}
	return l
}

// MayHaveLog reports a name that means nothing that ever ran.
func (l *Last) MayHaveLog(name string) error {
	var known []string
	for _, t := range l.Formation.Types {
		known = append(known, t.Name)
	}
	for _, i := range l.Formation.Instances {
		known = append(known, i.Name)
	}
	if name == output.System || slices.ContainsFunc(known, func(of string) bool { return l.groups().Means(name, of, of) }) ||
		l.History.Has(func(of output.Label) bool { return l.groups().Means(name, of.Name, of.Type) }) {
		return nil
	}
	return errors.New(UnknownNameText(name, known, l.groups()))
}

func (l *Last) groups() settings.Groups { return l.Formation.Groups }

// InOrder sorts snapshots, which another part of reeve may hold as well, in the order of the Procfile.
func InOrder(all []supervisor.Snapshot, places map[string]int) []supervisor.Snapshot {
	all = slices.Clone(all)
	sorting.Stable(all, func(x, y supervisor.Snapshot) int {
		_, m := procfile.ParseInstance(x.Name)
		_, n := procfile.ParseInstance(y.Name)
		return cmp.Or(cmp.Compare(places[x.Type], places[y.Type]), cmp.Compare(m, n))
	})
	return all
}

// Query is the part of the history that a query asks for.
func Query(q control.LogQuery, groups settings.Groups) output.Query {
	part := output.Query{
		Lines: q.Lines, Follow: q.Follow, Match: Matching(q.Names, groups), Grep: q.Grep, Not: q.Not, Stderr: q.Stderr,
	}
	now := time.Now()
	if q.Since > 0 {
		part.Since = now.Add(-q.Since)
	}
	if q.Until > 0 {
		part.Until = now.Add(-q.Until)
	}
	return part
}

// Matching tells whose lines some names mean; nil: everybody's.
func Matching(names []string, groups settings.Groups) func(output.Label) bool {
	if len(names) == 0 {
		return nil
	}
	return func(of output.Label) bool {
		return slices.ContainsFunc(names, func(name string) bool { return groups.Means(name, of.Name, of.Type) })
	}
}

// MayTellApart reports a query for standard error where nobody has kept that apart.
func MayTellApart(q control.LogQuery, h *output.History, groups settings.Groups) error {
	if q.Stderr && !h.TellsApart(Matching(q.Names, groups)) {
		return errors.New(NotApartText)
	}
	return nil
}

// Format makes the format that a query asks for, of a formation with names of some width
// that began at some time.
func Format(q control.LogQuery, width int, began time.Time) output.Format {
	if q.JSON {
		return output.NewJSON()
	}
	t := output.TextOptions{
		Terminal: q.Terminal, Color: q.Color != "", Palette: output.Basic,
		NoPrefix: q.NoPrefix, Width: width,
	}
	if q.Color == RichColors {
		t.Palette = output.Rich
	}
	if q.Timestamp != "" {
		t.Timestamps = output.NewClock(q.Timestamp, began)
	}
	if q.NoPrefix && !q.Terminal {
		return output.WithoutNotices(output.NewText(t))
	}
	return output.NewText(t)
}

// UnknownNameText says that a name means nothing.
func UnknownNameText(name string, known []string, groups settings.Groups) string {
	if settings.IsGroup(name) {
		return groups.UnknownText(name)
	}
	return fmt.Sprintf("no instance or process type %q: %s", name,
		procfile.Suggest(name, known, "there are "+strings.Join(known, ", ")))
}

// NoInstancesText says that nothing runs of a process type.
func NoInstancesText(typ string) string {
	if settings.IsGroup(typ) {
		return "no process type in " + typ + " has instances in the formation: reeve scale " + typ + "=1 starts one of each"
	}
	return typ + " has no instances in the formation: reeve scale " + typ + "=1 starts one"
}

// The names that palettes have in a query.
const (
	BasicColors = "basic"
	RichColors  = "rich"
)

// NotApartText says that nobody knows what was written to standard error.
const NotApartText = "standard error is not kept apart from standard output: that takes --log-format json, and --tty never in the background or on a terminal"

// NoHistoryText says that there is no log to show.
const NoHistoryText = "no log is kept: the formation was started with --history 0"

// EndText says how the formation ended that has left this.
func EndText(l *Last) string {
	return fmt.Sprintf("the formation has ended at %s, with exit code %d", l.Ended.Local().Format(time.TimeOnly), l.Code)
}

// LastText says when the formation ended that has left this.
func LastText(l *Last) string {
	ago := max(0, time.Since(l.Ended)).Round(time.Second)
	return fmt.Sprintf("this formation ended %v ago, at %s, with exit code %d", ago, l.Ended.Local().Format(time.DateTime), l.Code)
}
