package main

import (
	"fmt"
	"os/exec"
	"strings"
	"syscall"
)

// peers are the other runners, each as its manual says, without what reeve has not
// got: servers and full-screen interfaces.
var peers = []*runner{
	{name: "foreman", argv: words("foreman start -f Procfile"), version: command("foreman version")},
	{name: "honcho", argv: words("honcho start -f Procfile"), version: command("honcho version")},
	// Not every forego knows SIGTERM.
	{name: "forego", argv: words("forego start -f Procfile"), stop: syscall.SIGINT, version: command("forego version")},
	{name: "goreman", argv: words("goreman -rpc-server=false -f Procfile start"), version: command("goreman version")},
	{name: "hivemind", argv: words("hivemind Procfile"), version: command("hivemind --version")},
	{name: "overmind", argv: words("overmind start -f Procfile"), version: command("overmind --version")},
	{
		name:    "process-compose",
		argv:    words("process-compose up -f process-compose.yaml -t=false --no-server -L process-compose.log"),
		config:  composeFile,
		version: command("process-compose version"),
	},
}

func command(line string) func() []string { return func() []string { return strings.Fields(line) } }

// installed gives the peers that are in PATH.
func installed() []*runner {
	var found []*runner
	for _, r := range peers {
		if _, err := exec.LookPath(r.name); err == nil {
			found = append(found, r)
		}
	}
	return found
}

// foundLine says which peers take part.
func foundLine(found []*runner) string {
	var names []string
	for _, r := range found {
		names = append(names, r.name)
	}
	if names == nil {
		return "Other runners found: none."
	}
	return "Other runners found: " + strings.Join(names, ", ") + "."
}

func composeFile(j job) (name, text string) {
	var b strings.Builder
	b.WriteString("version: \"0.5\"\nprocesses:\n")
	for i, command := range j.commands {
		fmt.Fprintf(&b, "  p%d:\n    command: %q\n", i+1, command)
	}
	return "process-compose.yaml", b.String()
}
