package live

import (
	"context"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/output"
	"reeve/procfile"
	"reeve/supervisor"
)

// stubSystem has runs that end when they are asked to.
type stubSystem struct {
	supervisor.System
	children chan os.Signal
	ended    []supervisor.Exit
	pids     int
	signals  []syscall.Signal
}

func (s *stubSystem) Start(supervisor.Spec) (pid int, err error) { s.pids++; return s.pids, nil }
func (s *stubSystem) Ask([]int)                                  {}
func (s *stubSystem) Gone(runs []int) (gone, bereft []int)       { return runs, nil }
func (s *stubSystem) Forward(sig syscall.Signal, _ []int)        { s.signals = append(s.signals, sig) }

func (s *stubSystem) AskFirst(runs []int) {
	for _, pid := range runs {
		s.ended = append(s.ended, supervisor.Exit{Pid: pid})
	}
	s.children <- supervisor.ChildSignal
}

func (s *stubSystem) Reap() []supervisor.Exit {
	defer func() { s.ended = nil }()
	return s.ended
}

// TestRequests has a companion ask for everything that one may ask for.
func TestRequests(t *testing.T) {
	history := output.NewHistory(1 << 16)
	log, err := output.New(output.Options{Out: -1, Format: output.NewText(output.TextOptions{}), History: history})
	if err != nil {
		t.Fatal(err)
	}
	ask := &requests{phase: newPhase(), log: log, plans: newPlans(&app.App{Procfile: &procfile.Procfile{Entries: []procfile.Entry{{Type: "web"}}}})}
	why := func(text string) output.Notice { return output.Notice{Event: "request", Text: text} }
	if _, err := ask.restart([]string{"web.1"}, why("too early")); err != errNotStarted {
		t.Errorf("a formation that has not begun is restarted: %v", err)
	}
	system := &stubSystem{children: make(chan os.Signal, 1)}
	s := ask.phase.enter(formed, supervisor.Config{
		Instances: []supervisor.Spec{{Name: "web.1", Type: "web", Grace: time.Hour}},
		System:    system, Signals: make(chan os.Signal), Children: system.children,
	})
	ended, over := make(chan struct{}), make(chan struct{})
	leave := accompany(ask, func(ctx context.Context, ask *requests) {
		defer close(over)
		outcomes, err := ask.restart([]string{"web.1"}, why("web.1 has changed"))
		if err != nil {
			t.Error(err)
			return
		}
		if o := <-outcomes; o.Result != supervisor.Up {
			t.Errorf("web.1 is not restarted: %+v", o)
		}
		if err := ask.signal([]string{"web.1", "other"}, syscall.SIGHUP, why("web.1 reads its settings again")); err != nil {
			t.Error(err)
		}
		if !ask.onLoop(func() {
			if !slices.Equal(system.signals, []syscall.Signal{syscall.SIGHUP}) {
				t.Errorf("it was sent %v", system.signals)
			}
		}) {
			t.Error("there is no loop")
		}
		if outcomes, err = ask.stop([]string{"web.1"}, why("web.1 is ill")); err != nil {
			t.Error(err)
			return
		}
		if o := <-outcomes; o.Result != supervisor.Down {
			t.Errorf("web.1 is not stopped: %+v", o)
		}
		if all := ask.snapshot(); len(all) != 1 || !all[0].Held {
			t.Errorf("the formation is %+v", all)
		}
		ask.quit("that was all")
		<-ctx.Done()
	})
	go func() { defer close(ended); s.Run() }()
	<-ended
	leave()
	<-over
	if _, err := ask.restart([]string{"web.1"}, why("too late")); err != errEnding {
		t.Errorf("a formation that has ended is restarted: %v", err)
	}
	log.Close(t.Context(), time.Minute)
	var text []byte
	if err := history.Write(t.Context(), output.Query{Lines: -1}, output.NewText(output.TextOptions{}), func(p []byte) error {
		text = append(text, p...)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	const want = "system | web.1 has changed\nsystem | web.1 reads its settings again\nsystem | web.1 is ill\nsystem | too late\n"
	if string(text) != want {
		t.Errorf("the log has\n%s", text)
	}
}
