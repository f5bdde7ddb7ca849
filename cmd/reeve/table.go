package main

import (
	"math"
	"slices"
	"syscall"
	"time"

	"reeve/procfile/probe"
	"reeve/supervisor"
)

// A group is what flags have in common, and their heading in help.
type group string

const (
	whatRuns          group = "What runs"
	environment       group = "Environment"
	orderAndReadiness group = "Order and readiness"
	restartsAndStops  group = "Restarts and stops"
	whatIsShown       group = "Output"
	terminalsAndInput group = "Terminals and input"
	inBackground      group = "Background"
	whatIsWritten     group = "What is written"
)

// optionTable has every flag, in the order in which help explains them.
var optionTable = slices.Concat(formationOptions, outputOptions, exportOptions)

// formationOptions are about what runs, and how.
var formationOptions = []option{
	{whatRuns, everywhere, "procfile", "f", one(file), "",
		"the Procfile; - reads standard input", "Procfile, looked for upwards from here",
		func(o *options) value { return (*textValue)(&o.Procfile) }},
	{whatRuns, onClients, "procfile", "f", one(file), "",
		"the Procfile of the formation, which tells the root", "that which runs here or above",
		func(o *options) value { return (*textValue)(&o.Procfile) }},
	{whatRuns, onLogs, "procfile", "", one(file), "",
		"the Procfile of the formation, which tells the root", "that which runs here or above",
		func(o *options) value { return (*textValue)(&o.Procfile) }},
	{whatRuns, onClients | onLogs, "root", "d", one(directory), "",
		"the root of the formation", "",
		func(o *options) value { return (*textValue)(&o.Root) }},
	{whatRuns, everywhere, "root", "d", one(directory), "",
		"the app's root: where processes run and .env is read", "the Procfile's directory",
		func(o *options) value { return (*textValue)(&o.Root) }},
	{whatRuns, onStart | onCheck | onExport, "formation", "m", counts, "",
		"instances per type; all=N sets the rest, 0 leaves one out", "all=1,release=0",
		func(o *options) value { return (*formationValue)(&o.formation) }},
	{whatRuns, onStart | onCheck | onExport, "exclude", "x", types, "",
		"leave types out", "",
		func(o *options) value { return (*listValue)(&o.exclude) }},
	{whatRuns, onStart | onCheck, "release", "", Arg{}, "",
		"run the release entry to completion first", "",
		func(o *options) value { return (*switchValue)(&o.release) }},
	{whatRuns, everywhere, "port", "p", one(free("N")), "",
		"base port", "PORT of the environment, else 5000",
		func(o *options) value { return &numberValue{&o.port, 1, 65535} }},
	{whatRuns, everywhere, "port-step", "", one(free("N")), "",
		"distance between the ports of two types", "",
		func(o *options) value { return &numberValue{&o.portStep, 1, 65535} }},
	{whatRuns, everywhere, "no-port", "", Arg{}, "",
		"assign no ports", "",
		func(o *options) value { return (*switchValue)(&o.noPort) }},
	{environment, everywhere, "env", "e", listOf(file), "",
		"env files, later ones win", ".env if there is one",
		func(o *options) value { return (*listValue)(&o.env) }},
	{environment, everywhere, "no-env", "", Arg{}, "",
		"read no env file", "",
		func(o *options) value { return (*switchValue)(&o.noEnv) }},
	{environment, everywhere, "env-override", "", Arg{}, "",
		"let env files beat the real environment", "",
		func(o *options) value { return (*switchValue)(&o.envOverride) }},
	{environment, everywhere &^ onExport, "clean-env", "", Arg{}, "",
		"give processes only PATH, HOME, USER, SHELL, LANG, LC_*, TERM, TMPDIR, TZ, what --keep names and what the app declares", "",
		func(o *options) value { return (*switchValue)(&o.cleanEnv) }},
	{environment, everywhere, "keep", "", listOf(variableKey), "",
		"variables that --clean-env leaves too, and that export takes from the environment", "",
		func(o *options) value { return (*listValue)(&o.keep) }},
	{environment, onStart | onRun | onCheck | onExport, "strict", "", Arg{}, "",
		"start nothing if config is missing that .env.example or app.json asks for", "",
		func(o *options) value { return (*switchValue)(&o.strict) }},
	{orderAndReadiness, onStart | onCheck | onExport, "after", "", order, "",
		"start a type when the others are ready; stopping goes the other way round", "",
		func(o *options) value { return (*orderValue)(&o.after) }},
	{orderAndReadiness, onStart | onCheck | onExport, "ready", "", ofType(probeText), "",
		"when a type is ready: " + probe.Usage(), "when it runs",
		func(o *options) value { return (*probeValue)(&o.ready) }},
	{orderAndReadiness, onStart | onCheck | onExport, "ready-timeout", "", one(seconds), "",
		"how long a type may take to be ready", "",
		func(o *options) value { return (*durationValue)(&o.readyTimeout) }},
	{orderAndReadiness, onStart | onRun | onCheck, "wait-for", "", listOf(variableKey).or("auto"), "",
		"wait until the services that the URLs in these variables name accept connections", "",
		func(o *options) value { return (*listValue)(&o.waitFor) }},
	{orderAndReadiness, onStart | onRun | onCheck, "wait-timeout", "", one(seconds), "",
		"how long to wait for services", "",
		func(o *options) value { return (*durationValue)(&o.waitTimeout) }},
	{restartsAndStops, onStart | onRun | onCheck, "timeout", "t", perTypeOf(seconds), "",
		"grace period between the stop signal and SIGKILL; also 1m30s", "",
		func(o *options) value {
			return &perTypeValue[time.Duration]{of: &o.timeout, parse: parseDuration, show: showDuration}
		}},
	{restartsAndStops, onExport, "timeout", "", perTypeOf(seconds), "",
		"grace period between the stop signal and SIGKILL; also 1m30s", "",
		func(o *options) value {
			return &perTypeValue[time.Duration]{of: &o.timeout, parse: parseDuration, show: showDuration}
		}},
	{restartsAndStops, onStart | onRun | onCheck | onExport, "stop-signal", "", perTypeOf(signalName), "",
		"what asks a process to stop", "",
		func(o *options) value {
			return &perTypeValue[syscall.Signal]{of: &o.stopSignal, parse: parseSignal, show: showSignal}
		}},
	{restartsAndStops, onStart | onCheck | onExport, "restart", "", perTypeOf(policy), "",
		"what is started again when it ends: never, on-failure or always", "",
		func(o *options) value {
			return &perTypeValue[supervisor.RestartPolicy]{of: &o.restart, parse: supervisor.ParseRestartPolicy, show: supervisor.RestartPolicy.String}
		}},
	{restartsAndStops, onStart | onCheck | onExport, "restart-limit", "", one(free("N")), "",
		"restarts in a row after which an instance counts as failed", "no limit",
		func(o *options) value { return &numberValue{&o.restartLimit, 1, math.MaxInt32} }},
	{restartsAndStops, onStart | onCheck | onExport, "can-die", "", types.or("all"), "",
		"types that may end without ending the formation", "",
		func(o *options) value { return (*listValue)(&o.canDie) }},
	{restartsAndStops, onRun, "init", "", Arg{}, "",
		"stay in front of the command and reap orphans, for a container's PID 1", "",
		func(o *options) value { return (*switchValue)(&o.init) }},
	{terminalsAndInput, onStart | onCheck, "tty", "", perTypeOf(when), "",
		"give each process a pseudo-terminal; auto does so when standard output is a terminal", "",
		func(o *options) value {
			return &perTypeValue[string]{of: &o.tty, parse: oneOf(when.words...), show: asIs}
		}},
	{terminalsAndInput, onStart | onCheck, "stdin", "", perTypeOf(input), "",
		"keep the input of processes without a terminal open until they are to stop, or give them an empty one", "open; null for release",
		func(o *options) value {
			return &perTypeValue[string]{of: &o.stdin, parse: oneOf(input.words...), show: asIs}
		}},
	{terminalsAndInput, onStart | onCheck, "attach", "", types.with("ctrl-c"), "",
		"this type's first instance owns the keyboard; with ctrl-c it gets that key, too", "",
		func(o *options) value { return (*listValue)(&o.attach) }},
	{inBackground, onStart, "detach", "D", Arg{}, "",
		"run in the background, and return when all is ready", "",
		func(o *options) value { return (*switchValue)(&o.detach) }},
}
