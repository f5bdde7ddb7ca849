package settings

import (
	"math"
	"slices"
	"strconv"
	"sync"

	"reeve/procfile"
	"reeve/procfile/probe"
	"reeve/supervisor"
)

// Group is what flags have in common: their heading in help.
type Group string

const (
	whatRuns          Group = "What runs"
	environment       Group = "Environment"
	orderAndReadiness Group = "Order and readiness"
	restartsAndStops  Group = "Restarts and stops"
	atTimes           Group = "Schedules"
	whenFilesChange   Group = "Files that change"
	whatIsShown       Group = "Output"
	terminalsAndInput Group = "Terminals and input"
	inBackground      Group = "Background"
	whatIsWritten     Group = "What is written"
	whatIsWaitedFor   Group = "What is waited for"
)

// Table has every flag, in the order in which help explains them.
var Table = sync.OnceValue(func() []Row { return slices.Concat(formationOptions, outputOptions, exportOptions) })

// formationOptions are about what runs, and how.
var formationOptions = []Row{
	{whatRuns, everywhere, "procfile", "f", one(file), "",
		"the Procfile; - reads standard input", "Procfile, looked for upwards from here",
		func(o *Options) value { return (*textValue)(&o.Procfile) }},
	{whatRuns, onClients, "procfile", "f", one(file), "",
		"Procfile of the running formation", "the one in this directory or above",
		func(o *Options) value { return (*textValue)(&o.Procfile) }},
	{whatRuns, onLogs, "procfile", "", one(file), "",
		"Procfile of the running formation", "the one in this directory or above",
		func(o *Options) value { return (*textValue)(&o.Procfile) }},
	{whatRuns, onClients | onLogs, "root", "d", one(directory), "",
		"root of the running formation", "",
		func(o *Options) value { return (*textValue)(&o.Root) }},
	{whatRuns, everywhere, "root", "d", one(directory), "",
		"the app's root: where processes run and .env is read", "the Procfile's directory",
		func(o *Options) value { return (*textValue)(&o.Root) }},
	{whatRuns, OnStart | onCheck | onExport, "formation", "m", counts, "",
		"instances per type; all=N sets the rest, 0 leaves one out", "all=1,release=0",
		func(o *Options) value { return (*formationValue)(&o.Quantities) }},
	{whatRuns, OnStart | onCheck | onExport, "exclude", "x", types, "",
		"leave types out", "",
		func(o *Options) value { return (*typesValue)(&o.Exclude) }},
	{whatRuns, everywhere, groupTable, "", group, "",
		"name process types together: @NAME then stands for them wherever a TYPE may stand", "",
		func(o *Options) value { return (*groupValue)(&o.Groups) }},
	{whatRuns, OnStart | onCheck, "with-deps", "", Arg{}, "",
		"with named types, also what they come after", "",
		func(o *Options) value { return (*switchValue)(&o.WithDeps) }},
	{whatRuns, OnStart | onCheck, "release", "", Arg{}, "",
		"run the release entry to completion first", "",
		func(o *Options) value { return (*releaseValue)(&o.Release) }},
	{whatRuns, everywhere &^ onExport, "port", "p", one(portNumber), "",
		"base port; auto finds free ports, so that several checkouts of an app can run at once", "PORT of the environment, else 5000",
		func(o *Options) value { return (*portValue)(&o.Port) }},
	{whatRuns, onExport, "port", "p", one(free("N")), "",
		"base port", "PORT of the environment, else 5000",
		func(o *Options) value { return (*portValue)(&o.Port) }},
	{whatRuns, everywhere, "port-step", "", one(free("N")), "",
		"distance between the ports of two types", "",
		func(o *Options) value { return &numberValue{&o.PortStep, 1, 65535} }},
	{whatRuns, everywhere, "no-port", "", Arg{}, "",
		"assign no ports", "",
		func(o *Options) value { return (*switchValue)(&o.NoPort) }},
	{whatRuns, OnStart | onCheck | onExport, "listen", "", typeMay(address), "",
		"hold a type's listening socket over its restarts and hand it on as systemd does; the address is HOST:PORT or the path of a Unix socket, and without one its PORT on localhost", "",
		func(o *Options) value { return (*listenValue)(&o.Listen) }},
	{whatRuns, everywhere, "dir", "", ofType(directory), "",
		"where a type runs, from the root", "the root",
		func(o *Options) value { return ofTypeVar(&o.Dirs, parseText, "TYPE=DIR, as in api=apps/api") }},
	{environment, everywhere, "env", "e", listOf(file), "",
		"env files, later ones win", ".env if there is one",
		func(o *Options) value { return (*listValue)(&o.Env) }},
	{environment, everywhere, "no-env", "", Arg{}, "",
		"read no env file", "",
		func(o *Options) value { return (*switchValue)(&o.NoEnv) }},
	{environment, everywhere, "env-override", "", Arg{}, "",
		"let env files override the real environment", "",
		func(o *Options) value { return (*switchValue)(&o.EnvOverride) }},
	{environment, everywhere &^ onExport, "clean-env", "", Arg{}, "",
		"pass on only PATH, HOME, USER, SHELL, LANG, LC_*, TERM, TMPDIR, TZ, the variables that the app declares and those of --keep", "",
		func(o *Options) value { return (*switchValue)(&o.CleanEnv) }},
	{environment, everywhere, "keep", "", listOf(variableKey), "",
		"more variables for --clean-env to keep, and for export to take from the environment", "",
		func(o *Options) value { return (*listValue)(&o.Keep) }},
	{environment, OnStart | onRun | onCheck | onExport, "strict", "", Arg{}, "",
		"start nothing if config that .env.example or app.json asks for is missing", "",
		func(o *Options) value { return (*switchValue)(&o.Strict) }},
	{orderAndReadiness, OnStart | onCheck | onExport, "after", "", order, "",
		"start a type when the others are ready; stopping goes in reverse", "",
		func(o *Options) value { return (*orderValue)(&o.After) }},
	{orderAndReadiness, OnStart | onCheck | onExport, "ready", "", ofType(probeText), "",
		"how to tell that a type is ready: " + probe.Readiness.Usage(), "when it runs",
		func(o *Options) value { return ofTypeVar(&o.Ready, probe.Readiness.Parse, "TYPE=PROBE, as in web=tcp") }},
	{orderAndReadiness, OnStart | onCheck | onExport, "ready-timeout", "", one(seconds), "",
		"how long a type may take to become ready", "30; no limit for a task",
		func(o *Options) value { return (*durationValue)(&o.readyTimeout) }},
	{orderAndReadiness, OnStart | onCheck | onExport, "health", "", ofType(healthText), "",
		"how to tell that a type which is ready is still healthy; what is not has failed: " + probe.Health.Usage(), "",
		func(o *Options) value { return ofTypeVar(&o.Health, probe.Health.Parse, "TYPE=PROBE, as in web=tcp") }},
	{orderAndReadiness, OnStart | onCheck | onExport, "health-interval", "", perTypeOf(seconds), "",
		"how often a type's health is checked", "",
		func(o *Options) value { return perTypeVar(&o.HealthInterval, parseInterval, showDuration) }},
	{orderAndReadiness, OnStart | onCheck | onExport, "health-failures", "", perTypeOf(free("N")), "",
		"how many checks in a row must fail before a type is not healthy", "",
		func(o *Options) value { return perTypeVar(&o.HealthFailures, parseCount, strconv.Itoa) }},
	{orderAndReadiness, OnStart | onRun | onCheck, "wait-for", "", listOf(variableKey).or("auto"), "",
		"wait until the services at the URLs in these variables accept connections", "",
		func(o *Options) value { return (*listValue)(&o.WaitFor) }},
	{orderAndReadiness, OnStart | onRun | onCheck, "wait-timeout", "", one(seconds), "",
		"how long to wait for services", "",
		func(o *Options) value { return (*durationValue)(&o.WaitTimeout) }},
	{restartsAndStops, OnStart | onRun | onCheck, "timeout", "t", perTypeOf(seconds), "",
		"grace period between the stop signal and SIGKILL; also as 1m30s", "",
		func(o *Options) value { return perTypeVar(&o.Timeout, parseDuration, showDuration) }},
	{restartsAndStops, onExport, "timeout", "", perTypeOf(seconds), "",
		"grace period between the stop signal and SIGKILL; also as 1m30s", "",
		func(o *Options) value { return perTypeVar(&o.Timeout, parseDuration, showDuration) }},
	{restartsAndStops, OnStart | onRun | onCheck | onExport, "stop-signal", "", perTypeOf(signalName), "",
		"signal that asks a process to stop", "",
		func(o *Options) value { return perTypeVar(&o.StopSignal, parseSignal, showSignal) }},
	{restartsAndStops, OnStart | onCheck | onExport, "stop-command", "", ofType(command), "",
		"run a command, with the process in REEVE_PID, in place of sending the stop signal", "",
		func(o *Options) value {
			return ofTypeVar(&o.StopCommand, parseText, "TYPE=COMMAND, as in db='docker stop db'")
		}},
	{restartsAndStops, OnStart | onCheck | onExport, "restart", "", perTypeOf(policy), "",
		"whether to restart a process that ends: never, on-failure or always", "",
		func(o *Options) value {
			return perTypeVar(&o.Restart, supervisor.ParseRestartPolicy, supervisor.RestartPolicy.String)
		}},
	{restartsAndStops, OnStart | onCheck | onExport, "restart-limit", "", one(free("N")), "",
		"how many restarts in a row before an instance counts as failed", "no limit",
		func(o *Options) value { return &numberValue{&o.restartLimit, 1, math.MaxInt32} }},
	{restartsAndStops, OnStart | onCheck | onExport, "can-die", "", types.or(procfile.All), "",
		"types that may end without ending the formation", "",
		func(o *Options) value { return (*typesValue)(&o.CanDie) }},
	{atTimes, everywhere, "cron", "", ofType(schedules).or(ManifestWord), "",
		"run a type to completion on a schedule: MINUTE HOUR DAY MONTH WEEKDAY as in a crontab, @hourly and the like, or every 30s; app.json adds the schedules in that file", "",
		func(o *Options) value { return cronVar(&o.Cron) }},
	{atTimes, OnStart | onCheck | onExport, "cron-zone", "", one(zone), "",
		"time zone of all schedules", "TZ of the environment, else local time",
		func(o *Options) value { return (*zoneValue)(&o.CronZone) }},
	{whenFilesChange, OnStart | onCheck | onExport, "watch", "", listOfType(glob), "",
		"restart a type when files change that match these patterns; !GLOB leaves some out", "",
		func(o *Options) value {
			return ofTypeVar(&o.Patterns, parsePatterns, "TYPE=GLOB, as in web=src/**/*.js")
		}},
	{whenFilesChange, OnStart | onCheck | onExport, "build", "", ofType(command), "",
		"run a command to completion before a type starts, and before each restart by files that change", "",
		func(o *Options) value { return ofTypeVar(&o.Build, parseText, "TYPE=COMMAND, as in web=make") }},
	{whenFilesChange, OnStart | onCheck, "on-change", "", perTypeOf(onChange), "",
		"what to do when files change: restart, or send a signal", "",
		func(o *Options) value { return perTypeVar(&o.OnChange, parseOnChange, showOnChange) }},
	{whenFilesChange, OnStart | onCheck, "cascade", "", types, "",
		"restart what comes after these types as well, when they have restarted because files changed", "",
		func(o *Options) value { return (*typesValue)(&o.Cascade) }},
	{whenFilesChange, OnStart | onCheck, "watch-poll", "", perTypeOf(pollEvery), "",
		"look for changed files this often; auto does so only where the system does not report changes", "",
		func(o *Options) value { return perTypeVar(&o.WatchPoll, parsePoll, showPoll) }},
	{whenFilesChange, OnStart | onCheck | onExport, "no-watch", "", Arg{}, "",
		"ignore files that change", "",
		func(o *Options) value { return (*switchValue)(&o.NoWatch) }},
	{restartsAndStops, onRun, "init", "", Arg{}, "",
		"stay as the command's parent and reap orphans, for a container's PID 1", "",
		func(o *Options) value { return (*switchValue)(&o.Init) }},
	{terminalsAndInput, OnStart | onCheck, "tty", "", perTypeOf(when), "",
		"give each process a pseudo-terminal; auto does so when standard output is a terminal", "",
		func(o *Options) value { return perTypeVar(&o.TTY, oneOf(when.Words...), asIs) }},
	{terminalsAndInput, OnStart | onCheck, "stdin", "", perTypeOf(input), "",
		"standard input of processes without a terminal: open until they are asked to stop, or empty", "open; null for tasks and release",
		func(o *Options) value { return perTypeVar(&o.Stdin, oneOf(input.Words...), asIs) }},
	{terminalsAndInput, OnStart | onCheck, "attach", "", types.with("ctrl-c"), "",
		"give the keyboard to this type's first instance; with ctrl-c, that key as well", "",
		func(o *Options) value { return (*typesValue)(&o.Attach) }},
	{inBackground, OnStart, "detach", "D", Arg{}, "",
		"run in the background, and return when everything is ready", "",
		func(o *Options) value { return (*switchValue)(&o.Detach) }},
}
