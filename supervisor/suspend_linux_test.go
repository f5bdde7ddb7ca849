package supervisor

import (
	"os"
	"os/signal"
	"syscall"
	"testing"
)

// TestSuspend lets a reeve stop itself while SIGCONT comes at the worst of times. Only what comes
// when it has stopped is sent by the test.
func TestSuspend(t *testing.T) {
	for _, tt := range []struct{ cont, want string }{
		{"later", "stopped"},
		{"before", "goes on"},
		{"meanwhile", "goes on"},
		{"after the look", "goes on"},
	} {
		t.Run(tt.cont, func(t *testing.T) {
			s := newLab(t).start("suspend " + tt.cont)
			s.meet("reeve")
			if tt.want == "stopped" {
				eventually(t, "stopped", func() bool {
					p, ok := readProc(s.pid, make([]byte, 1024))
					return ok && p.state == 'T'
				})
				check(syscall.Kill(s.pid, syscall.SIGCONT))
			}
			s.hear("goes on")
			s.exit()
			s.gone()
		})
	}
}

func init() { acts["suspend"] = beSuspended }

// beSuspended stops itself as reeve does, and SIGCONT comes just before that, while it looks at what
// has come, or when it has seen that nothing has.
func beSuspended(word, _ string) {
	signals := make(chan os.Signal, 64)
	signal.Notify(signals, syscall.SIGCONT)
	goOn := func(moment string) {
		if moment == word {
			check(syscall.Kill(os.Getpid(), syscall.SIGCONT))
		}
	}
	say("reeve is %d", os.Getpid())
	goOn("before")
	stopSelf(func() bool {
		goOn("meanwhile")
		if word == "meanwhile" {
			<-signals
			return false
		}
		none := len(signals) == 0
		goOn("after")
		return none
	})
	say("goes on")
}
