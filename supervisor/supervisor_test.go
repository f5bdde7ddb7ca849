//go:build unix

package supervisor

import (
	"fmt"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// TestSignalInABigStartUp sends a signal while the tenth of a thousand instances starts.
func TestSignalInABigStartUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &machine{t: t}
		for n := range 1000 {
			m.script = append(m.script, child{name: fmt.Sprintf("web.%d", n+1)})
		}
		signals := make(chan os.Signal, 1)
		m.onStart = func(started int) {
			if started == 10 {
				signals <- syscall.SIGTERM
			}
		}
		if code := m.run(signals, nil); code != 0 {
			t.Errorf("exit code %d", code)
		}
		// The signal and the next start are ready at the same time, and chance decides:
		// a hundred times in a row it does not decide the same.
		if started := len(m.runs); started < 10 || started > 110 {
			t.Errorf("%d were started", started)
		}
	})
}

// TestStopBeforeRun asks for the stop before there is anything to stop.
func TestStopBeforeRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &machine{t: t, began: time.Now(), happened: make(chan func(), 10), children: make(chan os.Signal, 1)}
		s := New(Config{Instances: []Spec{{Name: "web.1"}}, System: m, Children: m.children})
		for range 10 {
			s.Quit("not wanted any more") // never waits
		}
		if code := s.Run(); code != 0 {
			t.Errorf("exit code %d", code)
		}
	})
}

func TestDefaultStopSignal(t *testing.T) {
	s := New(Config{Instances: []Spec{{Name: "web.1"}, {Name: "web.2", Stop: syscall.SIGINT}}})
	if a, b := s.instances[0].Stop, s.instances[1].Stop; a != syscall.SIGTERM || b != syscall.SIGINT {
		t.Errorf("%v, %v", a, b)
	}
}
