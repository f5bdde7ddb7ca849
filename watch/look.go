package watch

import (
	"io/fs"
	"os"
	"path"
	"slices"
	"time"
)

// happening is what the system has said of a path.
type happening struct {
	written bool
	gone    bool // which it is not if something else has come in its place
}

// look takes another look at a path of which the system has said that something happened
// there. It reports whether that may matter to some set.
func (t *tree) look(file string, what happening, now time.Time) (matters bool, err error) {
	if d := t.dirs[path.Dir(file)]; d == nil || file == "." {
		return false, nil
	}
	before := len(t.hints.order)
	for _, dir := range t.aliases(path.Dir(file)) {
		other := inside(dir) + path.Base(file)
		if what.gone {
			t.leave(other) // also if there is a directory now, which may have its inode
		}
		if err = t.lookAt(t.dirs[dir], other, now); err != nil {
			return true, err
		}
		if h := t.hints.known[other]; h != nil {
			h.written = h.written || what.written
			matters = true
		}
	}
	return matters || len(t.hints.order) > before, nil
}

// aliases are all the paths of a directory.
func (t *tree) aliases(dir string) []string {
	if id := t.dirs[dir].id; id != (fileID{}) {
		return slices.Clone(t.same[id])
	}
	return []string{dir}
}

func (t *tree) lookAt(d *directory, file string, now time.Time) error {
	info, err := os.Stat(t.absolute(file))
	isDir := err == nil && info.IsDir()
	if known := t.dirs[file]; known != nil {
		if isDir && known.id == idOf(info) && known.id != (fileID{}) {
			return nil
		}
		t.leave(file)
	}
	if isDir {
		if d.has(path.Base(file)) {
			t.hint(d, file, now)
		}
		return t.enter(file, t.create)
	}
	if t.hint(d, file, now) != nil && !d.has(path.Base(file)) {
		if l, err := os.Lstat(t.absolute(file)); err == nil && l.Mode()&fs.ModeSymlink != 0 && !slices.Contains(d.links, path.Base(file)) {
			d.links = append(d.links, path.Base(file))
		}
	}
	// What a link points to may be beside it, or has been exchanged there.
	for _, link := range d.links {
		if s, _ := stampOf(t.absolute(inside(path.Dir(file)) + link)); s != d.files[link] {
			t.hint(d, inside(path.Dir(file))+link, now)
		}
	}
	return nil
}

// pass looks at everything: there is nobody to say what may have changed. It reports whether
// something may have, and whether the rules of what is ignored have.
func (t *tree) pass(now time.Time) (matters, rules bool) {
	before := len(t.hints.order)
	dirs := make([]string, 0, len(t.dirs))
	for dir := range t.dirs {
		dirs = append(dirs, dir)
	}
	for _, dir := range dirs {
		d := t.dirs[dir]
		if d == nil {
			continue // left meanwhile
		}
		info, err := os.Stat(t.absolute(dir))
		if err != nil || !info.IsDir() || idOf(info) != d.id {
			t.leave(dir)
			if parent := t.dirs[path.Dir(dir)]; parent != nil && dir != "." {
				parent.modified = 0
			}
			if dir == "." || t.dirs[path.Dir(dir)] != nil {
				_ = t.enter(dir, t.create)
			}
			continue
		}
		if info.ModTime().UnixNano() != d.modified {
			_ = t.read(dir, d, t.create)
		}
		for name, s := range d.files {
			if is, exists := stampOf(t.absolute(inside(dir) + name)); !exists || is != s {
				t.hint(d, inside(dir)+name, now)
			}
		}
		if is, _ := stampOf(t.absolute(inside(dir) + ignoreFile)); is != d.rules {
			rules = true
		}
	}
	return rules || len(t.hints.order) > before, rules
}

// reload reads the tree again, because what is ignored may have changed or events have been lost.
// Files that have changed are hints, those that the rules leave out now or have let in are not.
func (t *tree) reload(now time.Time) error {
	old := t.dirs
	for dir, d := range old {
		if d.watched && t.end != nil {
			t.end(t.absolute(dir))
		}
	}
	t.dirs, t.same = map[string]*directory{}, map[fileID][]string{}
	err := t.enter(".", func(file string) {
		before := old[path.Dir(file)]
		if before == nil && t.knew(old, file) || before != nil && t.wanted(before, file) {
			if before == nil || !before.has(path.Base(file)) {
				t.create(file)
				return
			}
			d := t.dirs[path.Dir(file)]
			d.files[path.Base(file)] = before.files[path.Base(file)]
			if before.fresh[path.Base(file)] {
				d.fresh[path.Base(file)] = true
			}
			if is, _ := stampOf(t.absolute(file)); is != d.files[path.Base(file)] {
				t.hint(d, file, now)
			}
			return
		}
		t.file(file)
	})
	for dir, d := range old {
		for name := range d.files {
			if file := inside(dir) + name; t.dirs[dir] == nil || !t.dirs[dir].has(name) {
				if _, exists := stampOf(t.absolute(file)); !exists {
					t.hint(d, file, now)
				}
			}
		}
	}
	return err
}

// knew reports whether a file lies in a directory that would have been entered under the rules
// of before, had it existed.
func (t *tree) knew(old map[string]*directory, file string) bool {
	top := path.Dir(file)
	for old[top] == nil && top != "." {
		above := path.Dir(top)
		if d := old[above]; d != nil {
			return !d.ignored(top, true)
		}
		top = above
	}
	return false
}
