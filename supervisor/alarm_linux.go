package supervisor

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// ClockAlarm is an [Alarm] by the machine's clock. Go's own timers stand still while the machine sleeps, and
// do not notice when the clock is set; the kernel's timers for the time of day handle both. The zero value is
// ready to use, and costs nothing before it is set.
type ClockAlarm struct {
	timer *os.File
	rings chan struct{}
	fails bool
}

// Rings implements [Alarm].
func (a *ClockAlarm) Rings() <-chan struct{} { return a.rings }

// Set implements [Alarm].
func (a *ClockAlarm) Set(at time.Time) (can bool) {
	if a.timer == nil && (a.fails || at.IsZero() || !a.open()) {
		return !a.fails
	}
	var spec unix.ItimerSpec
	if !at.IsZero() {
		spec.Value = unix.NsecToTimespec(max(at.UnixNano(), 1))
	}
	raw, err := a.timer.SyscallConn()
	if err == nil {
		_ = raw.Control(func(fd uintptr) {
			err = unix.TimerfdSettime(int(fd), unix.TFD_TIMER_ABSTIME|unix.TFD_TIMER_CANCEL_ON_SET, &spec, nil)
		})
	}
	return err == nil
}

// open creates the timer, and starts waiting for it.
func (a *ClockAlarm) open() bool {
	fd, err := unix.TimerfdCreate(unix.CLOCK_REALTIME, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		a.fails = true
		return false
	}
	a.timer, a.rings = os.NewFile(uintptr(fd), "timer"), make(chan struct{}, 1)
	go a.wait()
	return true
}

// wait rings whenever the timer fires: because it is time, or because the clock was set.
func (a *ClockAlarm) wait() {
	for {
		var times [8]byte
		if _, err := a.timer.Read(times[:]); err != nil && !errors.Is(err, unix.ECANCELED) {
			return
		}
		select {
		case a.rings <- struct{}{}:
		default: // it is ringing already
		}
	}
}
