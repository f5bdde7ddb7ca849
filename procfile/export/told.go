package export

import (
	"fmt"
	"slices"
	"strings"

	"reeve/procfile/probe"
)

// A process can tell some process managers itself how it is (sd_notify(3)). Elsewhere nobody hears it.

// tells reports whether a probe is one that the process itself answers.
func (p *Probe) tells() bool { return p != nil && p.Kind == probe.Notify }

// heard takes out of an app what a format does not hear its processes tell, and says so.
func (f Format) heard(a App) (App, []string) {
	if f.Hears {
		return a, nil
	}
	a.Types = slices.Clone(a.Types)
	var ready, healthy []string
	for n := range a.Types {
		t := &a.Types[n]
		if t.Ready.tells() {
			t.Ready = nil
			ready = append(ready, t.Name)
		}
		if t.Health.tells() {
			t.Health = nil
			healthy = append(healthy, t.Name)
		}
	}
	var notices []string
	if len(ready) > 0 {
		notices = append(notices, fmt.Sprintf("%s: nothing here hears READY=1: --ready notify is left out, and the type is ready when it runs", strings.Join(ready, ", ")))
	}
	if len(healthy) > 0 {
		notices = append(notices, fmt.Sprintf("%s: nothing here hears WATCHDOG=1: --health notify is left out", strings.Join(healthy, ", ")))
	}
	return a, notices
}

// hasWatchdog reports whether a type is to say from time to time that it is healthy.
func hasWatchdog(t Type) bool { return t.Health.tells() }
