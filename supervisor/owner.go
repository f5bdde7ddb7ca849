//go:build unix

package supervisor

// owner says which run a process belongs to.
type owner struct {
	kind ownerKind
	run  int // ofRun: the leader's pid
}

type ownerKind uint8

const (
	ofNobody ownerKind = iota // none of this formation's
	ofRun
	ofFormation // of one of its runs, and nothing tells which
)

var (
	nobody = owner{kind: ofNobody}
	astray = owner{kind: ofFormation}
)

// family is a snapshot of the process table, with what tells the owner of each process.
type family struct {
	procs    map[int]proc
	reaper   int                               // to whom orphans come
	isRun    func(pid int) bool                // whether a run has this leader
	markedAs func(pid int, start uint64) owner // the owner by a process's marker

	// unmarked owns the orphans whose marker says nothing.
	unmarked owner
	// isHelper reports whether a session, or a group, is of somebody who helps the formation, and
	// whose processes are nobody's as long as that lives. Nil: none is.
	isHelper func(leader int) bool
	// isOutside reports whether a session is older than the formation. Nil: none is.
	isOutside func(session int) bool

	owners map[int]owner // what has been found out, and is known beforehand
}

// all finds the owners of all processes that have one.
func (f *family) all() map[int]owner {
	found := map[int]owner{}
	for pid := range f.procs {
		if o := f.of(pid); o != nobody {
			found[pid] = o
		}
	}
	return found
}

// of finds the owner of one process.
func (f *family) of(pid int) owner {
	o, known := f.owners[pid]
	if !known {
		f.owners[pid] = nobody // whatever happens, ancestry is not a ring
		o = f.find(f.procs[pid])
		f.owners[pid] = o
	}
	return o
}

// find goes through the signs, the surest first: where the process descends from, since a
// stranger can have the number of a session that is over; session and group; the
// parents; and for an orphan, its marker.
func (f *family) find(pr proc) owner {
	_, hasParent := f.procs[pr.ppid]
	orphan := pr.ppid == f.reaper
	switch {
	case !f.descends(pr):
		return nobody
	case f.isRun(pr.session):
		return owner{ofRun, pr.session}
	case f.isRun(pr.pgrp):
		return owner{ofRun, pr.pgrp}
	case f.isHelper != nil && (f.isHelper(pr.session) || f.isHelper(pr.pgrp)):
		return nobody
	case f.isOutside != nil && f.isOutside(pr.session):
		return nobody
	case hasParent && !orphan:
		return f.of(pr.ppid)
	}
	// It is an orphan, or about to be one: its parent has ended during the look.
	if o := f.markedAs(pr.pid, pr.start); o != nobody || !orphan {
		return o
	}
	return f.unmarked
}

// descends reports whether the parents of a process lead to the reaper, or nobody knows
// where.
func (f *family) descends(pr proc) bool {
	for range len(f.procs) {
		parent, listed := f.procs[pr.ppid]
		switch {
		case pr.ppid == f.reaper:
			return true
		case !listed:
			return pr.ppid != 0 // which is somewhere outside of the PID namespace
		}
		pr = parent
	}
	return false
}

// ownerIn finds the run that a marker of this formation names. If that is over, the
// formation is all that the marker tells.
func ownerIn[K comparable](runs map[K]int, of K) owner {
	if run, ok := runs[of]; ok {
		return owner{ofRun, run}
	}
	return astray
}
