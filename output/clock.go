package output

import (
	"strconv"
	"time"
)

// Clock appends the time as it stands in front of a line.
type Clock func(out []byte, now time.Time) []byte

// ClockWords are the timestamps that have a name instead of a layout.
var ClockWords = []string{"rfc3339", "unix", "relative"}

// NewClock makes a clock of one of [ClockWords] or of a layout of package time.
// relative is the time since begin.
func NewClock(layout string, begin time.Time) Clock {
	switch layout {
	case "rfc3339":
		layout = "2006-01-02T15:04:05.000Z07:00"
	case "unix":
		return func(out []byte, now time.Time) []byte {
			return appendMillis(out, now.UnixMilli())
		}
	case "relative":
		return func(out []byte, now time.Time) []byte {
			return appendMillis(padTo(out, now.Sub(begin)), now.Sub(begin).Milliseconds())
		}
	}
	return func(out []byte, now time.Time) []byte { return now.AppendFormat(out, layout) }
}

// padTo appends the blanks that make times of up to a day line up.
func padTo(out []byte, d time.Duration) []byte {
	for limit := 10 * time.Second; limit <= 10000*time.Second; limit *= 10 {
		if d < limit {
			out = append(out, ' ')
		}
	}
	return out
}

// appendMillis appends a number of milliseconds as seconds, "12.345".
func appendMillis(out []byte, ms int64) []byte {
	out = strconv.AppendInt(out, ms/1000, 10)
	fraction := ms % 1000
	return append(out, '.', byte('0'+fraction/100), byte('0'+fraction/10%10), byte('0'+fraction%10))
}
