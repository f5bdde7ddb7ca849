//go:build darwin || freebsd

package supervisor

import (
	"iter"
	"math"
	"time"

	"reeve/supervisor/kinfo"
)

// The marker that every process of a formation inherits has one copy here, MarkerKey in the
// environment. macOS does not show the environment of programs that come with it, unless System
// Integrity Protection is off.

// markers are those of some runs of one formation, by each of which one finds the run.
type markers struct {
	formation string
	names     map[string]int
	leaders   map[int]int
	trees     map[int]int // where the kernel knows: of which of reeve's children a process descends
	since     uint64      // nothing that is older is of the formation
}

// clockMayJump is how much older than reeve a process may seem since the clock was set.
const clockMayJump = uint64(time.Minute / time.Microsecond)

func markersOf(formation string, runs iter.Seq2[int, *run]) *markers {
	m := &markers{formation: formation, names: map[string]int{}, leaders: map[int]int{}, trees: treesOf(), since: math.MaxUint64}
	for pid, r := range runs {
		m.names[r.Name], m.leaders[pid] = pid, pid
		m.since = min(m.since, r.began)
	}
	return m
}

// ownerOf finds the owner of a process by its ancestors, or by its marker. A user's session has
// hundreds of processes whose parent is init: most need not be asked.
func (m *markers) ownerOf(pid int, start uint64) owner {
	if tree, ok := m.trees[pid]; ok && m.leaders[tree] != 0 {
		return owner{ofRun, tree}
	}
	if start+clockMayJump < m.since {
		return nobody
	}
	if of, ok := markerAmong(kinfo.Environ(pid)); ok && of.formation == m.formation {
		return ownerIn(m.names, of.instance)
	}
	return nobody
}
