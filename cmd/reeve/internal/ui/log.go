package ui

import "slices"

// Log keeps lines: of each process at least what reeve keeps, and more where little is written,
// so that one who floods pushes nobody else's lines out.
type Log struct {
	lines []*Line // in order; some may be gone
	gone  int     // so many of them
	kept  map[string]*kept
	added int // so many in all
}

// kept is what is kept of one process.
type kept struct {
	lines []*Line
	size  int
	most  int // bytes that may be kept
}

// How much is kept of all processes together, but of each at least so much. What a line takes
// besides its text counts too.
const (
	keptOfAll  = 32 << 20
	keptOfEach = 1 << 20
	perLine    = 100
)

// Add adds a line. What reeve has kept until now (history) stays in any case.
func (g *Log) Add(l *Line, history bool) {
	k := g.kept[l.Name]
	if k == nil {
		k = &kept{}
		if g.kept == nil {
			g.kept = map[string]*kept{}
		}
		g.kept[l.Name] = k
	}
	g.added++
	l.order = g.added
	g.lines, k.lines = append(g.lines, l), append(k.lines, l)
	k.size += len(l.Text) + perLine
	if history {
		k.most = k.size
	}
	for most := max(k.most, keptOfEach, keptOfAll/len(g.kept)); k.size > most && len(k.lines) > 1; {
		old := k.lines[0]
		k.lines[0], k.lines = nil, k.lines[1:]
		k.size -= len(old.Text) + perLine
		old.gone, old.Text = true, nil
		g.gone++
	}
}

// sparse reports whether so many lines are gone that it is time to forget them.
func (g *Log) sparse() bool { return g.gone > 1000 && g.gone > len(g.lines)/4 }

// forget forgets the lines that are gone.
func (g *Log) forget() {
	g.lines = present(g.lines)
	g.gone = 0
}

func isGone(l *Line) bool { return l.gone }

// present are those of some lines that are still kept.
func present(lines []*Line) []*Line { return slices.DeleteFunc(lines, isGone) }

// goneBefore counts the lines that are gone before a place among some.
func goneBefore(lines []*Line, place int) (n int) {
	for _, l := range lines[:place] {
		if l.gone {
			n++
		}
	}
	return n
}
