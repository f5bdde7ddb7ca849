package live

import (
	"syscall"
	"testing"
	"time"

	"reeve/supervisor"
)

func TestCrashHint(t *testing.T) {
	const tail = " (--no-hints silences this)"
	alone := "web.1 failed immediately: try it alone, with reeve run web, and see what reeve check says" + tail
	tests := []struct {
		name   string
		status supervisor.Status
		lived  time.Duration
		want   string
	}{
		{"failed", supervisor.Status{Code: 1}, 0, alone},
		{"failed with a high code", supervisor.Status{Code: 255}, 999 * time.Millisecond, alone},
		{"failed later", supervisor.Status{Code: 1}, time.Second, ""},
		{"done", supervisor.Status{}, 0, ""},
		{"never began", supervisor.Status{Code: 127, Err: supervisor.ErrNotFound}, 0, ""},
		{"asked to stop", supervisor.Status{Signal: syscall.SIGTERM}, 0, ""},
		{"exits as if by TERM", supervisor.Status{Code: 143}, 0, ""},
		{"not found by a shell", supervisor.Status{Code: 127}, 0, "web.1 failed immediately: " + shellCodes[127] + tail},
		{"not executed by a shell", supervisor.Status{Code: 126}, 0, "web.1 failed immediately: " + shellCodes[126] + tail},
		{"killed", supervisor.Status{Signal: syscall.SIGKILL}, 0, "web.1 failed immediately: SIGKILL: this is often the system's doing, when memory runs out" + tail},
		{"crashed in a shell", supervisor.Status{Code: 139}, 0, "web.1 failed immediately: SIGSEGV: this is a bug in the program, or in one of its libraries" + tail},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var c crashes
			start := time.Now()
			c.hint(report(supervisor.Started, "web.1"), start)
			got, ok := c.hint(exit("web.1", test.status), start.Add(test.lived))
			if got != test.want || ok != (got != "") {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestCrashHintOnce checks that a hint is given once for each type, and not on the way out.
func TestCrashHintOnce(t *testing.T) {
	now := time.Now()
	c := crashes{taken: map[string]int{"web.1": 5000}}
	said := func(r supervisor.Report) bool {
		_, ok := c.hint(r, now)
		return ok
	}
	for _, name := range []string{"web.1", "web.2", "job.1"} {
		said(report(supervisor.Started, name))
	}
	text, _ := c.hint(exit("web.1", supervisor.Status{Code: 1}), now)
	if want := "web.1 failed immediately: its port 5000 is in use, which may be why: stop the other program, or use other ports with --port auto or --port N (--no-hints silences this)"; text != want {
		t.Errorf("got %q, want %q", text, want)
	}
	if said(exit("web.2", supervisor.Status{Code: 1})) {
		t.Error("the second instance has a hint, too")
	}
	said(report(supervisor.Started, "web.1"))
	if said(exit("web.1", supervisor.Status{Code: 1})) {
		t.Error("the second run has a hint, too")
	}
	said(supervisor.Report{Kind: supervisor.FormationStopping})
	if said(exit("job.1", supervisor.Status{Code: 1})) {
		t.Error("there is a hint while the formation is being stopped")
	}
}

func report(kind supervisor.Kind, instance string) supervisor.Report {
	return supervisor.Report{Kind: kind, Instance: instance, Type: instance[:3]}
}

func exit(instance string, s supervisor.Status) supervisor.Report {
	r := report(supervisor.Exited, instance)
	r.Status = s
	return r
}
