package main

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/live"
	"reeve/supervisor"
)

// detach runs start in the background, and waits until everything is ready. Until then
// what goes wrong is reported by the reeve in the background, on this one's standard error.
func detach(args []string) (exitCode int) {
	self, err := os.Executable()
	if err != nil {
		return diag.Fail(diag.ExitFailure, "cannot find reeve's own program: %w", err)
	}
	ours, theirs, err := os.Pipe()
	if err != nil {
		return diag.Fail(diag.ExitFailure, "cannot create a pipe: %w", err)
	}
	child := &exec.Cmd{
		Path: self, Args: append([]string{live.DetachedName, "start"}, args...), Stdin: os.Stdin,
	}
	settled, err := live.InBackground(child, theirs)
	if err != nil {
		return diag.Fail(diag.ExitFailure, "cannot create a pipe: %w", err)
	}
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, supervisor.FormationSignals...)
	if err := child.Start(); err != nil {
		return diag.Fail(diag.ExitFailure, "cannot run in the background: %w", diag.Reason(err))
	}
	_ = theirs.Close()
	go func() {
		for sig := range signals {
			live.Interrupt(child.Process, sig)
		}
	}()
	line, _ := bufio.NewReader(ours).ReadString('\n') // or there is none
	settled()
	word := strings.TrimSuffix(line, "\n")
	if pid, joined := strings.CutPrefix(word, live.JoinedWord); joined {
		say("%s", detachedText(pid))
		return diag.ExitOK
	}
	switch word {
	case live.UpWord:
		say("%s", detachedText(strconv.Itoa(child.Process.Pid)))
		return diag.ExitOK
	case live.StuckWord: // what does not run has been named
		say("%s", detachedText(strconv.Itoa(child.Process.Pid)))
		return diag.ExitFailure
	case live.DoneWord:
		_ = child.Wait() // so that the next start does not meet it
		say("%s", doneText)
		return diag.ExitOK
	}
	var exit *exec.ExitError
	err = child.Wait()
	switch {
	case errors.As(err, &exit) && exit.ExitCode() == diag.ExitUsage:
		return diag.ExitUsage
	case exit != nil && isInterrupted(exit): // it only waited for what runs already
		return diag.Fail(diag.ExitFailure, "interrupted")
	case exit != nil && exit.ExitCode() < 0: // it could not say anything itself
		return diag.Fail(diag.ExitFailure, "%s", live.NotUpText("")+": reeve was killed")
	}
	return diag.ExitFailure
}

// isInterrupted reports whether a process has died of a signal that asks reeve to stop, which one
// with a formation of its own never does.
func isInterrupted(exit *exec.ExitError) bool {
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && slices.Contains(supervisor.FormationSignals, os.Signal(status.Signal()))
}
