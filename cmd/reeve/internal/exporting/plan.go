package exporting

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"reeve/cmd/reeve/internal/safedir"
	"reeve/procfile/export"
)

// Plan is what an export does to a directory.
type Plan struct {
	path   string
	dir    *safedir.Dir // nil: it is not there yet
	write  []change
	remove []string // relative; files, or directories with all that is in them
}

// change is a file that is new or different.
type change struct {
	export.File
	old    []byte // nil: there is none
	was    fs.FileMode
	values bool // there are values in it, or were
}

// Plan finds out what is to be written, and which of the app's files are not needed any
// longer.
func (e *Export) Plan() (Plan, error) {
	plan := Plan{path: e.described.Location}
	dir, err := safedir.Open(plan.path)
	switch {
	case err == nil:
		plan.dir = &dir
	case !errors.Is(err, fs.ErrNotExist):
		return plan, err
	}
	var errs []error
	for _, file := range e.files {
		c, same, err := plan.compare(file)
		if err == nil && c.old != nil && !e.format.MayReplace(e.described.Name, e.App.Types(), file, c.old) {
			err = foreignFile(plan.at(file.Path), e.described.Name)
		}
		if err != nil {
			errs = append(errs, err)
		} else if !same {
			c.values = c.Values || c.was&0o077 == 0 && c.old != nil || holdsValue(c.old, e.described.Env)
			plan.write = append(plan.write, c)
		}
	}
	plan.remove, err = plan.stale(e)
	return plan, distinct(append(errs, err))
}

// holdsValue reports whether a file contains the value of a variable that others must not
// see. Short values are in any file.
func holdsValue(text []byte, vars []export.Variable) bool {
	return slices.ContainsFunc(vars, func(v export.Variable) bool {
		return v.Secret && len(v.Value) > 3 && bytes.Contains(text, []byte(v.Value))
	})
}

// distinct joins errors, each only once: many files may be in one directory.
func distinct(errs []error) error {
	said := map[string]bool{}
	return errors.Join(slices.DeleteFunc(errs, func(err error) bool {
		if err == nil {
			return true
		}
		again := said[err.Error()]
		said[err.Error()] = true
		return again
	})...)
}

func (p Plan) at(name string) string { return filepath.Join(p.path, filepath.FromSlash(name)) }

// compare looks at the file that is there.
func (p Plan) compare(file export.File) (c change, same bool, err error) {
	c.File = file
	if p.dir == nil {
		return c, false, nil
	}
	text, info, err := p.dir.Read(file.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return c, false, nil
	case err != nil:
		return c, false, err
	}
	c.old, c.was = text, info.Mode().Perm()
	return c, bytes.Equal(c.old, file.Content) && c.was == file.Mode.Perm() && !safedir.MustBeGiven(info, file.Owner), nil
}

// stale lists what an earlier export of the app has written and this one does not.
func (p Plan) stale(e *Export) ([]string, error) {
	if p.dir == nil {
		return nil, nil
	}
	wanted, tops := map[string]bool{}, map[string]bool{}
	for _, file := range e.files {
		wanted[file.Path] = true
		top, _, _ := strings.Cut(file.Path, "/")
		tops[top] = true
	}
	entries, err := p.dir.Entries()
	if err != nil {
		return nil, err
	}
	var stale []string
	var errs []error
	for _, entry := range entries {
		switch name := entry.Name(); {
		case !entry.IsDir() && !entry.Type().IsRegular():
		case tops[name] && entry.IsDir() && strings.HasPrefix(name, e.described.Name):
			inside, err := p.staleInside(e.format, name, wanted)
			stale, errs = append(stale, inside...), append(errs, err)
		case !tops[name] && e.owns(name, func() []byte { return p.markedText(name) }):
			stale = append(stale, name)
		}
	}
	return stale, errors.Join(errs...)
}

// owns reports whether a name in the location is one of the app's.
func (e *Export) owns(name string, text func() []byte) bool {
	return e.format.Owns(e.described.Name, e.App.Types(), name, text)
}

// staleInside lists the files of a directory that is written again.
func (p Plan) staleInside(f export.Format, dir string, wanted map[string]bool) ([]string, error) {
	var stale []string
	for _, inside := range f.Inside {
		found, err := p.dir.List(path.Join(dir, path.Dir(inside)), path.Base(inside))
		if err != nil {
			return nil, err
		}
		for _, name := range found {
			if !wanted[name] {
				stale = append(stale, name)
			}
		}
	}
	return stale, nil
}

// markedText reads what may have the marker: a file, or the script in a directory.
func (p Plan) markedText(name string) []byte {
	for _, file := range []string{name, name + "/run", name + "/up"} {
		if text, _, err := p.dir.Read(file); err == nil {
			return text
		}
	}
	return nil
}

// IsEmpty reports whether there is nothing to do.
func (p Plan) IsEmpty() bool { return len(p.write)+len(p.remove) == 0 }

// Place is the directory.
func (p Plan) Place() string { return p.path }

// CarryOut writes and removes files, and says which.
func (p Plan) CarryOut(say func(text string)) error {
	dir, err := safedir.Make(p.path)
	if err != nil {
		return err
	}
	defer dir.Close()
	var errs []error
	for _, c := range p.write {
		if err := dir.Write(c.Path, safedir.File{Content: c.Content, Mode: c.Mode, Owner: c.Owner}); err != nil {
			errs = append(errs, err)
			continue
		}
		say("wrote " + p.at(c.Path))
	}
	for _, name := range p.remove {
		if err := dir.Remove(name); err != nil {
			errs = append(errs, err)
			continue
		}
		say("removed " + p.at(name))
	}
	return distinct(errs)
}

// Text shows what the plan would do. Values of variables are in the files alone: a difference
// between files that have some is not shown.
func (p Plan) Text() string {
	var out strings.Builder
	for _, c := range p.write {
		out.WriteString(changeText(p.at(c.Path), c))
	}
	for _, name := range p.remove {
		out.WriteString("would remove " + p.at(name) + "\n")
	}
	return out.String()
}

// changeText shows a difference.
func changeText(path string, c change) string {
	if c.values {
		what := "would write"
		if c.old != nil {
			what = "would change"
		}
		return fmt.Sprintf("%s %s, mode %04o: its values are not shown\n", what, path, c.Mode.Perm())
	}
	text := ""
	if c.old != nil && c.was != c.Mode.Perm() {
		text = fmt.Sprintf("would change the mode of %s from %04o to %04o\n", path, c.was, c.Mode.Perm())
	}
	old := path
	if c.old == nil {
		old = os.DevNull
	}
	return text + string(diff.Diff(old, c.old, path, c.Content))
}
