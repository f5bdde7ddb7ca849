package main

import (
	"os"
	"time"

	"reeve/output"
	"reeve/supervisor"
)

// Long waits show life: for a process that is to be ready, or is to stop, and for a service
// (see wait.go). On a terminal one line tells of it, and of every second; elsewhere a line
// of the log does, now and then.

// When it is said for the first time, and then again.
const (
	lifeOnScreen = time.Second
	lifeFirst    = 5 * time.Second
	lifeAgain    = 15 * time.Second
)

// showLife begins to tell what the formation waits for, if it does so for long. It is
// called whenever a wait may begin.
func (l *launcher) showLife() {
	if l.living.CompareAndSwap(false, true) {
		go l.live()
	}
}

// live tells until nothing is waited for any more.
func (l *launcher) live() {
	began := time.Now()
	for wait := l.lifeEvery(0); ; wait = l.lifeEvery(1) {
		time.Sleep(wait)
		text := waitingOn(l.snapshot(), time.Now())
		if text == "" {
			break
		}
		l.sayLife(text, time.Since(began))
	}
	l.mux.Status("")
	l.living.Store(false)
}

// lifeEvery is how long to wait before telling for the nth time.
func (l *launcher) lifeEvery(n int) time.Duration {
	switch {
	case isTerminal(os.Stdout):
		return lifeOnScreen
	case n == 0:
		return lifeFirst
	}
	return lifeAgain
}

// sayLife says what is waited for, where somebody sees it.
func (l *launcher) sayLife(text string, since time.Duration) {
	switch {
	case isTerminal(os.Stdout):
		l.mux.Status(lifeText(text, since))
	case isDetached() && !l.up.Load():
		warn(text)
	default:
		l.mux.Notice(output.Notice{Event: "waiting", Text: text})
	}
}

// waitingOn says which instances others wait for, or the user; empty: none.
func waitingOn(all []supervisor.Snapshot, now time.Time) string {
	var starting, stopping []string
	for _, i := range all {
		switch i.State {
		case supervisor.Running:
			if !i.Ready {
				starting = append(starting, i.Name)
			}
		case supervisor.Stopping:
			stopping = append(stopping, stoppingName(i.Name, i.Deadline.Sub(now)))
		case supervisor.Killing:
			stopping = append(stopping, i.Name)
		}
	}
	return waitingForText(starting, stopping)
}
