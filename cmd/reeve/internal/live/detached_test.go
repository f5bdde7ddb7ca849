package live

import (
	"testing"
	"time"

	"reeve/supervisor"
)

func TestUpState(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	snapshot := func(state supervisor.State, ready bool, age time.Duration, runs int) supervisor.Snapshot {
		return supervisor.Snapshot{
			Spec: supervisor.Spec{Name: "web.1"}, State: state, Ready: ready, Began: now.Add(-age), Runs: runs,
		}
	}
	probed := snapshot(supervisor.Running, true, 0, 1)
	probed.Probed = true
	steady := snapshot(supervisor.Running, true, upFor, 1)
	task := func(state supervisor.State, runs, limit int) supervisor.Snapshot {
		s := snapshot(state, state == supervisor.Done, 0, runs)
		s.Task, s.RestartLimit = true, limit
		return s
	}
	idle := func(code int) supervisor.Snapshot {
		s := snapshot(supervisor.Stopped, false, 0, 1)
		s.Type, s.Idle, s.Last = "web", true, supervisor.Status{Code: code}
		return s
	}
	after := snapshot(supervisor.Waiting, false, 0, 0)
	after.After = []string{"web"}
	for _, tt := range []struct {
		name string
		all  []supervisor.Snapshot
		want upState
	}{
		{"one that has run for a while", []supervisor.Snapshot{steady}, isUp},
		{"one that has just begun", []supervisor.Snapshot{steady, snapshot(supervisor.Running, true, upFor-1, 1)}, notYet},
		{"one whose probe says so", []supervisor.Snapshot{probed}, isUp},
		{"one that waits", []supervisor.Snapshot{steady, snapshot(supervisor.Waiting, false, 0, 0)}, notYet},
		{"one that has ended and may", []supervisor.Snapshot{steady, snapshot(supervisor.Stopped, false, 0, 1)}, isUp},
		{"one that is started again", []supervisor.Snapshot{steady, snapshot(supervisor.Backoff, false, 0, upWithin)}, notYet},
		{"one that is started again and again", []supervisor.Snapshot{steady, snapshot(supervisor.Backoff, false, 0, upWithin+1)}, failing},
		{"one that is fine in the end", []supervisor.Snapshot{snapshot(supervisor.Running, true, upFor, 9)}, isUp},
		{"one that has failed and waits for files to change", []supervisor.Snapshot{steady, idle(1)}, stuck},
		{"one that comes after that", []supervisor.Snapshot{idle(1), after}, stuck},
		{"one that may still fail otherwise", []supervisor.Snapshot{idle(1), snapshot(supervisor.Running, true, 0, 1)}, notYet},
		{"one that has ended well and waits for files to change", []supervisor.Snapshot{steady, idle(0)}, isUp},
		{"a task that runs", []supervisor.Snapshot{steady, task(supervisor.Running, 1, 0)}, notYet},
		{"a task that has just been done", []supervisor.Snapshot{steady, task(supervisor.Done, 1, 0)}, isUp},
		{"a task that is tried again and again", []supervisor.Snapshot{steady, task(supervisor.Backoff, upWithin+1, 0)}, failing},
		{"a task that says itself how often is too often", []supervisor.Snapshot{steady, task(supervisor.Backoff, upWithin+1, 10)}, notYet},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, _ := upStateOf(tt.all, now); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}
