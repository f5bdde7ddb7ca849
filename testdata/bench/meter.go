package main

import (
	"bytes"
	"fmt"
	"slices"
	"time"
)

// meter counts what processes have written in what a runner makes of it, whatever
// prefixes and messages the runner adds.
type meter struct {
	filled int // bytes of filler
	lines  int // marks
	ups    int // processes that have said "@u;"
	ends   int // generators that have said "@e…;", that they have written all
	// What those have written in sum, to compare.
	saidBytes, saidLines int
	delays               []time.Duration // of the lines "@t…;"

	now  int64  // the time of what is being taken
	tail []byte // a message that has begun
}

// longestMessage bounds a message. What looks like one and is longer is not one.
const longestMessage = 64

// payload is what processes have written, newlines included.
func (m *meter) payload() int { return m.filled + 2*m.lines }

// lost says how much of what the generators have written did not arrive; negative:
// more arrived.
func (m *meter) lost() (bytes, lines int) {
	return m.saidBytes - m.filled - m.lines, m.saidLines - m.lines
}

// take counts what is in p, which has just been read.
func (m *meter) take(p []byte) {
	m.filled += bytes.Count(p, []byte{filler})
	m.lines += bytes.Count(p, []byte{mark})
	if bytes.IndexByte(p, '@') < 0 && len(m.tail) == 0 {
		return
	}
	m.now = monotonic()
	if len(m.tail) > 0 {
		p = append(m.tail, p...)
		m.tail = nil
	}
	for {
		i := bytes.IndexByte(p, '@')
		if i < 0 {
			return
		}
		p = p[i:]
		switch end := bytes.IndexByte(p[:min(len(p), longestMessage)], ';'); {
		case end > 0:
			m.message(string(p[1:end]))
			p = p[end:]
		case len(p) < longestMessage:
			m.tail = bytes.Clone(p)
			return
		default:
			p = p[1:]
		}
	}
}

func (m *meter) message(s string) {
	var sent int64
	var bytes, lines int
	if n, _ := fmt.Sscanf(s, "t%d", &sent); n == 1 {
		m.delays = append(m.delays, time.Duration(m.now-sent))
	} else if n, _ := fmt.Sscanf(s, "e%d,%d", &bytes, &lines); n == 2 {
		m.ends++
		m.saidBytes += bytes
		m.saidLines += lines
	} else if s == "u" {
		m.ups++
	}
}

// delay gives a percentile of the delays in milliseconds.
func (m *meter) delay(percent int) float64 {
	slices.Sort(m.delays)
	return milliseconds(m.delays[(len(m.delays)-1)*percent/100])
}

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1e3 }
