package live

import (
	"testing"
	"time"

	"reeve/supervisor"
)

func TestWaitingOn(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	instance := func(name string, state supervisor.State, ready bool) supervisor.Snapshot {
		return supervisor.Snapshot{
			Spec: supervisor.Spec{Name: name}, State: state, Ready: ready, Deadline: now.Add(2900 * time.Millisecond),
		}
	}
	task := func(name, typ string) supervisor.Snapshot {
		return supervisor.Snapshot{Spec: supervisor.Spec{Name: name, Type: typ, Task: true}, State: supervisor.Running}
	}
	for _, tt := range []struct {
		name string
		all  []supervisor.Snapshot
		want string
	}{
		{"nothing", nil, ""},
		{"all is well", []supervisor.Snapshot{instance("web.1", supervisor.Running, true), instance("job.1", supervisor.Stopped, false)}, ""},
		{"one that is not ready", []supervisor.Snapshot{instance("db.1", supervisor.Running, false), instance("web.1", supervisor.Waiting, false)}, "waiting for db.1 to be ready"},
		{"some that stop", []supervisor.Snapshot{instance("web.1", supervisor.Stopping, false), instance("web.2", supervisor.Killing, false)}, "waiting for web.1 (SIGKILL in 3s), web.2 to stop"},
		{"both", []supervisor.Snapshot{instance("db.1", supervisor.Running, false), instance("web.2", supervisor.Killing, false)}, "waiting for db.1 to be ready, and for web.2 to stop"},
		{"a task that something waits for, and another", []supervisor.Snapshot{task("assets.1", "assets"), task("test.1", "test")}, "waiting for assets.1 to be done"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, _ := waitingOn(tt.all, now, []string{"assets"}); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// What is waited for longest says for how long.
func TestWaitingSince(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	ago := func(state supervisor.State, d time.Duration) supervisor.Snapshot {
		return supervisor.Snapshot{State: state, Since: now.Add(-d), Ready: state == supervisor.Stopped}
	}
	_, since := waitingOn([]supervisor.Snapshot{
		ago(supervisor.Stopped, time.Hour), ago(supervisor.Stopping, time.Second), ago(supervisor.Running, time.Minute),
	}, now, nil)
	if got := now.Sub(since); got != time.Minute {
		t.Errorf("for %v", got)
	}
}
