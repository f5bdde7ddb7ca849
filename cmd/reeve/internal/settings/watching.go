package settings

import (
	"slices"
	"strings"
	"syscall"
	"time"

	"reeve/supervisor"
	"reeve/watch"
)

const (
	restartWord = "restart" // of --on-change
	autoWord    = "auto"    // of --watch-poll
)

// A build is a task of its own, which the type that it makes comes after. Its name cannot be that of a
// process type.
const buildSuffix = ":build"

// BuildOf is the name of the build of a process type.
func BuildOf(typ string) string { return typ + buildSuffix }

// IsBuild reports whether a name is that of a build.
func IsBuild(name string) bool { return strings.HasSuffix(name, buildSuffix) }

// TypeOf is the process type that a build is of, and any other name as it is.
func TypeOf(name string) string { return strings.TrimSuffix(name, buildSuffix) }

// IsWatched reports whether files that change start a type again.
func (o *Options) IsWatched(typ string) bool {
	_, watched := o.Patterns[typ]
	return watched && !o.NoWatch
}

// RunSpec is the spec of an instance that comes after the build of its type, if there is one, and is
// started again when files change.
func (o *Options) RunSpec(name, typ string) supervisor.Spec {
	s := o.Spec(name, typ)
	s.Watched = o.IsWatched(typ)
	if _, built := o.Build[typ]; built {
		s.After = append(slices.Clip(s.After), BuildOf(typ))
	}
	return s
}

// BuildSpec is the spec of the build of a type, if there is one.
func (o *Options) BuildSpec(typ string) (s supervisor.Spec, ok bool) {
	if _, built := o.Build[typ]; !built {
		return s, false
	}
	of := o.Spec("", typ)
	return supervisor.Spec{
		Name: BuildOf(typ), Type: BuildOf(typ), Stop: of.Stop, Grace: of.Grace, After: of.After,
		Task: true, Build: true, Watched: o.IsWatched(typ),
	}, true
}

// Dependents are the types that come after one, directly or with others between them.
func (o *Options) Dependents(of string) (all []string) {
	for next := []string{of}; len(next) > 0; next = next[1:] {
		for typ, before := range o.After {
			if slices.Contains(before, next[0]) && !slices.Contains(all, typ) {
				all, next = append(all, typ), append(next, typ)
			}
		}
	}
	slices.Sort(all)
	return all
}

func parsePatterns(text string) (watch.Patterns, error) { return watch.Parse(watch.Split(text)) }

func parseOnChange(text string) (syscall.Signal, error) {
	if text == restartWord {
		return 0, nil
	}
	return parseSignal(text)
}

func showOnChange(s syscall.Signal) string {
	if s == 0 {
		return restartWord
	}
	return showSignal(s)
}

func parsePoll(text string) (time.Duration, error) {
	if text == autoWord {
		return 0, nil
	}
	return parseDuration(text)
}

func showPoll(d time.Duration) string {
	if d == 0 {
		return autoWord
	}
	return showDuration(d)
}
