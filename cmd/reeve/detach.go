package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"

	"reeve/cmd/reeve/internal/diag"
	"reeve/output"
	"reeve/supervisor"
)

// detachedName is what the argument list of a reeve begins with that runs in the
// background. Its descriptor 3 is a pipe to the reeve that has started it, which waits.
const detachedName = "reeve-detached"

// isDetached says whether this reeve is one that runs in the background.
func isDetached() bool { return filepath.Base(os.Args[0]) == detachedName }

// detach runs start in the background, and waits until everything is ready. Until then
// what goes wrong is said by the reeve in the background, on this one's standard error.
func detach(args []string) (exitCode int) {
	self, err := os.Executable()
	if err != nil {
		return diag.Fail(exitFailure, "cannot find the program of reeve: %w", err)
	}
	ours, theirs, err := os.Pipe()
	if err != nil {
		return diag.Fail(exitFailure, "no pipe: %w", err)
	}
	child := &exec.Cmd{
		Path: self, Args: append([]string{detachedName, "start"}, args...),
		Stdin: os.Stdin, Stderr: os.Stderr, ExtraFiles: []*os.File{theirs}, SysProcAttr: ownSession(),
	}
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, supervisor.FormationSignals...)
	if err := child.Start(); err != nil {
		return diag.Fail(exitFailure, "cannot run in the background: %w", diag.Reason(err))
	}
	_ = theirs.Close()
	go func() {
		for sig := range signals {
			_ = child.Process.Signal(sig)
		}
	}()
	if word, _ := io.ReadAll(ours); len(word) > 0 {
		say("%s", detachedText(child.Process.Pid))
		return exitOK
	}
	var exit *exec.ExitError
	err = child.Wait()
	switch {
	case errors.As(err, &exit) && exit.ExitCode() == exitUsage:
		return exitUsage
	case exit != nil && exit.ExitCode() < 0: // it could not say anything itself
		return diag.Fail(exitFailure, "%s", notUpText("")+": reeve was killed")
	}
	return exitFailure
}

// How a detached start finds out that everything is up: it looks often, and what has no
// probe has to run for a while. What is started again more than a few times will not do.
const (
	upPoll   = 20 * time.Millisecond
	upFor    = time.Second
	upWithin = 3 // restarts
)

// upState is what there is to say of a formation that has just been started.
type upState uint8

const (
	notYet upState = iota
	isUp
	failing
)

// upStateOf says whether everything is up, or which instance fails again and again.
func upStateOf(all []supervisor.Snapshot, now time.Time) (state upState, instance string) {
	state = isUp
	for _, i := range all {
		switch {
		case i.Runs > upWithin && !i.Ready:
			return failing, i.Name
		case i.State == supervisor.Stopped: // and it may
		case !i.Ready, !i.Probed && now.Sub(i.Began) < upFor:
			state = notYet
		}
	}
	return state, ""
}

// reportUp tells the waiting reeve when everything is up, and leaves what this one was
// started with. A formation that fails is stopped.
func (l *launcher) reportUp() {
	for {
		time.Sleep(upPoll)
		s := l.main.Load()
		if s == nil {
			continue
		}
		all := s.Snapshot()
		if all == nil {
			return // the formation has ended
		}
		switch state, instance := upStateOf(all, time.Now()); state {
		case failing:
			l.onLoop(func() { l.failed = instance })
			l.stop(instance + " does not stay up")
			return
		case isUp:
			l.up.Store(true)
			letGo()
			return
		}
	}
}

// letGo closes what connects a detached reeve with who has started it.
func letGo() {
	if null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0); err == nil {
		redirect(null, os.Stdin)
		redirect(null, os.Stderr)
		_ = null.Close()
	}
	waiting := os.NewFile(3, "pipe")
	_, _ = waiting.WriteString("up\n")
	_ = waiting.Close()
}

// lastLines is how much of what has failed is shown.
const lastLines = 20

// sayFailure shows the last lines of what kept a detached formation from being up.
func (l *launcher) sayFailure() {
	q := output.Query{Lines: lastLines}
	if l.failed != "" {
		q.Match = func(of output.Label) bool { return of.Name == l.failed }
	}
	text := output.NewText(output.TextOptions{Width: widest(l.app, l.options)})
	_ = l.history.Write(context.Background(), q, text, func(p []byte) error {
		_, err := diag.Stderr.Write(p)
		return err
	})
	diag.Warn(notUpText(l.failed))
}
