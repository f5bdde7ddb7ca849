package watch

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"reeve/internal/checkout"
)

// tree is what is known of the files below a root: the directories that some set leads into, and
// in these the files that some set stands for. Paths in it are from the root, with slashes.
type tree struct {
	root  string
	sets  []Set
	skip  string // a directory that counts only if a pattern names it
	repo  repository
	outer []*ignores // of the directories above
	dirs  map[string]*directory
	same  map[fileID][]string // a symbolic link gives one directory several paths
	hints hints

	// begin and end have the system tell what happens in a directory, or not any more. Whoever
	// polls needs neither.
	begin func(dir string, id fileID) error
	end   func(dir string)
	wrong error // why begin has failed, if it has
}

// directory is one that has been entered.
type directory struct {
	id       fileID
	modified int64 // when its entries changed, as far as they have been read
	watched  bool  // by this path: there are others of the same directory
	ignores  []*ignores
	rules    stamp            // of its .gitignore
	seers    []bool           // which sets look into it
	files    map[string]stamp // by name
	fresh    map[string]bool  // those of them that had just changed when they were looked at
	links    []string         // those of the files that are symbolic links
	dirs     map[string]bool  // which of the directories in it have been entered
}

func newTree(root string, sets []Set) *tree {
	repo, _ := checkout.Find(root)
	return &tree{
		root: root, sets: sets, repo: repository(repo), outer: outerIgnores(root, repository(repo)),
		dirs: map[string]*directory{}, same: map[fileID][]string{}, hints: hints{known: map[string]*hint{}},
	}
}

func (t *tree) absolute(file string) string { return filepath.Join(t.root, filepath.FromSlash(file)) }

// enter reads a directory, and those below it that some set leads into. It is watched first and
// read then, so nothing that is made meanwhile is missed. The error is that of begin, where the
// system cannot watch so much.
func (t *tree) enter(dir string, found func(file string)) error {
	info, err := os.Stat(t.absolute(dir))
	if err != nil || !info.IsDir() {
		return nil
	}
	d := &directory{id: idOf(info), files: map[string]stamp{}, fresh: map[string]bool{}, dirs: map[string]bool{}}
	if !t.admit(dir, d) {
		return nil
	}
	if err := t.watch(dir, d); err != nil {
		return err
	}
	t.dirs[dir] = d
	if parent := t.dirs[path.Dir(dir)]; dir != "." && parent != nil {
		parent.dirs[path.Base(dir)] = true
	}
	d.ignores = t.ignoresAbove(dir)
	d.rules, _ = stampOf(filepath.Join(t.absolute(dir), ignoreFile))
	if rules := readIgnores(t.absolute(dir)); rules != nil {
		d.ignores = append(slices.Clip(d.ignores), &ignores{below: inside(dir), rules: rules})
	}
	return t.read(dir, d, found)
}

// racy is how fresh a directory's time of modification may be to be of no use: what comes in the
// same tick of the clock leaves no other one. FAT's tick is two seconds.
const racy = 3 * time.Second

// entriesModified is when the entries of a directory changed; 0: too lately to go by.
func entriesModified(dir string) int64 {
	info, err := os.Stat(dir)
	if err != nil || time.Since(info.ModTime()) < racy {
		return 0
	}
	return info.ModTime().UnixNano()
}

// inside is what the paths of a directory's entries start with.
func inside(dir string) string {
	if dir == "." {
		return ""
	}
	return dir + "/"
}

func (t *tree) ignoresAbove(dir string) []*ignores {
	if dir == "." {
		return t.outer
	}
	return t.dirs[path.Dir(dir)].ignores
}

// admit reports whether some set leads into a directory, and notes which.
func (t *tree) admit(dir string, d *directory) bool {
	d.seers = make([]bool, len(t.sets))
	if dir == "." {
		for i := range d.seers {
			d.seers[i] = true
		}
		return true
	}
	parent := t.dirs[path.Dir(dir)]
	if parent == nil || t.loops(dir, d.id) {
		return false
	}
	some := false
	other, _ := checkout.At(t.absolute(dir)) // in a linked worktree somebody else works
	hidden := other.Linked || dir == t.skip || isScratch(dir) || parent.ignored(dir, true)
	for i, s := range t.sets {
		d.seers[i] = parent.seers[i] && s.Patterns.lead(dir) && (!hidden || s.Patterns.name(dir))
		some = some || d.seers[i]
	}
	return some
}

// loops reports whether a directory contains itself, by a symbolic link.
func (t *tree) loops(dir string, id fileID) bool {
	if id == (fileID{}) {
		info, err := os.Lstat(t.absolute(dir))
		return err != nil || info.Mode()&fs.ModeSymlink != 0 // who knows
	}
	for up := path.Dir(dir); ; up = path.Dir(up) {
		if t.dirs[up] != nil && t.dirs[up].id == id {
			return true
		}
		if up == "." {
			return false
		}
	}
}

// watch has the system watch a directory, unless it does so already by another path.
func (t *tree) watch(dir string, d *directory) error {
	known := d.id != fileID{} && len(t.same[d.id]) > 0
	if d.id != (fileID{}) {
		t.same[d.id] = append(t.same[d.id], dir)
	}
	if known || t.begin == nil {
		return nil
	}
	d.watched = true
	err := t.begin(t.absolute(dir), d.id)
	if err != nil {
		t.wrong = err
	}
	return err
}

// read reads the entries of a directory: those that are new are found, those that are gone are
// hints.
func (t *tree) read(dir string, d *directory, found func(file string)) error {
	d.modified = entriesModified(t.absolute(dir))
	entries, err := os.ReadDir(t.absolute(dir))
	if err != nil {
		return nil //nolint:nilerr // it is gone again, or nobody may read it: then it has no entries
	}
	present := make(map[string]bool, len(entries))
	for _, e := range entries {
		present[e.Name()] = true
		file := inside(dir) + e.Name()
		switch {
		case t.isDir(file, e):
			if !d.dirs[e.Name()] {
				if err := t.enter(file, found); err != nil {
					return err
				}
			}
		case !d.has(e.Name()) && t.wanted(d, file):
			found(file)
			if e.Type()&fs.ModeSymlink != 0 {
				d.links = append(d.links, e.Name())
			}
		}
	}
	for name := range d.files {
		if !present[name] {
			t.hint(d, inside(dir)+name, time.Now())
		}
	}
	for name := range d.dirs {
		if !present[name] {
			t.leave(inside(dir) + name)
		}
	}
	return nil
}

func (d *directory) has(name string) bool { _, ok := d.files[name]; return ok }

// isDir reports whether an entry is a directory, or a link to one.
func (t *tree) isDir(file string, e fs.DirEntry) bool {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.IsDir()
	}
	info, err := os.Stat(t.absolute(file))
	return err == nil && info.IsDir()
}

// leave forgets a directory and all below it. The files in it are hints: they may be gone.
func (t *tree) leave(dir string) {
	d := t.dirs[dir]
	if d == nil {
		return
	}
	for name := range d.dirs {
		t.leave(inside(dir) + name)
	}
	for name := range d.files {
		t.hint(d, inside(dir)+name, time.Now())
	}
	delete(t.dirs, dir)
	if parent := t.dirs[path.Dir(dir)]; parent != nil && dir != "." {
		delete(parent.dirs, path.Base(dir))
	}
	t.unwatch(dir, d)
}

// unwatch is the reverse of watch: another path of the same directory takes over.
func (t *tree) unwatch(dir string, d *directory) {
	var others []string
	for _, other := range t.same[d.id] {
		if other != dir {
			others = append(others, other)
		}
	}
	t.same[d.id] = others
	if len(others) == 0 {
		delete(t.same, d.id)
	}
	if !d.watched || t.end == nil {
		return
	}
	t.end(t.absolute(dir))
	if len(others) > 0 {
		heir := t.dirs[others[0]]
		heir.watched = t.begin(t.absolute(others[0]), d.id) == nil
	}
}

// ignored reports whether git ignores an entry of a directory.
func (d *directory) ignored(file string, isDir bool) bool {
	for i := len(d.ignores) - 1; i >= 0; i-- {
		if ignored, decided := d.ignores[i].verdict(file, isDir); decided {
			return ignored
		}
	}
	return false
}

// wantedBy gives the sets that stand for a file in a directory; nil: none does.
func (t *tree) wantedBy(d *directory, file string) []int {
	var by []int
	hidden, known := false, false
	for i, s := range t.sets {
		if !d.seers[i] || !s.Patterns.Match(file) {
			continue
		}
		if !known {
			hidden, known = isScratch(file) || d.ignored(file, false), true
		}
		if !hidden || s.Patterns.name(file) {
			by = append(by, i)
		}
	}
	return by
}

func (t *tree) wanted(d *directory, file string) bool { return t.wantedBy(d, file) != nil }

// size is how much a pass looks at.
func (t *tree) size() (n int) {
	for _, d := range t.dirs {
		n += 1 + len(d.files)
	}
	return n
}

// counts gives how many directories each set leads into, and how many files it stands for, and
// how many all of them do.
func (t *tree) counts() (each []Count, all Count) {
	each = make([]Count, len(t.sets))
	for dir, d := range t.dirs {
		all.Directories++
		all.Files += len(d.files)
		for i, sees := range d.seers {
			if sees {
				each[i].Directories++
			}
		}
		for name := range d.files {
			for _, i := range t.wantedBy(d, inside(dir)+name) {
				each[i].Files++
			}
		}
	}
	return each, all
}

// relative is the path of a file from the root; false: it is elsewhere.
func (t *tree) relative(file string) (string, bool) {
	if file == t.root {
		return ".", true
	}
	rel, ok := strings.CutPrefix(file, strings.TrimSuffix(t.root, string(filepath.Separator))+string(filepath.Separator))
	return filepath.ToSlash(rel), ok
}

// slashDir is the directory of a path with slashes.
func slashDir(file string) string { return path.Dir(filepath.ToSlash(file)) }
