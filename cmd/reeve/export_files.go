package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"

	"reeve/procfile/export"
)

// exportPlan is what an export does to a directory.
type exportPlan struct {
	dir    string
	write  []change
	remove []string // relative; files, or directories with all that is in them
}

// change is a file that is new or different.
type change struct {
	export.File
	old []byte // nil: there is none
	was fs.FileMode
}

// planExport finds out what is to be written, and which of the app's files are not
// needed any more.
func planExport(e exporting) (exportPlan, error) {
	plan := exportPlan{dir: e.described.Location}
	var errs []error
	for _, file := range e.files {
		c, same, err := plan.compare(file)
		if err == nil && c.old != nil && !e.format.MayReplace(e.described.Name, e.app.types(), file, c.old) {
			err = foreignFile(plan.path(file.Path), e.described.Name)
		}
		if err != nil {
			errs = append(errs, err)
		} else if !same {
			plan.write = append(plan.write, c)
		}
	}
	stale, err := plan.stale(e)
	plan.remove = stale
	return plan, errors.Join(append(errs, err)...)
}

func (p exportPlan) path(name string) string { return filepath.Join(p.dir, filepath.FromSlash(name)) }

// compare looks at the file that is there.
func (p exportPlan) compare(file export.File) (c change, same bool, err error) {
	c.File = file
	path := p.path(file.Path)
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, false, nil
	}
	if err == nil && !info.Mode().IsRegular() {
		return c, false, errorf("cannot write %s: it is no regular file", path)
	}
	if err == nil {
		c.old, err = os.ReadFile(path)
	}
	if err != nil {
		return c, false, errorf("cannot read %s: %w", path, reason(err))
	}
	c.old, c.was = append([]byte{}, c.old...), info.Mode().Perm()
	return c, bytes.Equal(c.old, file.Content) && c.was == file.Mode.Perm(), nil
}

// stale lists what an earlier export of the app has written and this one does not.
func (p exportPlan) stale(e exporting) ([]string, error) {
	wanted, tops := map[string]bool{}, map[string]bool{}
	for _, file := range e.files {
		wanted[file.Path] = true
		top, _, _ := strings.Cut(file.Path, "/")
		tops[top] = true
	}
	entries, err := os.ReadDir(p.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, errorf("cannot read %s: %w", p.dir, reason(err))
	}
	var stale []string
	for _, entry := range entries {
		switch name := entry.Name(); {
		case !entry.IsDir() && !entry.Type().IsRegular():
		case tops[name] && entry.IsDir() && strings.HasPrefix(name, e.described.Name):
			stale = append(stale, p.staleInside(e.format, name, wanted)...)
		case !tops[name] && e.owns(name, func() []byte { return p.markedText(name) }):
			stale = append(stale, name)
		}
	}
	return stale, nil
}

// owns says whether a name in the location is one of the app's.
func (e exporting) owns(name string, text func() []byte) bool {
	return e.format.Owns(e.described.Name, e.app.types(), name, text)
}

// staleInside lists the files of a directory that is written again.
func (p exportPlan) staleInside(f export.Format, dir string, wanted map[string]bool) []string {
	var stale []string
	for _, pattern := range f.Inside {
		found, _ := filepath.Glob(filepath.Join(globEscape(p.path(dir)), pattern))
		for _, path := range found {
			name, err := filepath.Rel(p.dir, path)
			if name = filepath.ToSlash(name); err == nil && !wanted[name] {
				stale = append(stale, name)
			}
		}
	}
	return stale
}

// globEscape gives a pattern that only a path itself matches.
func globEscape(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

// markedText reads what may have the marker: a file, or the script in a directory.
func (p exportPlan) markedText(name string) []byte {
	path := p.path(name)
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		text, _ := readSmall(path)
		return text
	}
	for _, script := range []string{"run", "up"} {
		if text, err := readSmall(filepath.Join(path, script)); err == nil {
			return text
		}
	}
	return nil
}

// carryOut writes and removes.
func (p exportPlan) carryOut(next string) (exitCode int) {
	var errs []error
	for _, c := range p.write {
		if err := p.put(c); err != nil {
			errs = append(errs, err)
			continue
		}
		saidWritten(p.path(c.Path))
	}
	for _, name := range p.remove {
		if err := os.RemoveAll(p.path(name)); err != nil {
			errs = append(errs, errorf("cannot remove %s: %w", p.path(name), reason(err)))
			continue
		}
		saidRemoved(p.path(name))
	}
	if err := errors.Join(errs...); err != nil {
		return failWith(exitFailure, err)
	}
	saidDone(p, next)
	return exitOK
}

// put writes one file: another one beside it that takes its place, so that nobody ever
// reads half of it, or a secret in a file that others can open.
func (p exportPlan) put(c change) error {
	path := p.path(c.Path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return errorf("cannot make the directory of %s: %w", path, reason(err))
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".reeve-*")
	if err != nil {
		return errorf("cannot write %s: %w", path, reason(err))
	}
	defer func() { _ = os.Remove(temp.Name()) }()
	_, err = temp.Write(c.Content)
	err = errors.Join(err, temp.Chmod(c.Mode), giveTo(temp, c.Owner), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return errorf("cannot write %s: %w", path, reason(err))
	}
	return nil
}

// giveTo makes a file a user's, if reeve can do that.
func giveTo(f *os.File, owner string) error {
	if uid, gid, ok := canGiveTo(owner); ok {
		return f.Chown(uid, gid)
	}
	return nil // of which has been warned
}

// canGiveTo says whether a file can be made a user's, and who that is.
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
	var notices []string
	for _, f := range files {
		if _, _, ok := canGiveTo(f.Owner); f.Owner != "" && !ok {
			notices = append(notices, unreadableText(f.Owner, f.Path))
		}
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
		return fail(exitFailure, "cannot write the export: %w", reason(err))
	}
	return exitOK
}
