package live

import (
	"os"
	"slices"
	"sync/atomic"
	"time"

	"reeve/cmd/reeve/internal/console"
	"reeve/cmd/reeve/internal/diag"
	"reeve/output"
	"reeve/supervisor"
)

// Long waits show life: for a process that is to be ready, or is to stop, and for a service
// (see package service). On a terminal one line tells of it, and of every second; elsewhere a line
// of the log does, now and then.

// When it is said for the first time, and then again.
const (
	lifeOnScreen = time.Second
	lifeFirst    = 5 * time.Second
	lifeAgain    = 15 * time.Second
)

// waits tells what a formation waits for, if it does so for long.
type waits struct {
	ask     *requests
	telling atomic.Bool
}

// mayBegin is called whenever a wait may begin.
func (w *waits) mayBegin() {
	if w.telling.CompareAndSwap(false, true) {
		go w.tell()
	}
}

// tell tells until nothing is waited for any longer. Only a wait that has lasted is worth a
// word, whenever others have begun.
func (w *waits) tell() {
	first, again := lifeFirst, lifeAgain
	if console.IsTerminal(os.Stdout) {
		first, again = lifeOnScreen, lifeOnScreen
	}
	for wait := first; wait > 0; {
		time.Sleep(wait)
		wait = 0
		w.ask.look(func(all []supervisor.Snapshot) {
			now := time.Now()
			text, since := waitingOn(all, now, w.awaitedTasks(all))
			switch {
			case text == "":
			case now.Sub(since) < first:
				wait = since.Add(first).Sub(now)
			default:
				w.say(text, now.Sub(since))
				wait = again
			}
		})
	}
	w.ask.log.Status("")
	w.telling.Store(false)
}

// say says what is waited for, where somebody sees it.
func (w *waits) say(text string, since time.Duration) {
	switch {
	case console.IsTerminal(os.Stdout):
		w.ask.log.Status(lifeText(text, since))
	case IsDetached() && !w.ask.phase.up.Load():
		diag.Warn(text)
	default:
		w.ask.say(output.Notice{Event: "waiting", Text: text})
	}
}

// awaitedTasks are the types of tasks that something waits for: others, or who has started the
// formation in the background. For a task that nothing comes after only the user waits, who
// sees it run.
func (w *waits) awaitedTasks(all []supervisor.Snapshot) (types []string) {
	for _, i := range all {
		switch {
		case i.Schedule.IsSet() && i.State != supervisor.Waiting: // nothing waits for a type with a schedule
		case i.Task && IsDetached() && !w.ask.phase.up.Load():
			types = append(types, i.Type)
		case i.State == supervisor.Waiting:
			types = append(types, i.After...)
		}
	}
	return types
}

// waitingOn says which instances others wait for, or the user, and since when; empty: none.
func waitingOn(all []supervisor.Snapshot, now time.Time, tasks []string) (text string, since time.Time) {
	var starting, working, stopping []string
	for _, i := range all {
		switch {
		case i.State == supervisor.Running && i.Task && slices.Contains(tasks, i.Type):
			working = append(working, i.Name)
		case i.State == supervisor.Running && !i.Ready && !i.Ill && !i.Task:
			starting = append(starting, i.Name)
		case i.State == supervisor.Stopping:
			stopping = append(stopping, stoppingName(i.Name, i.Deadline.Sub(now)))
		case i.State == supervisor.Killing:
			stopping = append(stopping, i.Name)
		default:
			continue
		}
		if since.IsZero() || i.Since.Before(since) {
			since = i.Since
		}
	}
	return waitingForText(starting, working, stopping), since
}
