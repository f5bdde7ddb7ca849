package live

import (
	"context"
	"os"
	"testing"

	"reeve/supervisor"
)

// TestPhase asks a formation to stop in each of its phases.
func TestPhase(t *testing.T) {
	config := func() supervisor.Config {
		return supervisor.Config{Signals: make(chan os.Signal), Children: make(chan os.Signal), Report: func(supervisor.Report) {}}
	}
	p := newPhase()
	if p.loop() != nil || p.formation() != nil || p.onLoop(func() {}) {
		t.Error("something runs before it has begun")
	}
	release := p.enter(released, config())
	if p.loop() != release || p.formation() != nil {
		t.Error("the release counts as the formation")
	}
	formation := p.enter(formed, config())
	if p.loop() != formation || p.formation() != formation {
		t.Error("the formation does not count as one")
	}
	if p.asked.Err() != nil {
		t.Error("it is asked to stop by nobody")
	}
	p.quit("enough")
	p.quit("more than that")
	if why := context.Cause(p.asked); why == nil || why.Error() != "enough" {
		t.Errorf("it is asked to stop because of %v", why)
	}
}
