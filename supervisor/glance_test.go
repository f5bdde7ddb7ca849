//go:build unix

package supervisor

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// TestGlance follows a formation from one glance to the next: each is told of the next change,
// and of nothing else.
func TestGlance(t *testing.T) {
	const life = `
		db.1 ready=1s probe=10s obeys=100ms
		web.1 life=10s ends=3
		at 2s stop db.1
		at 4s restart db.1
		at 6s scale db=0`
	synctest.Test(t, func(t *testing.T) {
		h, err := parseHistory(life + "\n\n")
		if err != nil {
			t.Fatal(err)
		}
		var seen []string
		var last Glance
		done := make(chan struct{})
		watch := func(s *Supervisor) (<-chan Outcome, bool) {
			go func() {
				defer close(done)
				for last = s.Glance(); !last.Over; last = s.Glance() {
					for _, i := range last.All {
						if i.Name == "db.1" && i.State != Waiting { // for its turn, which is the same moment
							seen = append(seen, fmt.Sprintf("%v ready=%v held=%v removed=%v", i.State, i.Ready, i.Held, i.Removed))
						}
					}
					<-last.Changed
				}
			}()
			none := make(chan Outcome)
			close(none)
			return none, true
		}
		m := &machine{t: t, script: h.children}
		m.run(make(chan os.Signal, 1), append([]request{{at: time.Second / 2, ask: watch}}, h.requests...))
		<-done
		// What happens at the same time may be one change or several, so only what differs counts.
		want := []string{
			"running ready=false held=false removed=false",
			"running ready=true held=false removed=false",
			"stopping ready=false held=true removed=false",
			"stopped ready=false held=true removed=false",
			"running ready=false held=false removed=false",
			"running ready=true held=false removed=false",
			"stopping ready=false held=false removed=true",
			"stopped ready=false held=false removed=true",
		}
		if glances := len(seen); glances > 50 {
			t.Errorf("%d glances", glances)
		}
		if got := slices.Compact(seen); !slices.Equal(got, want) {
			t.Errorf("seen:\n%q\nwant:\n%q", got, want)
		}
		if last.Ending == nil || last.Ending.Instance != "web.1" || last.Ending.Status.Code != 3 {
			t.Errorf("at the end: %+v", last.Ending)
		}
	})
}
