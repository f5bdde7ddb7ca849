package watch

import "time"

// Set is what is watched under one name.
type Set struct {
	Name     string
	Patterns Patterns
}

// Change is that files of a set have changed, once that has settled.
type Change struct {
	Name  string
	Files []File // in the order in which they changed, those that are gone last
	All   bool   // so much has happened that it is not known what: everything may have changed
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

// Counts gives what it takes to watch sets below a root, in their order. It watches nothing.
func Counts(root string, sets []Set) []Count {
	t := newTree(root, sets)
	_ = t.enter(".", t.file)
	return t.counts()
}
