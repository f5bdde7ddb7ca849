package main

import (
	"fmt"

	"reeve/supervisor/control"
)

// This file has the words about a running formation, and those for who talks to it.

// notRunning says that no formation runs somewhere: [control.ErrNotRunning] in words.
type notRunning string

func (n notRunning) Error() string {
	return "no formation is running " + string(n) + ": reeve start starts one"
}

func (notRunning) Unwrap() error { return control.ErrNotRunning }

// detachedText says where a formation is that was detached.
func detachedText(pid int) string {
	return fmt.Sprintf("the formation runs in the background (pid %d): reeve logs -f shows its log, reeve quit stops it", pid)
}

// leavesText is how to leave a terminal that one is attached to.
const leavesText = "Ctrl-] Ctrl-] leaves"

// attachedText says what holds while one is attached to an instance.
func attachedText(instance string) string {
	return "attached to " + instance + ": Ctrl-C goes to it, " + leavesText
}

// leftTerminalText says that one is attached no more.
func leftTerminalText(instance string) string { return "left " + instance }
