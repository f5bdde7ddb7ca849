package watch

import (
	"slices"
	"time"
)

// Set is what is watched under one name.
type Set struct {
	Name     string
	Patterns Patterns
}

// Change is that files of a set have changed, once that has settled.
type Change struct {
	Name  string
	Files []File    // in the order in which they changed, those that are gone last
	All   bool      // so much has happened that it is not known what: everything may have changed
	At    time.Time // when the last of that was seen
}

// And is both changes as one: each file is in it once, as it was seen last. The zero change adds nothing.
func (c Change) And(later Change) Change {
	both := Change{Name: later.Name, All: c.All || later.All, At: later.At}
	for _, f := range c.Files {
		if !slices.ContainsFunc(later.Files, func(l File) bool { return l.Path == f.Path }) {
			both.Files = append(both.Files, f)
		}
	}
	both.Files = append(both.Files, later.Files...)
	return both
}

// File is a file that has changed: its path from the root, with slashes, when that was seen
// last, and whether it is gone.
type File struct {
	Path string
	At   time.Time
	Gone bool
}

// Count is what it takes to watch a set.
type Count struct{ Directories, Files int }

// Counts gives what it takes to watch each of some sets below a root, in their order, and all of them
// together. It watches nothing.
func Counts(root string, sets []Set) (each []Count, all Count) {
	t := newTree(root, sets)
	_ = t.enter(".", t.file)
	return t.counts()
}

// Limit is how many directories the system lets one user watch.
type Limit struct {
	Watches int    // 0: it is not known, or there is none
	Remedy  string // how to raise it
}
