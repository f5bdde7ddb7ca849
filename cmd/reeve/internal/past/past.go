// Package past reads kept logs: that of a running formation, and what one that has ended
// leaves behind, with the states of its instances.
package past

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

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

// MayHaveLog reports a name that means nothing that there was.
func (l *Last) MayHaveLog(name string) error {
	var known []string
	for _, t := range l.Formation.Types {
		known = append(known, t.Name)
	}
	for _, i := range l.Formation.Instances {
		known = append(known, i.Name)
	}
	if name == output.System || slices.ContainsFunc(known, func(of string) bool { return Means(name, of, of) }) ||
		l.History.Has(func(of output.Label) bool { return Means(name, of.Name, of.Type) }) {
		return nil
	}
	return errors.New(UnknownNameText(name, known))
}

// InOrder sorts snapshots as the Procfile has their types.
func InOrder(all []supervisor.Snapshot, places map[string]int) []supervisor.Snapshot {
	slices.SortStableFunc(all, func(x, y supervisor.Snapshot) int {
		_, m := procfile.ParseInstance(x.Name)
		_, n := procfile.ParseInstance(y.Name)
		return cmp.Or(cmp.Compare(places[x.Type], places[y.Type]), cmp.Compare(m, n))
	})
	return all
}

// Query is the part of the history that a query asks for.
func Query(q control.LogQuery) output.Query {
	part := output.Query{Lines: q.Lines, Follow: q.Follow}
	if q.Since > 0 {
		part.Since = time.Now().Add(-q.Since)
	}
	if len(q.Names) > 0 {
		part.Match = func(of output.Label) bool {
			return slices.ContainsFunc(q.Names, func(name string) bool { return Means(name, of.Name, of.Type) })
		}
	}
	return part
}

// Means reports whether a name is that of an instance, of its type, or a pattern that one of
// them matches.
func Means(name, instance, typ string) bool {
	for _, of := range []string{instance, typ} {
		if matches, err := path.Match(name, of); matches && err == nil || name == of {
			return true
		}
	}
	return false
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
func UnknownNameText(name string, known []string) string {
	return fmt.Sprintf("no instance or process type %q: %s", name,
		procfile.Suggest(name, known, "there are "+strings.Join(known, ", ")))
}

// The names that palettes have in a query.
const (
	BasicColors = "basic"
	RichColors  = "rich"
)

// NoHistoryText says that there is no log to show.
const NoHistoryText = "no log is kept: the formation was started with --history 0"

// LastText says when a formation has ended of which this is what it has left.
func LastText(l *Last) string {
	ago := max(0, time.Since(l.Ended)).Round(time.Second)
	return fmt.Sprintf("this formation ended %v ago, at %s, with exit code %d", ago, l.Ended.Local().Format(time.DateTime), l.Code)
}
