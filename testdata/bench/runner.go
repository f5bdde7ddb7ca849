package main

import (
	"fmt"
	"strconv"
	"strings"
	"syscall"
)

// job is what a runner is to run.
type job struct {
	commands []string // simple words only, one command for each process
	terminal bool     // the runner's standard output is a terminal, else a pipe
	flags    []string // for reeve, besides the usual ones
}

// repeat gives n times the same command.
func repeat(n int, command string) []string {
	commands := make([]string, n)
	for i := range commands {
		commands[i] = command
	}
	return commands
}

// runner is something that can run a job. It starts in a directory of its own, where
// there are the Procfile and what the commands need.
type runner struct {
	name string
	ours bool // the one that all this is about
	argv func(job) []string
	// config is the file that it reads; nil: Procfile.
	config func(job) (name, text string)
	// filter: it runs nothing, and passes on what it reads. The commands are started
	// for it, and write into its standard input.
	filter bool
	stop   syscall.Signal // what asks it to stop; 0: SIGTERM
	// near: it is close enough to the limit to take part in every round.
	near    bool
	version func() []string // the command that prints its version
}

func reeveAt(path string) *runner {
	return &runner{
		name: "reeve", ours: true,
		argv: func(j job) []string {
			return append([]string{path, "start", "-f", "Procfile", "-d", "."}, j.flags...)
		},
		version: func() []string { return []string{path, "version"} },
	}
}

// cat is the limit for whatever passes bytes on.
var cat = &runner{name: "cat", filter: true, argv: words("cat")}

// forkLoop is the limit for whatever starts processes and stops them.
var forkLoop = &runner{name: "fork loop", argv: func(j job) []string {
	loop := []string{"./" + generatorName, "forks", strconv.Itoa(len(j.commands))}
	return append(loop, strings.Fields(j.commands[0])...)
}}

// nothing is the limit for whatever starts, says something and ends.
var nothing = &runner{name: "true", version: func() []string { return []string{"true"} }}

// words is a command line that is always the same.
func words(line string) func(job) []string {
	return func(job) []string { return strings.Fields(line) }
}

// procfile is the usual configuration: p1, p2 and so on.
func procfile(j job) (name, text string) {
	var b strings.Builder
	for i, command := range j.commands {
		fmt.Fprintf(&b, "p%d: %s\n", i+1, command)
	}
	return "Procfile", b.String()
}
