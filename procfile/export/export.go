// Package export writes what another process manager or a cluster engine runs, in place
// of reeve start.
//
// # Theory
//
// A [Format] is a list of files, each made by one template from one [Page]: the app, and
// the type or the instance that the file is about. Nothing here opens a file, looks at
// the machine or starts anything; what the machine knows stands in the [App].
//
// Three things are kept apart:
//
//   - What is run: commands, order, restarts. The files of that can be read by anybody.
//   - Config: the values of variables. They are in files of their own with mode 0600,
//     and a command that refers to a variable gets its value where it runs.
//   - What a format cannot say. Nothing is dropped in silence: there is a notice for it.
//
// Each format has its own rules for quotes, % and $. They are in quote.go, one function
// each, and the tests in testdata/export read all of it back with the code of those who
// read it in earnest.
package export

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Format is a process manager or a cluster engine.
type Format struct {
	Name    string
	Summary string
	Cluster bool // it runs images on other machines
	ForUser bool // a user can run it, for processes of that user alone
	OwnLogs bool // it makes the directories of logs itself, or has none

	// Inside are patterns of the files that an app's own directories have from an
	// export, apart from those that are always there.
	Inside []string

	usual string           // the directory where its files usually are
	next  func(App) string // what to do with them

	pages  func(App) []page
	holds  func(Variable) error // whether a variable can be carried
	check  func(App) error      // nil: nothing is refused
	limits []limit
	owned  []string // names of its files, with {type} and {n} in them
}

// File is one file of an export.
type File struct {
	Path    string // relative to the location, with slashes
	Mode    fs.FileMode
	Content []byte
	Owner   string // the user who has to read it; empty: whoever exports
}

// Private says whether a file has values in it that others must not see.
func (f File) Private() bool { return f.Mode.Perm()&0o077 == 0 }

// page is a file that is to be made.
type page struct {
	path     string
	template string
	mode     fs.FileMode
	owner    string
	Page
}

// Lookup finds a format by its name.
func Lookup(name string) (Format, bool) {
	for _, f := range Formats {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// Export makes the files of an app. Templates in own, which may be nil, stand in for
// those of reeve that have the same name. Notices say what of the app the format cannot
// express.
func (f Format) Export(a App, own fs.FS) (files []File, notices []string, err error) {
	if f.check != nil {
		if err := f.check(a); err != nil {
			return nil, nil, err
		}
	}
	a, notices = f.fit(a)
	templates, err := f.templates(own)
	if err != nil {
		return nil, nil, err
	}
	seen := map[string]bool{}
	for _, p := range f.pages(a) {
		if seen[p.path] {
			return nil, nil, fmt.Errorf("two files would be called %s: rename a process type", p.path)
		}
		seen[p.path] = true
		p.Page.Format, p.Page.App = f.Name, a
		var out bytes.Buffer
		if err := templates.ExecuteTemplate(&out, p.template, p.Page); err != nil {
			return nil, nil, fmt.Errorf("cannot make %s: %w", p.path, err)
		}
		files = append(files, File{Path: p.path, Mode: p.mode, Content: out.Bytes(), Owner: p.owner})
	}
	return files, append(notices, f.notices(a)...), nil
}

// fit leaves out the variables that a format cannot carry.
func (f Format) fit(a App) (App, []string) {
	var notices []string
	a.Env = slices.DeleteFunc(slices.Clone(a.Env), func(v Variable) bool {
		err := f.holds(v)
		if err != nil {
			notices = append(notices, fmt.Sprintf("%q is left out: %v", v.Key, err))
		}
		return err != nil
	})
	return a, notices
}

// each makes a page for every instance.
func each(a App, make func(t *Type, i *Instance) []page) []page {
	var pages []page
	for n := range a.Types {
		t := &a.Types[n]
		for m := range t.Instances {
			for _, p := range make(t, &t.Instances[m]) {
				p.Type, p.Instance = t, &t.Instances[m]
				pages = append(pages, p)
			}
		}
	}
	return pages
}

// release makes pages for the release entry, if there is one.
func release(a App, pages ...page) []page {
	if a.Release == nil {
		return nil
	}
	for n := range pages {
		pages[n].Type, pages[n].Instance = a.Release, &a.Release.Instances[0]
	}
	return pages
}

// under gives paths in a directory.
func under(dir string, pages ...page) []page {
	for n := range pages {
		pages[n].path = path.Join(dir, pages[n].path)
	}
	return pages
}

// envPage is the file with the app's config, if it has any.
func envPage(a App, owner string) []page {
	if len(a.Env) == 0 {
		return nil
	}
	return []page{{path: a.Name + ".env", template: "env", mode: 0o600, owner: owner}}
}

// Between is what stands in front of a file where several are printed.
func (f Format) Between(file File, first bool) string {
	switch {
	case f.Name != "kubernetes":
		return "# ==> " + file.Path + "\n"
	case first:
		return ""
	}
	return "---\n"
}

// Usual is the directory in which the format's files usually are.
func (f Format) Usual(userUnits bool, home string) string {
	if userUnits {
		return home + "/.config/systemd/user"
	}
	return f.usual
}

// Next is what to do with the files.
func (f Format) Next(a App) string {
	return strings.NewReplacer("{app}", a.Name, "{location}", shellWord(a.Location)).Replace(f.next(a))
}

// LogDir is the directory of logs that has to be there; empty if there need not be one.
func (f Format) LogDir(a App) string {
	if f.OwnLogs || a.Log == "" && (f.Name == "systemd" || f.Name == "s6") {
		return ""
	}
	return a.LogDir()
}
