package propose

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

// dir is the directory of an app, or of a part of one.
type dir struct {
	fs.FS
	app  fs.FS  // of which it is a part; nil: it is the whole
	name string // the path in there
}

// readable is a directory without files that would block when opened, such as a pipe that happens
// to be there.
type readable struct{ fs.FS }

func (r readable) Open(name string) (fs.File, error) {
	if info, err := fs.Stat(r.FS, name); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	return r.FS.Open(name)
}

// part is a directory in it.
func (d dir) part(name string) (dir, bool) {
	sub, err := fs.Sub(d, name)
	return dir{sub, d.FS, name}, err == nil
}

// inApp returns the path of a file of the whole app, relative to this directory; empty if there
// is none.
func (d dir) inApp(name string) string {
	if d.app == nil {
		return ""
	}
	if _, err := fs.Stat(d.app, name); err != nil {
		return ""
	}
	return strings.Repeat("../", 1+strings.Count(d.name, "/")) + name
}

// isEmpty reports whether a directory has nothing but names that begin with a dot.
func (d dir) isEmpty() bool {
	entries, err := fs.ReadDir(d, ".")
	return err == nil && !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !strings.HasPrefix(e.Name(), ".") })
}

func (d dir) has(name string) bool {
	_, err := fs.Stat(d, name)
	return err == nil
}

// script calls a script of the app's: by its path, or where it cannot be executed by its
// interpreter.
func (d dir) script(name, interpreter string) string {
	if info, err := fs.Stat(d, name); err == nil && info.Mode()&0o111 == 0 {
		return interpreter + " " + name
	}
	if !strings.Contains(name, "/") {
		return "./" + name
	}
	return name
}

// first returns the first of some files that exists, or nothing.
func (d dir) first(names ...string) string {
	for _, name := range names {
		if d.has(name) {
			return name
		}
	}
	return ""
}

// maxFile bounds the size of a file that people write, in bytes.
const maxFile = 1 << 20

// read returns the contents of a file, or nothing. Big files were not written by people.
func (d dir) read(name string) string {
	info, err := fs.Stat(d, name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxFile {
		return ""
	}
	text, _ := fs.ReadFile(d, name)
	return string(text)
}

// glob returns the files that match one of some patterns.
func (d dir) glob(patterns ...string) []string {
	var all []string
	for _, p := range patterns {
		found, _ := fs.Glob(d, p)
		all = append(all, found...)
	}
	return all
}

// dirs returns the directories that match one of some patterns, apart from those that have
// no programs of the app.
func (d dir) dirs(patterns ...string) []string {
	return slices.DeleteFunc(d.glob(patterns...), func(name string) bool {
		info, err := fs.Stat(d, name)
		base := path.Base(name)
		return err != nil || !info.IsDir() || strings.HasPrefix(base, ".") || foreignDirs()[base]
	})
}

// foreignDirs are directories of others, and of what is only about an app.
var foreignDirs = sync.OnceValue(func() map[string]bool {
	return map[string]bool{
		"node_modules": true, "vendor": true, "target": true, "build": true, "dist": true, "venv": true, "env": true, "deps": true, "_build": true,
		"test": true, "tests": true, "spec": true, "docs": true, "doc": true, "examples": true, "example": true, "e2e": true, "tmp": true, "coverage": true,
		"public": true, "static": true, "scripts": true, "infra": true, "deploy": true, "bin": true, "lib": true, "obj": true,
	}
})

// mentions returns the first of some files that contains a word, or nothing.
func (d dir) mentions(word string, names ...string) string {
	for _, name := range names {
		if wordsIn(d.read(name))[word] {
			return name
		}
	}
	return ""
}

// wordsIn are the names in a list of dependencies, in lower case, without the punctuation
// around them.
func wordsIn(text string) map[string]bool {
	words := map[string]bool{}
	for line := range strings.Lines(strings.ToLower(text)) {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		for _, word := range strings.FieldsFunc(line, func(r rune) bool {
			return !(r == '-' || r == '_' || 'a' <= r && r <= 'z' || '0' <= r && r <= '9')
		}) {
			words[word] = true
		}
	}
	return words
}

// releaseWhy is why there is a release entry.
const releaseWhy = "Before the rest, when you ask for it: reeve start --release, or reeve run release."

// ownPort is the comment for a process that has to find its port by itself.
const ownPort = "It must listen on $PORT: reeve gives each process its own."
