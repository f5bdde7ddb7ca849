// Package export writes the files with which another process manager or a cluster engine
// runs the app, instead of reeve start.
//
// # Theory
//
// A [Format] is a list of files, each made by one template from one [Page]: the app, and
// the type or the instance that the file is for. Nothing here opens a file, looks at
// the machine or starts anything; facts about the machine are in the [App].
//
// Most of it is run by root for a user who must not become root through it. So what root
// runs opens no log, reads no config and creates no directory where that user could have
// put a link, and has nothing of the app in its environment: see sh.go and place.go.
//
// Three things are kept apart:
//
//   - What is run: commands, order, restarts. Anybody can read those files.
//   - Config: the values of variables. They are in separate files with mode 0600,
//     and a command that refers to a variable gets its value where it runs. Only what is
//     known to be public may be where others can read it: see public.go.
//   - What a format cannot express. Nothing is silently dropped: there is a notice for it.
//
// Each format has its own rules for quotes, % and $. They are in quote.go, one function
// each, and the tests in verify/ read all of it back with the real readers.
package export

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"reeve/procfile/export/internal/template"
)

// Format is a process manager or a cluster engine.
type Format struct {
	Name    string
	Summary string
	Cluster bool // it runs images on other machines
	OwnLogs bool // its scripts make the directory of the logs
	// Tasks says that it runs a task to completion before what comes after it.
	Tasks bool
	// Schedules says that it can start something on a schedule.
	Schedules bool
	// TimedOnly says that it starts nothing else.
	TimedOnly bool
	// Hears says that a process can tell it how it is (sd_notify).
	Hears bool
	// RootLogs says that the process manager itself opens the logs, as root.
	RootLogs bool

	// Inside are patterns of the files that an app's own directories have from an
	// export, apart from those that are always there.
	Inside []string

	usual     string           // the directory where its files usually are
	userUsual string           // the same for the process manager of a user; empty: there is none
	logs      string           // where logs are if nobody says otherwise; empty: it has a place for them
	userLogs  string           // the same for a user
	separator string           // in front of each file but the first where several are printed; empty: its name
	next      string           // what to do with the files
	userNext  string           // the same for the process manager of a user; empty: the same
	nextFor   func(App) string // the same where it depends on the app

	pages  func(App) []page
	holds  func(Variable) error // whether a variable can be carried
	check  func(App) error      // nil: nothing is refused
	limits []limit
	begins func(app string) string  // how a file begins that has no place for a marker; nil: all have
	owned  []string                 // names of its files, with {type} and {n} in them
	view   func() []template.Method // what its templates can ask, besides what all can
}

// File is one file of an export.
type File struct {
	Path    string // relative to the location, with slashes
	Mode    fs.FileMode
	Content []byte
	Owner   string // the user who has to read it; empty: whoever exports
	Values  bool   // it has values of the app's config in it
}

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
			return *f, true
		}
	}
	return Format{}, false
}

// Export makes the files of an app. Templates in own, which may be nil, stand in for
// those of reeve that have the same name. Notices say what about the app the format cannot
// express.
func (f Format) Export(a App, own fs.FS) (files []File, notices []string, err error) {
	if err := f.refuses(a); err != nil {
		return nil, nil, err
	}
	a, unheard := f.heard(f.placed(a))
	a, staying := f.timed(a)
	a, notices = f.fit(a)
	notices = slices.Concat(staying, unheard, notices)
	templates, err := f.templates(own)
	if err != nil {
		return nil, nil, err
	}
	seen := map[string]bool{}
	for _, p := range f.pages(a) {
		if seen[p.path] {
			return nil, nil, fmt.Errorf("two files would have the name %s: rename a process type", p.path)
		}
		seen[p.path] = true
		p.Page.Format, p.Page.App = f.Name, a
		file, err := p.make(templates)
		if err != nil {
			return nil, nil, fmt.Errorf("cannot create %s: %w", p.path, err)
		}
		files = append(files, file)
	}
	return files, append(notices, f.notices(a)...), nil
}

// refuses returns why an app cannot be exported; nil: it can.
func (f Format) refuses(a App) error {
	if !f.Tasks {
		if err := refuseTasks(f.Name, a); err != nil {
			return err
		}
	}
	if !f.Schedules {
		if err := refuseSchedules(f.Name, a); err != nil {
			return err
		}
	}
	if f.check == nil {
		return nil
	}
	return f.check(a)
}

// make makes the file. Whether it contains values is found out by making it with
// other values: a template may put them anywhere, in any form. Nobody else reads secrets.
func (p page) make(templates *template.Set) (File, error) {
	text, err := p.text(templates)
	if err != nil {
		return File{}, err
	}
	file := File{Path: p.path, Mode: p.mode, Content: text, Owner: p.owner}
	file.Values, err = p.changesWith(templates, func(Variable) bool { return true })
	if err != nil || !file.Values || p.mode&0o077 == 0 {
		return file, err
	}
	secret, err := p.changesWith(templates, func(v Variable) bool { return v.Secret })
	if secret {
		file.Mode &^= 0o077
	}
	return file, err
}

func (p page) text(templates *template.Set) ([]byte, error) {
	var out bytes.Buffer
	err := templates.Execute(&out, p.template, p.Page)
	return out.Bytes(), err
}

// changesWith reports whether the file is another one where some variables have other values.
func (p page) changesWith(templates *template.Set, some func(Variable) bool) (bool, error) {
	other := p
	other.App.Env = slices.Clone(p.App.Env)
	for n := range other.App.Env {
		if v := &other.App.Env[n]; some(*v) {
			v.Value = "0" + v.Value // ends as before, which is a matter of some formats
		}
	}
	if some(p.Var) {
		other.Var.Value = "0" + p.Var.Value
	}
	was, err := p.text(templates)
	if err != nil {
		return false, err
	}
	is, err := other.text(templates)
	return !bytes.Equal(was, is), err
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

// Between is what comes before a file where several are printed.
func (f Format) Between(file File, first bool) string {
	switch {
	case f.separator == "":
		return "# ==> " + file.Path + "\n"
	case first:
		return ""
	}
	return f.separator
}

// ForUser reports whether a user can run it, for processes of that user alone.
func (f Format) ForUser() bool { return f.userUsual != "" }

// Usual is the directory in which the format's files usually are.
func (f Format) Usual(userUnits bool, home string) string {
	if userUnits {
		return strings.ReplaceAll(f.userUsual, "~", home)
	}
	return f.usual
}

// Next is what to do with the files.
func (f Format) Next(a App) string {
	next := f.next
	switch {
	case f.nextFor != nil:
		next = f.nextFor(a)
	case a.UserUnits() && f.userNext != "":
		next = f.userNext
	}
	return strings.NewReplacer("{app}", a.Name, "{location}", shellWord(a.Location)).Replace(next)
}

// placed fills in where an app's logs are.
func (f Format) placed(a App) App {
	switch {
	case a.Log != "":
	case a.UserUnits():
		a.Log = strings.NewReplacer("~", a.Home, "{app}", a.Name).Replace(f.userLogs)
	default:
		a.Log = strings.ReplaceAll(f.logs, "{app}", a.Name)
	}
	return a
}

// LogDir is the directory of logs that must exist; empty: none need exist.
func (f Format) LogDir(a App) string {
	if f.OwnLogs || a.UserUnits() && !f.RootLogs {
		return ""
	}
	return f.placed(a).Log
}
