package live

import (
	"testing"

	"reeve/supervisor"
)

func TestLeftText(t *testing.T) {
	left := []supervisor.Process{
		{Pid: 7, Name: "su", State: "S", Owner: "root"}, {Pid: 8, Name: "dd", State: "D"}, {Pid: 9, Name: "sh", State: "R"},
	}
	const want = "pid 7 (su): not permitted: it runs as root, pid 8 (dd) is in uninterruptible sleep, pid 9 (sh)"
	if got := leftText(left); got != want {
		t.Errorf("got %q", got)
	}
	if got := leftText(nil); got != "its processes are unknown" {
		t.Errorf("got %q", got)
	}
}
