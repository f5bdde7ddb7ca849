package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"reeve/cmd/reeve/internal/place"
	"reeve/procfile"
	"reeve/procfile/probe"
	"reeve/supervisor"
)

// options are the settings of a formation.
type options struct {
	place.Place
	env                []string
	typeEnv            map[string][]string // env files of process types
	noEnv, envOverride bool

	formation string
	exclude   []string
	types     []string // named on the command line

	port, portStep int // port 0: not asked for
	noPort         bool
	portsOnLine    bool // the command line says something about ports
	asksRunning    bool // the ports are those of the formation that runs, if one does

	timeout      perType[time.Duration]
	stopSignal   perType[syscall.Signal]
	restart      perType[supervisor.RestartPolicy]
	restartLimit int // 0: none
	canDie       []string
	after        map[string][]string
	ready        map[string]probe.Probe
	readyTimeout time.Duration
	noHints      bool
	tables       []table  // of process types in reeve.toml
	inFile       []string // process types that reeve.toml speaks of
	onLine       []string // those of the command line's flags
	settings     error    // what is wrong with the sources other than the command line
	ignored      []string // what is said of variables that look like settings and are none

	color                 string
	timestamp             string
	noTimestamp, noPrefix bool
	logFormat             string
	tty, stdin            perType[string]
	quiet                 []string

	cleanEnv    bool
	keep        []string
	strict      bool
	waitFor     []string
	waitTimeout time.Duration
	release     bool

	history int      // bytes
	attach  []string // a type, and perhaps ctrl-c
	detach  bool

	init bool // of run

	json, watch, follow bool // of those that talk to a running formation
	lines               int  // of logs; negative: all
	since               time.Duration
	exported            // of export

	format     string // of env and check
	showValues bool
}

func defaults() *options {
	return &options{
		portStep:   100,
		timeout:    perType[time.Duration]{all: 5 * time.Second},
		stopSignal: perType[syscall.Signal]{all: syscall.SIGTERM},
		color:      "auto",
		timestamp:  "15:04:05",
		logFormat:  "text",
		format:     "text",

		history: 1 << 20,
		lines:   -1,

		waitTimeout:  30 * time.Second,
		readyTimeout: 30 * time.Second,
		tty:          perType[string]{all: "auto"},
		stdin:        perType[string]{all: openInput},
	}
}

// option is one row of the table that the flags and their help are made from.
type option struct {
	on          commandSet // the commands that have it
	name, short string
	arg         string // what its argument is called; empty: it takes none
	bare        string // the value where the argument may be left out, and is
	usage       string
	value       func(*options) pflag.Value
}

// typeForm says how a setting of one process type is written.
type typeForm uint8

const (
	never  typeForm = iota // it is none
	single                 // TYPE=VALUE
	member                 // TYPE, in a list of those that have it
	order                  // TYPE=TYPE+TYPE
)

// typeForm reads that off what help says of the flag's argument.
func (row option) typeForm() typeForm {
	switch {
	case row.arg == "TYPE=TYPE+TYPE":
		return order
	case strings.HasPrefix(row.arg, "[TYPE=]"), strings.HasPrefix(row.arg, "TYPE="):
		return single
	case strings.HasPrefix(row.arg, "TYPE["):
		return member
	}
	return never
}

// commandSet is a set of commands that take options.
type commandSet uint32

const (
	onStart commandSet = 1 << iota
	onRun
	onEnv
	onCheck
	onExport
	onPs
	onRestart
	onStop
	onScale
	onLogs
	onAttach
	onQuit

	// everywhere is what every command that loads the app has.
	everywhere = onStart | onRun | onEnv | onCheck | onExport
	// onSettings is what the settings of an app are for.
	onSettings = onStart | onExport
	// onClients is what talks to a running formation, and onLogs too.
	onClients = onPs | onRestart | onStop | onScale | onAttach | onQuit
)

// optionCommands has the commands that take options.
var optionCommands = map[string]commandSet{
	"start": onStart, "run": onRun, "env": onEnv, "check": onCheck, "export": onExport,
	"ps": onPs, "restart": onRestart, "stop": onStop, "scale": onScale,
	"logs": onLogs, "attach": onAttach, "quit": onQuit,
}

// optionTable has every flag.
var optionTable = slices.Concat(formationOptions, exportOptions)

// formationOptions are the flags of which most commands have some.
var formationOptions = []option{
	{everywhere, "procfile", "f", "FILE", "", "the Procfile; - reads standard input (default Procfile, looked for upwards from here)",
		func(o *options) pflag.Value { return (*textValue)(&o.Procfile) }},
	{onClients, "procfile", "f", "FILE", "", "the Procfile of the formation, which tells the root (default that which runs here or above)",
		func(o *options) pflag.Value { return (*textValue)(&o.Procfile) }},
	{onLogs, "procfile", "", "FILE", "", "the Procfile of the formation, which tells the root (default that which runs here or above)",
		func(o *options) pflag.Value { return (*textValue)(&o.Procfile) }},
	{onClients | onLogs, "root", "d", "DIR", "", "the root of the formation",
		func(o *options) pflag.Value { return (*textValue)(&o.Root) }},
	{everywhere, "root", "d", "DIR", "", "the app's root: where processes run and .env is read (default the Procfile's directory)",
		func(o *options) pflag.Value { return (*textValue)(&o.Root) }},
	{everywhere, "env", "e", "FILE[,FILE]", "", "env files, later ones win (default .env if there is one)",
		func(o *options) pflag.Value { return &listValue{list: &o.env} }},
	{everywhere, "no-env", "", "", "", "read no env file",
		func(o *options) pflag.Value { return (*switchValue)(&o.noEnv) }},
	{everywhere, "env-override", "", "", "", "let env files beat the real environment",
		func(o *options) pflag.Value { return (*switchValue)(&o.envOverride) }},
	{onStart | onCheck | onExport, "formation", "m", "TYPE=N[,TYPE=N]", "", "instances per type; all=N sets the rest, 0 leaves one out (default all=1,release=0)",
		func(o *options) pflag.Value { return &formationValue{spec: &o.formation} }},
	{onStart | onCheck | onExport, "exclude", "x", "TYPE[,TYPE]", "", "leave types out",
		func(o *options) pflag.Value { return &listValue{list: &o.exclude} }},
	{everywhere, "port", "p", "N", "", "base port (default PORT of the environment, else 5000)",
		func(o *options) pflag.Value { return &numberValue{&o.port, 1, 65535} }},
	{everywhere, "port-step", "", "N", "", "distance between the ports of two types (default 100)",
		func(o *options) pflag.Value { return &numberValue{&o.portStep, 1, 65535} }},
	{everywhere, "no-port", "", "", "", "assign no ports",
		func(o *options) pflag.Value { return (*switchValue)(&o.noPort) }},
	{onStart | onRun | onCheck, "timeout", "t", "[TYPE=]SECONDS", "", "grace period between the stop signal and SIGKILL; also 1m30s (default 5)",
		func(o *options) pflag.Value {
			return &perTypeValue[time.Duration]{of: &o.timeout, parse: parseDuration}
		}},
	{onStart | onRun | onCheck | onExport, "stop-signal", "", "[TYPE=]SIGNAL", "", "what asks a process to stop (default TERM)",
		func(o *options) pflag.Value {
			return &perTypeValue[syscall.Signal]{of: &o.stopSignal, parse: parseSignal}
		}},
	{onStart | onCheck | onExport, "restart", "", "[TYPE=]POLICY", "", "what is started again when it ends: never, on-failure or always (default never)",
		func(o *options) pflag.Value {
			return &perTypeValue[supervisor.RestartPolicy]{of: &o.restart, parse: supervisor.ParseRestartPolicy}
		}},
	{onStart | onCheck | onExport, "restart-limit", "", "N", "", "restarts in a row after which an instance counts as failed (default no limit)",
		func(o *options) pflag.Value { return &numberValue{&o.restartLimit, 1, math.MaxInt32} }},
	{onStart | onCheck | onExport, "can-die", "", "TYPE[,TYPE]|all", "", "types that may end without ending the formation",
		func(o *options) pflag.Value { return &listValue{list: &o.canDie} }},
	{onStart | onCheck | onExport, "after", "", "TYPE=TYPE+TYPE", "", "start a type when the others are ready; stopping goes the other way round",
		func(o *options) pflag.Value { return &orderValue{after: &o.after} }},
	{onStart | onCheck | onExport, "ready", "", "TYPE=PROBE", "", "when a type is ready: " + probe.Usage() + " (default when it runs)",
		func(o *options) pflag.Value { return (*probeValue)(&o.ready) }},
	{onStart | onCheck | onExport, "ready-timeout", "", "SECONDS", "", "how long a type may take to be ready (default 30)",
		func(o *options) pflag.Value { return (*durationValue)(&o.readyTimeout) }},
	{onStart | onCheck | onLogs, "color", "c", "auto|always|never", "always", "colour the prefixes; auto follows the terminal, NO_COLOR and FORCE_COLOR (default auto)",
		func(o *options) pflag.Value { return &choiceValue{&o.color, []string{"auto", "always", "never"}} }},
	{onStart | onCheck | onLogs, "no-color", "", "", "", "the same as --color=never",
		func(o *options) pflag.Value { return (*noColorValue)(&o.color) }},
	{onStart | onCheck | onLogs, "timestamp", "", "LAYOUT", "15:04:05", "put the time in front of every line: a layout of Go's time package, or rfc3339, unix, relative (default 15:04:05)",
		func(o *options) pflag.Value { return (*textValue)(&o.timestamp) }},
	{onStart | onCheck | onLogs, "no-timestamp", "", "", "", "put no time in front",
		func(o *options) pflag.Value { return (*switchValue)(&o.noTimestamp) }},
	{onStart | onCheck | onLogs, "no-prefix", "", "", "", "put neither time nor name in front; unless it goes to a terminal, reeve's own lines are left out",
		func(o *options) pflag.Value { return (*switchValue)(&o.noPrefix) }},
	{onStart | onCheck, "log-format", "", "text|json", "", "lines for people, or one JSON object a line (default text)",
		func(o *options) pflag.Value { return &choiceValue{&o.logFormat, []string{"text", "json"}} }},
	{onStart | onCheck, "quiet", "q", "TYPE[,TYPE]", "", "keep these types' output out of the log; system stands for reeve's own lines",
		func(o *options) pflag.Value { return &listValue{list: &o.quiet} }},
	{everywhere &^ onExport, "clean-env", "", "", "", "give processes only PATH, HOME, USER, SHELL, LANG, LC_*, TERM, TMPDIR, TZ, what --keep names and what the app declares",
		func(o *options) pflag.Value { return (*switchValue)(&o.cleanEnv) }},
	{everywhere, "keep", "", "KEY[,KEY]", "", "variables that --clean-env leaves too, and that export takes from the environment",
		func(o *options) pflag.Value { return &listValue{list: &o.keep} }},
	{onStart | onRun | onCheck | onExport, "strict", "", "", "", "start nothing if config is missing that .env.example or app.json asks for",
		func(o *options) pflag.Value { return (*switchValue)(&o.strict) }},
	{onStart | onRun | onCheck, "wait-for", "", "KEY[,KEY]|auto", "", "wait until the services that the URLs in these variables name accept connections",
		func(o *options) pflag.Value { return &listValue{list: &o.waitFor} }},
	{onStart | onRun | onCheck, "wait-timeout", "", "SECONDS", "", "how long to wait for services (default 30)",
		func(o *options) pflag.Value { return (*durationValue)(&o.waitTimeout) }},
	{onStart | onCheck, "release", "", "", "", "run the release entry to completion first",
		func(o *options) pflag.Value { return (*switchValue)(&o.release) }},
	{onRun, "init", "", "", "", "stay in front of the command and reap orphans, for a container's PID 1",
		func(o *options) pflag.Value { return (*switchValue)(&o.init) }},
	{onEnv, "show-values", "", "", "", "print the values too",
		func(o *options) pflag.Value { return (*switchValue)(&o.showValues) }},
	{onEnv, "format", "", "text|dotenv|json|shell", "", "print something that the named reader reads back; with --show-values (default text)",
		func(o *options) pflag.Value {
			return &choiceValue{&o.format, []string{"text", "dotenv", "json", "shell"}}
		}},
	{onCheck, "format", "", "text|json", "", "lines for people, or an array of objects for editors (default text)",
		func(o *options) pflag.Value { return &choiceValue{&o.format, []string{"text", "json"}} }},
	{onStart | onCheck, "history", "", "SIZE", "", "how much of each instance's output reeve logs can show, such as 64KiB or 4MiB; 0 keeps none (default 1MiB)",
		func(o *options) pflag.Value { return (*sizeValue)(&o.history) }},
	{onStart | onCheck, "attach", "", "TYPE[,ctrl-c]", "", "this type's first instance owns the keyboard; with ctrl-c it gets that key, too",
		func(o *options) pflag.Value { return &listValue{list: &o.attach} }},
	{onStart, "detach", "D", "", "", "run in the background, and return when all is ready",
		func(o *options) pflag.Value { return (*switchValue)(&o.detach) }},
	{onPs | onLogs, "json", "", "", "", "print JSON",
		func(o *options) pflag.Value { return (*switchValue)(&o.json) }},
	{onPs, "watch", "w", "", "", "print it again every second",
		func(o *options) pflag.Value { return (*switchValue)(&o.watch) }},
	{onLogs, "follow", "f", "", "", "print what comes, too, until the formation ends",
		func(o *options) pflag.Value { return (*switchValue)(&o.follow) }},
	{onLogs, "lines", "n", "N", "", "only the last so many lines (default all there are)",
		func(o *options) pflag.Value { return &numberValue{&o.lines, 0, math.MaxInt32} }},
	{onLogs, "since", "", "SECONDS", "", "nothing older; also 5m",
		func(o *options) pflag.Value { return (*durationValue)(&o.since) }},
	{onStart | onCheck, "no-hints", "", "", "", "give no hints on what may be wrong",
		func(o *options) pflag.Value { return (*switchValue)(&o.noHints) }},
	{onStart | onCheck, "tty", "", "[TYPE=]auto|always|never", "", "give each process a pseudo-terminal; auto does so when standard output is a terminal (default auto)",
		func(o *options) pflag.Value {
			return &perTypeValue[string]{of: &o.tty, parse: oneOf("auto", "always", "never")}
		}},
	{onStart | onCheck, "stdin", "", "[TYPE=]open|null", "", "keep the input of processes without a terminal open until they are to stop, or give them an empty one (default open; null for release)",
		func(o *options) pflag.Value {
			return &perTypeValue[string]{of: &o.stdin, parse: oneOf(openInput, noInput)}
		}},
}

// parseOptions reads the command line behind a command. What is no flag is returned.
func parseOptions(command string, args []string) (o *options, rest []string, err error) {
	o = defaults()
	flags := flagSet(o, optionCommands[command])
	flags.SetInterspersed(command != "run") // flags behind a one-off belong to it
	if err := flags.Parse(args); err != nil {
		return nil, nil, flagError(err, command, flags)
	}
	if command == "export" {
		o.lookHere()
	}
	o.portsOnLine = flags.Changed("port") || flags.Changed("port-step") || flags.Changed("no-port")
	settled, err := applySettings(command, args, o)
	if settled == nil {
		return nil, nil, err
	}
	if command == "export" {
		settled.lookHere()
	}
	settled.settings = err
	return settled, flags.Args(), nil
}

// flagSet makes a command's flags, which write into o.
func flagSet(o *options, on commandSet) *pflag.FlagSet {
	flags := pflag.NewFlagSet("reeve", pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	flags.SortFlags = false
	for _, row := range optionTable {
		if row.on&on == 0 {
			continue
		}
		flag := flags.VarPF(row.value(o), row.name, row.short, row.usage)
		flag.NoOptDefVal = row.bare
		if row.arg == "" {
			flag.NoOptDefVal = "true"
		}
	}
	return flags
}

// flagError says in plain words what is wrong with a command line.
func flagError(err error, command string, flags *pflag.FlagSet) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		return unknownFlag(unknown, command, flags)
	}
	var missing *pflag.ValueRequiredError
	if errors.As(err, &missing) {
		return needsAValue(rowOf(optionCommands[command], missing.GetFlag().Name))
	}
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		return fmt.Errorf("--%s %s: %v", invalid.GetFlag().Name, invalid.GetValue(), invalid.Unwrap())
	}
	return err
}

func unknownFlag(err *pflag.NotExistError, command string, flags *pflag.FlagSet) error {
	if short := err.GetSpecifiedShortnames(); short != "" {
		return fmt.Errorf("unknown flag -%s: see: reeve help %s", err.GetSpecifiedName(), command)
	}
	names := []string{"help"}
	flags.VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if near := procfile.Nearest(err.GetSpecifiedName(), names); near != "" {
		return fmt.Errorf("unknown flag --%s: did you mean --%s?", err.GetSpecifiedName(), near)
	}
	return fmt.Errorf("unknown flag --%s: see: reeve help %s", err.GetSpecifiedName(), command)
}

func rowOf(on commandSet, name string) option {
	for _, row := range optionTable {
		if row.name == name && row.on&on != 0 {
			return row
		}
	}
	return option{}
}

// splitList splits a comma-separated list; blanks around its items do not matter.
func splitList(s string) []string {
	var items []string
	for item := range strings.SplitSeq(s, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}
