package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/user"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"reeve/cmd/reeve/internal/diag"
	"reeve/procfile/export"
)

// exportPlan is what an export does to a directory.
type exportPlan struct {
	path   string
	dir    *exportDir // nil: it is not there yet
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

// planExport finds out what is to be written, and which of the app's files are not
// needed any longer.
func planExport(e exporting) (exportPlan, error) {
	plan := exportPlan{path: e.described.Location}
	dir, err := openExportDir(plan.path, mayNotMake)
	switch {
	case err == nil:
		plan.dir = &dir
	case !errors.Is(err, fs.ErrNotExist):
		return plan, err
	}
	var errs []error
	for _, file := range e.files {
		c, same, err := plan.compare(file)
		if err == nil && c.old != nil && !e.format.MayReplace(e.described.Name, e.app.Types(), file, c.old) {
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

// holdsValue reports whether a file has the value of a variable in it that others must not
// see. Short ones are in any file.
func holdsValue(text []byte, vars []export.Variable) bool {
	return slices.ContainsFunc(vars, func(v export.Variable) bool {
		return v.Secret && len(v.Value) > 3 && bytes.Contains(text, []byte(v.Value))
	})
}

// distinct joins errors, each of which is said once: many files may be in one directory.
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

func (p exportPlan) at(name string) string { return filepath.Join(p.path, filepath.FromSlash(name)) }

// compare looks at the file that is there.
func (p exportPlan) compare(file export.File) (c change, same bool, err error) {
	c.File = file
	if p.dir == nil {
		return c, false, nil
	}
	text, info, err := p.dir.read(file.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return c, false, nil
	case err != nil:
		return c, false, err
	}
	c.old, c.was = text, info.Mode().Perm()
	return c, bytes.Equal(c.old, file.Content) && c.was == file.Mode.Perm() && !mustBeGiven(info, file.Owner), nil
}

// stale lists what an earlier export of the app has written and this one does not.
func (p exportPlan) stale(e exporting) ([]string, error) {
	if p.dir == nil {
		return nil, nil
	}
	wanted, tops := map[string]bool{}, map[string]bool{}
	for _, file := range e.files {
		wanted[file.Path] = true
		top, _, _ := strings.Cut(file.Path, "/")
		tops[top] = true
	}
	entries, err := fs.ReadDir(p.dir.FS(), ".")
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", p.path, diag.Reason(err))
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
func (e exporting) owns(name string, text func() []byte) bool {
	return e.format.Owns(e.described.Name, e.app.Types(), name, text)
}

// staleInside lists the files of a directory that is written again.
func (p exportPlan) staleInside(f export.Format, dir string, wanted map[string]bool) ([]string, error) {
	var stale []string
	for _, inside := range f.Inside {
		found, err := p.dir.list(path.Join(dir, path.Dir(inside)), path.Base(inside))
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
func (p exportPlan) markedText(name string) []byte {
	for _, file := range []string{name, name + "/run", name + "/up"} {
		if text, _, err := p.dir.read(file); err == nil {
			return text
		}
	}
	return nil
}

// carryOut writes and removes.
func (p exportPlan) carryOut(next string) (exitCode int) {
	dir, err := openExportDir(p.path, mayMake)
	if err != nil {
		return diag.FailWith(diag.ExitFailure, err)
	}
	var errs []error
	for _, c := range p.write {
		if err := dir.write(c.File); err != nil {
			errs = append(errs, err)
			continue
		}
		saidWritten(p.at(c.Path))
	}
	for _, name := range p.remove {
		if err := dir.RemoveAll(filepath.FromSlash(name)); err != nil {
			errs = append(errs, fmt.Errorf("cannot remove %s: %w", p.at(name), diag.Reason(err)))
			continue
		}
		saidRemoved(p.at(name))
	}
	if err := distinct(errs); err != nil {
		return diag.FailWith(diag.ExitFailure, err)
	}
	saidDone(p, next)
	return diag.ExitOK
}

// giveTo makes a file a user's, if reeve can do that.
func giveTo(f *os.File, owner string) error {
	if uid, gid, ok := canGiveTo(owner); ok {
		return f.Chown(uid, gid)
	}
	return nil // of which has been warned
}

// canGiveTo reports whether a file can be made a user's, and who that is.
func canGiveTo(owner string) (uid, gid int, ok bool) {
	u, err := user.Lookup(owner)
	if err != nil || owner == "" {
		return 0, 0, false
	}
	uid, uidErr := strconv.Atoi(u.Uid)
	gid, gidErr := strconv.Atoi(u.Gid)
	own := uid == os.Geteuid() && gid == os.Getegid()
	return uid, gid, uidErr == nil && gidErr == nil && (os.Geteuid() == 0 || own)
}

// unreadable are notices about files that their reader cannot be given.
func unreadable(files []export.File) []string {
	left := map[string][]string{}
	for _, f := range files {
		if _, _, ok := canGiveTo(f.Owner); f.Owner != "" && !ok {
			left[f.Owner] = append(left[f.Owner], f.Path)
		}
	}
	var notices []string
	for _, owner := range slices.Sorted(maps.Keys(left)) {
		notices = append(notices, unreadableText(owner, left[owner]))
	}
	return notices
}

// printExport writes all files to standard output.
func printExport(f export.Format, files []export.File) (exitCode int) {
	var out bytes.Buffer
	for n, file := range files {
		if len(files) > 1 {
			out.WriteString(f.Between(file, n == 0))
		}
		out.Write(file.Content)
		if !bytes.HasSuffix(file.Content, []byte("\n")) {
			out.WriteByte('\n')
		}
	}
	if _, err := os.Stdout.Write(out.Bytes()); err != nil {
		return diag.Fail(diag.ExitFailure, "cannot write the export: %w", diag.Reason(err))
	}
	return diag.ExitOK
}
