package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/place"
	"reeve/cmd/reeve/internal/settings"
	"reeve/output"
	"reeve/procfile"
	"reeve/supervisor"
	"reeve/supervisor/control"
)

// A formation that ends leaves its log and the states of its instances behind, for whoever
// asks afterwards why it did: beside its socket, until the next one of the app begins.

const (
	// keptLimit bounds how many bytes of the log are kept, which may be in memory there.
	keptLimit = 8 << 20
	// keepPatience is how long the exit may take longer for that.
	keepPatience = 300 * time.Millisecond
)

// last is what is known of a formation that has ended. The log follows it in the file.
type last struct {
	Formation control.Formation `json:"formation"`
	Ended     time.Time         `json:"ended"`
	Code      int               `json:"code"` // its exit code
	HasLog    bool              `json:"has_log"`

	history *output.History
}

// keep keeps what there is to know of the formation, if there is room for that.
func (b *backend) keep(code int, in *control.Listener) {
	f := b.Formation()
	if s := b.running.Load(); s != nil {
		f.Instances = b.instances(s.Last())
	}
	known := last{Formation: f, Ended: time.Now(), Code: code, HasLog: b.options.History > 0}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = in.Keep(func(w io.Writer) error {
			if err := json.NewEncoder(w).Encode(known); err != nil || !known.HasLog {
				return err
			}
			return b.history.Save(w, keptLimit)
		})
	}()
	select {
	case <-done:
	case <-time.After(keepPatience):
	}
}

// instances describes instances, in the order of the Procfile.
func (b *backend) instances(all []supervisor.Snapshot) []control.Instance {
	described := []control.Instance{}
	for _, s := range inFormationOrder(all, b.places) {
		described = append(described, b.instance(s))
	}
	return described
}

// lastViews are the commands that can tell of a formation that has ended. The error is that
// none runs.
var lastViews = map[string]func(*last, *settings.Options, []string, error) (exitCode int){"ps": psLast, "logs": logsLast}

// lastFormation finds what the formation has left that is asked for, as [dialFormation] finds
// one that runs; nil: nothing.
func lastFormation(o *settings.Options) *last {
	if o.Root != "" || o.Procfile != "" {
		return openLast(o.Dir(o.Procfile))
	}
	here, err := os.Getwd()
	if err != nil {
		return nil
	}
	for dir := here; ; dir = filepath.Dir(dir) {
		l := openLast(dir)
		if _, err := os.Stat(filepath.Join(dir, place.Procfile)); l != nil || err == nil || dir == filepath.Dir(dir) {
			return l
		}
	}
}

func openLast(root string) *last {
	f, err := control.Last(root)
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	from, l := bufio.NewReader(f), &last{}
	line, err := from.ReadBytes('\n')
	if err != nil || json.Unmarshal(line, l) != nil {
		return nil
	}
	if l.HasLog {
		if l.history, err = output.LoadHistory(from); err != nil {
			return nil // of another version of reeve
		}
	}
	return l
}

// psLast shows the instances as they were at the end. That nothing runs now is still so: there
// are scripts that ask for it.
func psLast(l *last, o *settings.Options, words []string, nothingRuns error) (exitCode int) {
	if len(words) > 0 {
		return diag.Fail(exitUsage, "ps takes no arguments")
	}
	v := &psView{json: o.JSON, used: map[string]time.Duration{}}
	v.show(l.Formation)
	diag.FailWith(exitFailure, nothingRuns)
	diag.Warn(lastText(l))
	return exitFailure
}

// logsLast shows what was written.
func logsLast(l *last, o *settings.Options, names []string, _ error) (exitCode int) {
	if l.history == nil {
		return diag.Fail(exitFailure, "%s", noHistoryText)
	}
	for _, name := range names {
		if err := l.mayHaveLog(name); err != nil {
			return diag.FailWith(exitFailure, err)
		}
	}
	asked := logQuery(o, names)
	query := logPart(asked)
	query.Follow = false
	width := 0
	for _, i := range l.Formation.Instances {
		width = max(width, len(i.Name))
	}
	err := l.history.Write(context.Background(), query, formatFor(asked, width, l.Formation.Started), func(p []byte) error {
		_, err := os.Stdout.Write(p)
		return err
	})
	if err != nil {
		return diag.Fail(exitFailure, "cannot write: %w", diag.Reason(err))
	}
	diag.Warn(lastText(l))
	return exitOK
}

// mayHaveLog complains of a name that means nothing that there was.
func (l *last) mayHaveLog(name string) error {
	var known []string
	for _, t := range l.Formation.Types {
		known = append(known, t.Name)
	}
	for _, i := range l.Formation.Instances {
		known = append(known, i.Name)
	}
	if name == output.System || slices.ContainsFunc(known, func(of string) bool { return means(name, of, of) }) ||
		l.history.Has(func(of output.Label) bool { return means(name, of.Name, of.Type) }) {
		return nil
	}
	return errors.New(unknownNameText(name, known))
}

// inFormationOrder sorts snapshots as the Procfile has their types.
func inFormationOrder(all []supervisor.Snapshot, places map[string]int) []supervisor.Snapshot {
	slices.SortStableFunc(all, func(x, y supervisor.Snapshot) int {
		_, m := procfile.ParseInstance(x.Name)
		_, n := procfile.ParseInstance(y.Name)
		return cmp.Or(cmp.Compare(places[x.Type], places[y.Type]), cmp.Compare(m, n))
	})
	return all
}
