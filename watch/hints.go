package watch

import (
	"path"
	"slices"
	"time"

	"reeve/internal/sorting"
)

// hint is that a file may have changed. What it was before stands here from the first hint to
// the moment in which all have settled, however many there are.
type hint struct {
	before  stamp
	existed bool
	fresh   bool // another change may have left the same stamp
	written bool // something wrote to it: that is a change if it may have left the same stamp
	at      time.Time
	sets    []int
}

// hints are the files that may have changed, in the order in which that was seen.
type hints struct {
	known map[string]*hint
	order []string
}

// hint notes that a file of a directory may have changed. It gives nil if no set stands for it.
func (t *tree) hint(d *directory, file string, now time.Time) *hint {
	h := t.hints.known[file]
	if h == nil {
		sets := t.wantedBy(d, file)
		if sets == nil {
			return nil
		}
		h = &hint{sets: sets}
		h.before, h.existed = d.files[path.Base(file)]
		h.fresh = d.fresh[path.Base(file)]
		t.hints.known[file] = h
		t.hints.order = append(t.hints.order, file)
	}
	h.at = now
	return h
}

// record takes a state of a file as known.
func (t *tree) record(file string, s stamp, exists bool) {
	d, name := t.dirs[path.Dir(file)], path.Base(file)
	switch {
	case d == nil:
	case exists && t.wanted(d, file):
		d.know(name, s)
	default:
		delete(d.files, name)
		delete(d.fresh, name)
		d.links = slices.DeleteFunc(d.links, func(link string) bool { return link == name })
	}
}

// file takes the present state of a file that has been found as known, without calling it a change.
func (t *tree) file(file string) {
	if s, exists := stampOf(t.absolute(file)); exists {
		t.dirs[path.Dir(file)].know(path.Base(file), s)
	}
}

// know notes the stamp of a file that has just been looked at.
func (d *directory) know(name string, s stamp) {
	d.files[name] = s
	if delete(d.fresh, name); s.isFresh(time.Now()) {
		d.fresh[name] = true
	}
}

// create notes a file that has been found where none was.
func (t *tree) create(file string) { t.hint(t.dirs[path.Dir(file)], file, time.Now()) }

// settle says what has come of the hints, by set, and has none any more.
func (t *tree) settle() map[int][]File {
	changed := map[int][]File{}
	for _, file := range t.hints.order {
		h := t.hints.known[file]
		now, exists := stampOf(t.absolute(file))
		t.record(file, now, exists)
		if !exists && !h.existed || exists == h.existed && now == h.before && !(h.written && h.fresh) {
			continue
		}
		for _, i := range h.sets {
			changed[i] = append(changed[i], File{Path: file, At: h.at, Gone: !exists})
		}
	}
	t.hints = hints{known: map[string]*hint{}}
	for _, files := range changed {
		// What is there says more than what is gone: an editor's old copy, a removed branch's file.
		sorting.Stable(files, func(a, b File) int { return compareBools(a.Gone, b.Gone) })
	}
	return changed
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
