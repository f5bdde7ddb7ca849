package main

import (
	"syscall"
	"time"

	"reeve/cmd/reeve/internal/place"
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
