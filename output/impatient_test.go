package output

import (
	"testing"
	"testing/synctest"
	"time"
)

// Who comes back too late himself gives the reader its time again; who does not gives up.
func TestIdle(t *testing.T) {
	for _, tt := range []struct {
		late, takes time.Duration
		want        bool
	}{
		{0, longestWait - 1, true},
		{0, longestWait + 1, false},
		{time.Second, longestWait / 2, true},
		{time.Second, 2 * longestWait, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			busy := make(chan struct{})
			w := &Impatient{busy: busy}
			end := time.Now().Add(longestWait - tt.late)
			time.AfterFunc(tt.takes, func() { close(busy) })
			if got := w.idle(end); got != tt.want {
				t.Errorf("%v late, and a write that takes %v: %v", tt.late, tt.takes, got)
			}
			<-busy
		})
	}
}
