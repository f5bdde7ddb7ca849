// Command reeve runs the processes that a Procfile declares.
package main

import (
	"os"
	"strings"

	"reeve/procfile"
	"reeve/supervisor"
)

// Exit codes of reeve itself. While a formation runs, what ends it decides.
const (
	exitOK      = 0
	exitFailure = 1 // something went wrong in reeve or around it
	exitUsage   = 2 // the command line, a Procfile, an env file or a setting is wrong
)

// command is one of reeve's verbs.
type command struct {
	name    string
	args    string // what may follow, for the usage line
	summary string
	run     func(args []string) (exitCode int)
}

// commands in the order in which help shows them. A function, since help is one of
// them and shows them all.
func commands() []command {
	return []command{
		{"start", "[TYPE…]", "run the formation in the foreground; with names, only those types", start},
		{"run", "COMMAND [ARG…]", "run a one-off in the app's environment; a process type stands for its command", runOneOff},
		{"check", "[TYPE…]", "find everything that is wrong with the Procfile, env files, config, commands and ports", check},
		{"env", "[TYPE]", "show the app's environment: each variable and where it comes from", printEnv},
		{"export", "FORMAT LOCATION", "write the formation for another process manager or a cluster engine", exportApp},
		{"version", "", "print the version", version},
		{"help", "[COMMAND|TOPIC]", "explain a command or a topic", help},
	}
}

func main() {
	if os.Args[0] == supervisor.GuardianName && len(os.Args) == 2 {
		supervisor.Guard(os.Stdin, os.Args[1])
		return
	}
	os.Exit(run(os.Args[1:]))
}

// run finds the command that is asked for and runs it.
func run(args []string) (exitCode int) {
	if len(args) == 0 {
		printUsage(os.Stderr)
		return exitUsage
	}
	name := args[0]
	switch name {
	case "-h", "--help":
		name = "help"
	case "-v", "--version":
		name = "version"
	}
	var names []string
	for _, c := range commands() {
		if c.name == name {
			return c.run(args[1:])
		}
		names = append(names, c.name)
	}
	if strings.HasPrefix(name, "-") {
		return fail(exitUsage, "unknown flag %s: flags stand behind a command, see: reeve help", name)
	}
	return fail(exitUsage, "unknown command %q: %s", name, didYouMean(procfile.Nearest(name, names), "see: reeve help"))
}
