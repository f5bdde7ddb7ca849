package ui

import "reeve/supervisor/control"

// figures are what the processes use. They change all the time, so they cost a look now and
// then: who does not see them pays nothing.
type figures uint8

const (
	figuresIfWide figures = iota
	figuresShown
	figuresHidden
)

// usage is what an instance uses.
type usage struct {
	pid     int
	seconds float64 // of processor time by now
	percent float64 // of a processor
	memory  int64
}

// use takes what the instances use.
func (m *Model) use(f control.Formation, since float64) {
	used := map[string]usage{}
	for _, i := range f.Instances {
		if i.CPU == nil || i.CPUSeconds == nil || i.Memory == nil {
			continue
		}
		u := usage{i.Pid, *i.CPUSeconds, *i.CPU, *i.Memory}
		if before, known := m.used[i.Name]; known && before.pid == i.Pid && since > 0 {
			u.percent = max(100*(u.seconds-before.seconds)/since, 0)
		}
		used[i.Name] = u
	}
	m.used = used
}

// ShowsFigures reports whether what the processes use can be seen.
func (m *Model) ShowsFigures() bool {
	return m.link.state == connected && !m.alone && m.help == 0 && m.hasFigures()
}

// How wide a screen is on which there is room for figures, and on which they are shown unasked.
const (
	roomForFigures = 70
	wideEnough     = 100
)

func (m *Model) hasFigures() bool {
	return m.figures == figuresShown && m.Width >= roomForFigures || m.figures == figuresIfWide && m.Width >= wideEnough
}
