//go:build !linux

package supervisor

import "time"

// ClockAlarm is an [Alarm] that cannot ring: the loop looks at the clock now and then.
type ClockAlarm struct{}

// Rings implements [Alarm].
func (*ClockAlarm) Rings() <-chan struct{} { return nil }

// Set implements [Alarm].
func (*ClockAlarm) Set(time.Time) (can bool) { return false }
