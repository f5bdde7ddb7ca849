package supervisor

import (
	"os"
	"testing"
	"time"
)

func TestUsage(t *testing.T) {
	pid := os.Getpid()
	var u Usage
	u.add([]byte("7 (a) b) S 1 7 7 0 -1 4194304 5 0 0 0 250 50 7 3 20 0 1 0 9 1000 12 18446744073709551615"))
	if want := (Usage{CPU: 3100 * time.Millisecond, Memory: 12 * int64(os.Getpagesize())}); u != want {
		t.Errorf("got %v, want %v", u, want)
	}
	u = Usage{}
	u.add(nil)
	if u != (Usage{}) {
		t.Errorf("a process that has ended uses %v", u)
	}
	if used := UsageOf([]int{pid}); len(used) > 0 && used[pid].Memory == 0 {
		t.Errorf("a session without memory: %v", used)
	}
}
