// Command reeve runs the processes that a Procfile declares.
package main

import (
	"os"

	"reeve/cmd/reeve/internal/console"
	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/held"
	"reeve/cmd/reeve/internal/settings"
	"reeve/internal/moments"
	"reeve/internal/stack"
	"reeve/procfile"
	"reeve/supervisor"
	"reeve/supervisor/control"
)

// command is one of reeve's verbs.
type command struct {
	name    string
	args    string // what may follow, for the usage line
	summary string
	run     func(args []string) (exitCode int)
}

// commands lists the commands in the order in which help shows them. It is a function, since
// help is one of them and shows them all.
func commands() []command {
	return []command{
		{"start", "[TYPE…]", "run the formation in the foreground, or only the given types", start},
		{"run", "COMMAND [ARG…]", "run a command, or that of a process type, in the app's environment", runOneOff},
		{"check", "[TYPE…]", "check the Procfile, env files, config, commands and ports", check},
		{"env", "[TYPE]", "show each variable of the app's environment and where it comes from", printEnv},
		{"init", "[-]", "write a Procfile for the app in this directory; - only prints it", initProcfile},
		{"export", "FORMAT LOCATION", "write the formation for another process manager or a cluster engine", exportApp},
		{"ps", "[NAME…]", "show the instances of the running formation", ps},
		{"wait", "[NAME…]", "wait until instances are ready, or have written a line; without names, all", wait},
		{"restart", "[NAME…]", "restart instances, or start those that are stopped; without names, all", restart},
		{"stop", "NAME…", "stop instances, but not the formation", stop},
		{"reload", "", "read the Procfile, env files and settings again, and restart what has changed", reload},
		{"scale", "TYPE=N…", "change how many instances of a process type run", scale},
		{"logs", "[NAME…]", "show what the running formation has written", logs},
		{"attach", "NAME", "use the terminal of a process; Ctrl-] twice leaves", attach},
		{"ui", "", "watch and steer the running formation on one screen; ? shows the keys", showUI},
		{"quit", "", "stop the running formation", quit},
		{"completion", "SHELL", "print the completion script of bash, zsh, fish or powershell", completion},
		{"man", "DIR", "write the manual pages into a directory", man},
		{"version", "", "print the version", version},
		{"help", "[COMMAND|TOPIC]", "explain a command or a topic", help},
	}
}

// inner are the commands that only reeve's own scripts use.
var inner = map[string]func(args []string) (exitCode int){"complete": complete}

func main() {
	if os.Args[0] == supervisor.GuardianName && len(os.Args) == 2 {
		supervisor.Guard(os.Stdin, os.Args[1], func(socket string) { control.RemoveDead(socket); held.RemoveDead(socket) })
		return
	}
	if os.Args[0] == supervisor.HandoverName && len(os.Args) > 2 {
		os.Exit(supervisor.Handover(os.Args[1:]))
	}
	moments.Passed("runtime and initialisers")
	stack.Of16K()
	console.Prepare()
	code := run(os.Args[1:])
	console.Restore()
	moments.Passed("end of socket")
	os.Exit(code)
}

// run finds the command that is asked for and runs it.
func run(args []string) (exitCode int) {
	if len(args) == 0 {
		printUsage(diag.Stderr)
		return diag.ExitUsage
	}
	if args[0] == "-v" || args[0] == "--version" {
		args = append([]string{"version"}, args[1:]...)
	}
	args, err := commandFirst(args)
	if err != nil {
		return diag.FailWith(diag.ExitUsage, err)
	}
	name := args[0]
	var names []string
	for _, c := range commands() {
		if c.name == name && settings.Commands[name] == 0 && asksForHelp(args[1:]) {
			return help([]string{name})
		}
		if c.name == name {
			return c.run(args[1:])
		}
		names = append(names, c.name)
	}
	if do, ok := inner[name]; ok {
		return do(args[1:])
	}
	return diag.Fail(diag.ExitUsage, "unknown command %q: %s", name, procfile.Suggest(name, names, "see: reeve help"))
}

// asksForHelp reports whether a command without flags is asked for help. The others have --help.
func asksForHelp(args []string) bool {
	return len(args) == 1 && (args[0] == "-h" || args[0] == "--help")
}
