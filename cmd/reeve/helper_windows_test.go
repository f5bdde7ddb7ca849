package main

import (
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"syscall"

	"golang.org/x/sys/windows"
)

// caught are the signals of the verbs that catch signals: Ctrl-C and Ctrl-Break, and what comes
// of a console that is closed.
var caught = []os.Signal{syscall.SIGINT, syscall.SIGTERM}

// systemVerbs are steps that are special on Windows.
var systemVerbs = map[string]func(h *child, args []string){
	// Other processes, whose pid is written to FILE. They go on when this one has ended; a
	// stubborn one is not impressed by Ctrl-Break, and an orphan has a console of its own.
	"grandchild": (*child).grandchild,
	"ignore":     func(*child, []string) { signal.Notify(make(chan os.Signal, 1), caught...) },
}

func asksToStop(sig os.Signal) bool { return slices.Contains(caught, sig) }

func printSignal(sig os.Signal) { os.Stdout.WriteString("got " + sig.String() + "\n") }

// grandchild starts a process and waits until it is ready.
func (h *child) grandchild(args []string) {
	steps := []string{"pid", args[0], "then", "block"}
	if slices.Contains(args, "stubborn") {
		steps = append([]string{"ignore", "then"}, steps...)
	}
	self, err := os.Executable()
	h.check(err)
	cmd := exec.Command(self, steps...)
	if slices.Contains(args, "orphan") {
		cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP | windows.DETACHED_PROCESS}
	}
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	h.check(cmd.Start())
	waitForFiles(args[:1])
}
