package live

import (
	"errors"
	"testing"
	"time"

	"reeve/supervisor"
	"reeve/supervisor/control"
)

// TestStanding says how instances stand for those who wait for them to be ready, and for those
// who wait for a line that has not come.
func TestStanding(t *testing.T) {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	long, short := now.Add(-time.Minute), now.Add(-time.Second/2)
	failed := supervisor.Status{Code: 3}
	db := supervisor.Snapshot{Spec: supervisor.Spec{Name: "db.1", Type: "db"}, State: supervisor.Running}
	heldDB := db
	heldDB.State, heldDB.Held = supervisor.Stopped, true
	with := func(s supervisor.Snapshot, change func(*supervisor.Snapshot)) supervisor.Snapshot {
		change(&s)
		return s
	}
	running := supervisor.Snapshot{State: supervisor.Running, Pid: 7, Ready: true, WasReady: true, Began: long}
	ended := supervisor.Snapshot{State: supervisor.Stopped, WasReady: true, HasEnded: true}
	waits := supervisor.Snapshot{Spec: supervisor.Spec{After: []string{"db"}}, State: supervisor.Waiting}
	ends := &supervisor.Report{Instance: "web.1", Status: failed}
	for _, tt := range []struct {
		name          string
		s             supervisor.Snapshot
		g             supervisor.Glance
		ready, silent string // state and text
	}{
		{"ready", running, supervisor.Glance{}, "met is ready", "waiting has not written such a line"},
		{"young", with(running, func(s *supervisor.Snapshot) { s.Began = short }), supervisor.Glance{},
			"waiting has only just started", "waiting has not written such a line"},
		{"young, but probed", with(running, func(s *supervisor.Snapshot) { s.Began, s.Probed = short, true }), supervisor.Glance{},
			"met is ready", "waiting has not written such a line"},
		{"not ready", with(running, func(s *supervisor.Snapshot) { s.Ready, s.Probed = false, true }), supervisor.Glance{},
			"waiting is not ready yet", "waiting has not written such a line"},
		{"a task", with(running, func(s *supervisor.Snapshot) { s.Ready, s.Task = false, true }), supervisor.Glance{},
			"waiting is running", "waiting has not written such a line"},
		{"a task that is done", supervisor.Snapshot{State: supervisor.Done, HasEnded: true, Ready: true}, supervisor.Glance{},
			"met is done", "failed has ended without such a line"},
		{"a task that is done, when all ends", supervisor.Snapshot{State: supervisor.Done, HasEnded: true}, supervisor.Glance{Ending: &supervisor.Report{Reason: "reeve quit"}, Over: true},
			"met is done", "failed ends with the formation"},
		{"its turn comes", supervisor.Snapshot{State: supervisor.Waiting}, supervisor.Glance{}, "waiting is about to start", "waiting is about to start"},
		{"after another", waits, supervisor.Glance{All: []supervisor.Snapshot{db}}, "waiting waits for db.1", "waiting waits for db.1"},
		{"after what was stopped", waits, supervisor.Glance{All: []supervisor.Snapshot{heldDB}},
			"failed waits for db, which was stopped: reeve restart db starts it again", "failed waits for db, which was stopped: reeve restart db starts it again"},
		{"in back-off", supervisor.Snapshot{State: supervisor.Backoff, HasEnded: true, Last: failed}, supervisor.Glance{},
			"waiting exited with code 3, and will be restarted", "waiting exited with code 3, and will be restarted"},
		{"restarting", with(running, func(s *supervisor.Snapshot) { s.State, s.Ready = supervisor.Stopping, false }), supervisor.Glance{},
			"waiting is stopping", "waiting has not written such a line"},
		{"being stopped by somebody", with(running, func(s *supervisor.Snapshot) { s.State, s.Ready, s.Held = supervisor.Stopping, false, true }), supervisor.Glance{},
			"failed was stopped: reeve restart web.1 starts it again", "waiting has not written such a line"},
		{"stopped by somebody", with(ended, func(s *supervisor.Snapshot) { s.Held = true }), supervisor.Glance{},
			"failed was stopped: reeve restart web.1 starts it again", "failed was stopped: reeve restart web.1 starts it again"},
		{"ended well", ended, supervisor.Glance{}, "met has ended with exit code 0", "failed has ended without such a line"},
		{"ended well, but is to run always", with(ended, func(s *supervisor.Snapshot) { s.Restart = supervisor.RestartAlways }), supervisor.Glance{},
			"failed failed: exited with code 0", "failed failed: exited with code 0"},
		{"failed", with(ended, func(s *supervisor.Snapshot) { s.Last = failed }), supervisor.Glance{},
			"failed failed: exited with code 3", "failed failed: exited with code 3"},
		{"failed, until files change", with(ended, func(s *supervisor.Snapshot) { s.Last, s.Idle = failed, true }), supervisor.Glance{},
			"waiting exited with code 3, and starts again when its files change", "waiting exited with code 3, and starts again when its files change"},
		{"being built", supervisor.Snapshot{State: supervisor.Waiting, Building: true}, supervisor.Glance{}, "waiting is being built", "waiting is being built"},
		{"not built", waits, supervisor.Glance{All: []supervisor.Snapshot{{Spec: supervisor.Spec{Name: "db.1", Type: "db", Build: true}, Idle: true, Last: failed}}},
			"waiting cannot be built: exited with code 3; this is tried again when its files change", "waiting cannot be built: exited with code 3; this is tried again when its files change"},
		{"never started", supervisor.Snapshot{State: supervisor.Stopped, Last: supervisor.Status{Code: 1, Err: errors.New("it comes after db.1, which was never ready")}}, supervisor.Glance{},
			"failed failed: it comes after db.1, which was never ready", "failed failed: it comes after db.1, which was never ready"},
		{"it ends the formation", with(running, func(s *supervisor.Snapshot) { s.State, s.HasEnded, s.Last = supervisor.Stopping, true, failed }), supervisor.Glance{Ending: ends},
			"failed failed: exited with code 3", "waiting has not written such a line"},
		{"another ends the formation", running, supervisor.Glance{Ending: &supervisor.Report{Instance: "db.1", Status: failed}},
			"failed ends with the formation", "waiting has not written such a line"},
		{"the formation is over", supervisor.Snapshot{State: supervisor.Stopped}, supervisor.Glance{Over: true},
			"failed ends with the formation", "failed ends with the formation"},
	} {
		tt.s.Name, tt.s.Type = "web.1", "web"
		if got := readiness(tt.s, tt.g, now); got.state+" "+got.text != tt.ready {
			t.Errorf("%s: %s %s, want %s", tt.name, got.state, got.text, tt.ready)
		} else if young := got.text == "has only just started"; young == got.next.IsZero() {
			t.Errorf("%s: looked at again at %v", tt.name, got.next)
		}
		if got := silence(tt.s, tt.g); got.state+" "+got.text != tt.silent {
			t.Errorf("%s, for a line: %s %s, want %s", tt.name, got.state, got.text, tt.silent)
		}
	}
}

func TestEndingText(t *testing.T) {
	for want, r := range map[string]*supervisor.Report{
		"the formation has ended":                                               nil,
		"the formation was stopped by SIGTERM":                                  {Signal: 15},
		"the formation was stopped, since web.1 exited with code 3":             {Instance: "web.1", Status: supervisor.Status{Code: 3}},
		"the formation was stopped, since web.1 failed: not ready after 30s: x": {Instance: "web.1", Status: supervisor.Status{Code: 1, Err: errors.New("not ready after 30s: x")}},
		"the formation was stopped: reeve quit":                                 {Reason: "reeve quit"},
	} {
		if got := endingText(r); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestVerdict(t *testing.T) {
	met, waiting, bad := control.Waited{Name: "a.1", State: control.Met}, control.Waited{Name: "b.1", State: control.Waiting}, control.Waited{Name: "c.1", State: control.Failed, Text: "is bad"}
	ends := control.Waited{Name: "d.1", State: control.Failed, Text: endsText}
	for _, tt := range []struct {
		name  string
		all   []control.Waited
		of    quorum
		over  bool
		state string
		text  string
	}{
		{"nothing yet", []control.Waited{met, waiting}, ofAll, false, "", ""},
		{"all", []control.Waited{met, met}, ofAll, false, control.Met, ""},
		{"one is bad", []control.Waited{met, waiting, bad}, ofAll, false, control.Failed, "c.1 is bad"},
		{"the end", []control.Waited{met, waiting}, ofAll, true, control.Failed, "the formation has ended"},
		{"one has failed at the end", []control.Waited{bad}, ofAll, true, control.Failed, "c.1 is bad"},
		{"all is well at the end", []control.Waited{met}, ofAll, true, control.Met, ""},
		{"one of all", []control.Waited{waiting, bad, met}, ofAny, false, control.Met, ""},
		{"none of all yet", []control.Waited{waiting, bad}, ofAny, false, "", ""},
		{"one has failed, so all end", []control.Waited{ends, bad}, ofAll, false, control.Failed, "c.1 is bad"},
		{"one has failed, and all are gone", []control.Waited{ends, bad}, ofAll, true, control.Failed, "c.1 is bad"},
		{"it ends long after one has failed", []control.Waited{bad, ends}, ofAny, true, control.Failed, "the formation has ended"},
		{"none of all any more", []control.Waited{bad, bad}, ofAny, false, control.Failed, "c.1 is bad"},
	} {
		v, decided := verdictOn(tt.all, tt.of, supervisor.Glance{Over: tt.over})
		if v.State != tt.state || v.Text != tt.text || decided != (tt.state != "") {
			t.Errorf("%s: %+v, %v", tt.name, v, decided)
		}
	}
}
