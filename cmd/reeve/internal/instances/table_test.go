package instances

import (
	"strings"
	"testing"

	"reeve/supervisor/control"
)

// What matters stays on a narrow terminal: who, how it is, and what it is.
func TestTableOnNarrowTerminals(t *testing.T) {
	memory := int64(50 << 20)
	instances := []control.Instance{
		{Name: "web.1", Pid: 4711, State: "running", Ready: true, Port: 5000, Uptime: 3700, Restarts: 2, Memory: &memory, Command: "bundle exec puma -p $PORT"},
		{Name: "worker.10", Pid: 4712, State: "running", Ready: true, Port: 5100, Uptime: 3, Command: "bundle exec sidekiq"},
	}
	for width, want := range map[int]string{
		0:   "INSTANCE PID STATE PORT UPTIME RESTARTS CPU MEMORY COMMAND",
		200: "INSTANCE PID STATE PORT UPTIME RESTARTS CPU MEMORY COMMAND",
		76:  "INSTANCE PID STATE PORT UPTIME RESTARTS CPU MEMORY COMMAND",
		75:  "INSTANCE PID STATE PORT UPTIME CPU MEMORY COMMAND",
		60:  "INSTANCE PID STATE PORT UPTIME MEMORY COMMAND",
		50:  "INSTANCE PID STATE PORT COMMAND",
		40:  "INSTANCE STATE PORT COMMAND",
		30:  "INSTANCE STATE COMMAND",
		5:   "INSTANCE STATE COMMAND",
	} {
		lines := table(instances, width, func(control.Instance) string { return "0.5%" })
		if got := strings.Join(strings.Fields(lines[0]), " "); got != want {
			t.Errorf("%d columns have %q, not %q", width, got, want)
		}
		if !strings.HasPrefix(lines[2], "worker.10  ") || !strings.Contains(lines[2], "running  ") || !strings.HasSuffix(lines[2], "bundle exec sidekiq") {
			t.Errorf("with %d columns: %q", width, lines[2])
		}
	}
}

// A command is shown in its column, and does nothing to the terminal.
func TestTableOfOddCommands(t *testing.T) {
	for command, want := range map[string]string{
		"printf '\x1b[2J\u009b2J\a'": "printf '\ufffd[2J\ufffd2J\ufffd'",
		"echo a\tb":                  "echo a b",
		"echo 漢 é":                   "echo 漢 é",
	} {
		lines := table([]control.Instance{{Name: "web.1", Command: command}}, 0, nil)
		if row := lines[len(lines)-1]; !strings.HasSuffix(row, "  "+want) {
			t.Errorf("%q is shown as %q", command, row)
		}
	}
}
