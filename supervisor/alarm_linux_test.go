package supervisor

import (
	"testing"
	"time"
)

// An alarm rings when it is time, and not before; one that is replaced does not ring.
func TestClockAlarm(t *testing.T) {
	var a ClockAlarm
	if a.Rings() != nil {
		t.Error("it is there before somebody has set it")
	}
	if !a.Set(time.Time{}) || a.timer != nil {
		t.Error("it is made to be off")
	}
	at := time.Now().Add(20 * time.Millisecond)
	if !a.Set(time.Now().Add(time.Hour)) || !a.Set(at) {
		t.Fatal("it cannot be set")
	}
	defer a.timer.Close()
	<-a.Rings()
	if early := time.Until(at.Round(0)); early > 0 {
		t.Errorf("it rings %v early", early)
	}
	if !a.Set(time.Now().Add(-time.Hour)) {
		t.Error("it cannot be set to what is over")
	}
	<-a.Rings() // at once
	a.Set(time.Now().Add(time.Hour))
	a.Set(time.Time{})
	select {
	case <-a.Rings():
		t.Error("it rings although it is off")
	default:
	}
}
