package live

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/settings"
	"reeve/output"
	"reeve/supervisor"
)

// DetachedName is what the argument list of a reeve begins with that runs in the
// background. It has a pipe to the reeve that has started it, which waits.
const DetachedName = "reeve-detached"

// IsDetached reports whether this reeve is one that runs in the background.
func IsDetached() bool { return filepath.Base(os.Args[0]) == DetachedName }

// How a detached start finds out that everything is up: it looks often, and what has no
// probe has to run for a while. What is started again more than a few times will not do,
// unless it is a task that says itself how often is too often.
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
	stuck // it goes on when files change
)

// upStateOf reports whether everything is up, or which instance fails again and again, or is
// stuck.
func upStateOf(all []supervisor.Snapshot, now time.Time) (state upState, instance string) {
	state = isUp
	for _, i := range all {
		switch {
		case i.Schedule.IsSet(): // which is no part of the start
		case isStuck(i, all):
			if instance == "" {
				instance = settings.TypeOf(i.Name)
			}
		case i.Runs > upWithin && !i.Ready && (!i.Task || i.RestartLimit == 0):
			return failing, i.Name
		case i.State == supervisor.Stopped: // and it may
		case i.State == supervisor.Done:
		case !i.Ready, !i.Probed && now.Sub(i.Began) < upFor:
			state = notYet
		}
	}
	if state == isUp && instance != "" {
		return stuck, instance
	}
	return state, ""
}

// isStuck reports whether an instance has failed and waits for files to change, or waits for one that
// does.
func isStuck(i supervisor.Snapshot, all []supervisor.Snapshot) bool {
	return i.Idle && i.Last.ExitCode() != 0 ||
		i.State == supervisor.Waiting && slices.ContainsFunc(all, func(before supervisor.Snapshot) bool {
			return slices.Contains(i.After, before.Type) && (before.Idle || isStuck(before, all))
		})
}

// upReport tells the waiting reeve when everything is up, and leaves what this one was
// started with. A formation that fails is stopped; one that waits for files to change goes on.
type upReport struct{ of *launcher }

func (u upReport) run(ctx context.Context, ask *requests) {
	for {
		select {
		case <-time.After(upPoll):
		case <-ctx.Done():
			return
		}
		var all []supervisor.Snapshot
		if !ask.phase.look(func(now []supervisor.Snapshot) { all = now }) {
			return // the formation has ended
		}
		switch state, instance := upStateOf(all, time.Now()); state {
		case failing:
			ask.onLoop(func() { u.of.runs.failed = instance })
			ask.quit(instance + " does not stay up")
			return
		case isUp:
			ask.phase.up.Store(true)
			letGo(UpWord)
			return
		case stuck:
			ask.phase.up.Store(true)
			u.of.catchUp()
			u.of.sayLastOf(instance)
			diag.Warn(stuckText(instance))
			letGo(StuckWord)
			return
		}
	}
}

// What a detached reeve tells the waiting one: that everything is up, or has been done already, or
// is up in another reeve, whose pid follows, or that it runs but something waits for files to change.
const (
	UpWord     = "up"
	DoneWord   = "done"
	JoinedWord = "joined "
	StuckWord  = "stuck"
)

// TellJoined tells the waiting reeve that another one runs what it wants.
func TellJoined(pid int) { letGo(JoinedWord + strconv.Itoa(pid)) }

// isDone reports whether a formation has ended since it had nothing but tasks, and what may die,
// and has done what it was for.
func (l *launcher) isDone(exitCode int) bool {
	s := l.phase.formation()
	if s == nil || exitCode != 0 || s.Asked() {
		return false
	}
	some := false
	for _, i := range s.Last() {
		if i.State != supervisor.Done && !i.CanDie {
			return false
		}
		some = some || i.State == supervisor.Done
	}
	return some
}

// letGo closes what connects a detached reeve with who has started it, and tells that a word.
func letGo(word string) {
	if null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0); err == nil {
		redirect(null, os.Stdin)
		redirect(null, os.Stderr)
		_ = null.Close()
	}
	waiting := reportPipe()
	_, _ = io.WriteString(waiting, word+"\n")
	_ = waiting.Close()
}

// lastLines is how much of what has failed is shown.
const lastLines = 20

// sayFailure shows the last lines of what kept a detached formation from being up.
func (l *launcher) sayFailure() {
	failed := settings.TypeOf(l.runs.failed)
	l.sayLastOf(failed)
	diag.Warn(NotUpText(failed))
}

// catchUpWithin bounds how long the log may take to have what was written before an end.
const catchUpWithin = time.Second

// catchUp waits until the log has read what was written before the last end that was reported.
func (l *launcher) catchUp() {
	read := make(chan struct{})
	l.mux.CatchUp([]*output.Stream{}, func() { close(read) })
	select {
	case <-read:
	case <-time.After(catchUpWithin):
	}
}

// sayLastOf shows the last lines of an instance, or of the build of a type; empty: of everything.
func (l *launcher) sayLastOf(name string) {
	q := output.Query{Lines: lastLines}
	if name != "" {
		q.Match = func(of output.Label) bool { return of.Name == name }
	}
	text := output.NewText(output.TextOptions{Width: widest(l.app(), l.facts.options())})
	_ = l.history.Write(context.Background(), q, text, func(p []byte) error {
		_, err := diag.Stderr.Write(p)
		return err
	})
}

// NotUpText says that a formation is not detached, since an instance has failed; empty:
// something else has happened.
func NotUpText(failed string) string {
	if failed == "" {
		return "the formation ended before everything was ready"
	}
	return "the formation did not start: " + failed + " has failed"
}

// stuckText says that a formation is detached although something of it does not run.
func stuckText(name string) string {
	return name + " has failed, and waits for files to change"
}
