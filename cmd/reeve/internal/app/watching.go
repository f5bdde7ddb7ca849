package app

import (
	"errors"
	"slices"

	"reeve/cmd/reeve/internal/diag"
	"reeve/procfile"
	"reeve/watch"
)

// checkWatching reports settings about files that change, of types that watch none.
func (a *App) checkWatching() error {
	var errs []error
	o := a.Settings
	for flag, types := range o.TypesOf() {
		if !slices.Contains([]string{"on-change", "cascade", "watch-poll"}, flag) {
			continue
		}
		for _, typ := range types {
			_, known := a.Lookup(typ)
			if _, watched := o.Patterns[typ]; !watched && known {
				errs = append(errs, a.wrongFor(typ, flag, unwatchedText(typ)))
			}
		}
	}
	return errors.Join(errs...)
}

// watchProblems are about what happens when files change.
func (a *App) watchProblems() []diag.Problem {
	var found []diag.Problem
	if a.Settings.NoWatch {
		return nil
	}
	say := func(typ, key, text string) {
		p := a.wrongFor(typ, key, text)
		p.Severity = diag.Warning
		found = append(found, p)
	}
	for _, typ := range a.Settings.Cascade {
		if len(a.Settings.Dependents(typ)) == 0 {
			say(typ, "cascade", noCascadeText(typ))
		}
	}
	if _, watched := a.Settings.Patterns[procfile.Release]; watched && a.Formation.Count(procfile.Release) == 0 {
		say(procfile.Release, "watch", unusedReleaseText)
	}
	patterns, all := a.WatchCounts()
	for _, p := range patterns {
		if p.Files == 0 {
			say(p.Type, "watch", nothingMatchesText(p.Type, p.Glob))
		}
	}
	if limit := watch.SystemLimit(); limit.Watches > 0 && all.Directories > limit.Watches {
		found = append(found, diag.Problem{Severity: diag.Warning, Message: overLimitText(all.Directories, limit)})
	}
	return found
}

// PatternCount is what it takes to watch the files that one pattern of a process type stands for.
type PatternCount struct {
	Type, Glob string
	watch.Count
}

// WatchCounts gives what it takes to watch the files of what runs, for each pattern and for all of
// them together.
func (a *App) WatchCounts() (patterns []PatternCount, all watch.Count) {
	var sets []watch.Set
	for _, typ := range a.Types() {
		if a.Settings.IsWatched(typ) && a.Formation.Count(typ) > 0 {
			for _, p := range a.Settings.Patterns[typ].Each() {
				sets = append(sets, watch.Set{Name: typ, Patterns: p})
			}
		}
	}
	if len(sets) == 0 {
		return nil, all
	}
	each, all := watch.Counts(a.Root, sets)
	for i, s := range sets {
		patterns = append(patterns, PatternCount{s.Name, s.Patterns.String(), each[i]})
	}
	return patterns, all
}
