// Package settings has every flag, and reads what they are set to.
//
// [Table] has a row for each flag. The flag itself, its variable REEVE_<FLAG>, its key in
// reeve.toml, and what help, completion and the manual say about it are derived from that.
//
// A flag has four sources: the command line, the environment that reeve was started in,
// reeve.toml in the root, and its default. Each source is read into [Options] of its own;
// then they are merged, the weakest first, and each type of value defines what that means: a
// list replaces a list, while a setting for one process type leaves the others alone. So no
// value remembers where it comes from; what can only be checked against the Procfile is noted
// separately, as a [Mention].
package settings

import (
	"errors"
	"fmt"
	"regexp"
	"syscall"
	"time"

	"reeve/cmd/reeve/internal/held"
	"reeve/cmd/reeve/internal/place"
	"reeve/procfile/probe"
	"reeve/supervisor"
	"reeve/watch"
)

// Options are the settings of a command, in parts. Take the part you need.
type Options struct {
	place.Place
	EnvFiles
	Selection
	Ports
	Policies
	Watching
	Services
	Log
	Running
	Printing
	Waiting
	Export
	Sources
}

// EnvFiles are the settings of the app's environment.
type EnvFiles struct {
	Env                []string
	TypeEnv            map[string][]string // env files of process types
	NoEnv, EnvOverride bool
	CleanEnv, Strict   bool
	Keep               []string
}

// Selection says what runs, and how often.
type Selection struct {
	Groups     Groups
	Quantities string
	Exclude    []string
	Release    bool
	WithDeps   bool              // what is named takes what it comes after with it
	Dirs       map[string]string // where types run, if not in the root
}

// Ports says who gets which port.
type Ports struct {
	Port     int // 0: not asked for; AutoPort: reeve chooses
	PortStep int
	NoPort   bool
	Listen   map[string]held.Address // the sockets that reeve holds for process types
}

// Policies say what process types may do, and when.
type Policies struct {
	Timeout      PerType[time.Duration]
	StopSignal   PerType[syscall.Signal]
	StopCommand  map[string]string // in its place
	Restart      PerType[supervisor.RestartPolicy]
	restartLimit int // 0: none
	CanDie       []string
	After        map[string][]string
	Ready        map[string]probe.Probe
	readyTimeout time.Duration

	Health   map[string]probe.Probe
	Cron     map[string]string // the schedules of types; ManifestWord: see app.json, too
	CronZone string
	Zone     *time.Location // in which times of day are, as the app has found out; nil: local time

	HealthInterval PerType[time.Duration]
	HealthFailures PerType[int]
}

// Watching says what happens when files change.
type Watching struct {
	Patterns  map[string]watch.Patterns // of --watch
	Build     map[string]string
	OnChange  PerType[syscall.Signal] // 0: restart
	Cascade   []string
	WatchPoll PerType[time.Duration] // 0: when the system does not report changes
	NoWatch   bool
}

// Services is about services that are waited for.
type Services struct {
	WaitFor     []string
	WaitTimeout time.Duration
}

// Log says what the log looks like, and how much of it is kept.
type Log struct {
	Color                 string
	Timestamp             string
	NoTimestamp, NoPrefix bool
	LogFormat             string
	Quiet                 Quiet
	History               int    // bytes
	FilesDir              string // empty: there are no log files
	FilesSize, FilesKeep  int
	NoHints               bool
}

// Running is about the terminals and the input of what runs, and reeve's own place.
type Running struct {
	TTY, Stdin   PerType[string]
	Attach       []string // a type, and perhaps ctrl-c
	Detach, Init bool
}

// Printing is how commands print what they have found out, and of what.
type Printing struct {
	All                 bool // of every formation of this user
	JSON, Watch, Follow bool
	Lines               int // negative: all
	Since, Until        time.Duration
	Grep, Not           *regexp.Regexp // nil: every line
	Stderr              bool
	Format              string
	ShowValues          bool
}

// Waiting is what reeve wait waits for, and how long.
type Waiting struct {
	Within time.Duration  // negative: for ever
	Line   *regexp.Regexp // nil: for what is named to be ready
}

// Sources is what is known of the sources besides the values.
type Sources struct {
	Wrong       error     // what is wrong with those other than the command line
	Ignored     []string  // texts about variables that look like settings and are not
	Mentions    []Mention // of process types in those sources
	EnvNamed    envNames  // env files in those sources
	InFile      []string  // process types that reeve.toml speaks of
	OnLine      []string  // those of the command line's flags
	GroupNamed  envNames  // groups in those sources
	PortsOnLine bool      // the command line says which ports
	PlaceOnLine bool      // the command line says which app
}

// Defaults are the values of settings that nobody has set.
func Defaults() *Options {
	return &Options{
		Ports: Ports{PortStep: 100},
		Policies: Policies{
			Timeout:      PerType[time.Duration]{all: 5 * time.Second},
			StopSignal:   PerType[syscall.Signal]{all: syscall.SIGTERM},
			readyTimeout: noTimeout,

			HealthInterval: PerType[time.Duration]{all: 10 * time.Second},
			HealthFailures: PerType[int]{all: 3},
		},
		Services: Services{WaitTimeout: 30 * time.Second},
		Log:      Log{Color: "auto", Timestamp: "15:04:05", LogFormat: "text", History: 1 << 20, FilesSize: 10 << 20, FilesKeep: 3},
		Running:  Running{TTY: PerType[string]{all: "auto"}, Stdin: PerType[string]{all: openInput}},
		Printing: Printing{Format: "text", Lines: -1},
		Waiting:  Waiting{Within: -1},
	}
}

// check reports a part of the log in which there can be nothing.
func (p Printing) check() error {
	switch {
	case p.Until > 0 && p.Follow:
		return errors.New("--until and --follow exclude each other")
	case p.Until > 0 && p.Since > 0 && p.Since <= p.Until:
		return fmt.Errorf("--since %s must be more than --until %s: both are ages", showDuration(p.Since), showDuration(p.Until))
	}
	return nil
}
