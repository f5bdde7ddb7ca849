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
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"text/template"
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

//go:embed all:templates
var embedded embed.FS

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
	for _, p := range f.pages(a) {
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

// suffix is what the names of template files end with.
const suffix = ".tmpl"

// templates are those of a format, with the user's own among them.
func (f Format) templates(own fs.FS) (*template.Template, error) {
	set := template.New(f.Name).Funcs(functions)
	names := f.Templates()
	for _, name := range names {
		text, err := fs.ReadFile(embedded, "templates/"+f.Name+"/"+name+suffix)
		if err != nil {
			return nil, err
		}
		template.Must(set.New(name).Parse(string(text)))
	}
	if own == nil {
		return set, nil
	}
	found := false
	for _, name := range names {
		text, err := fs.ReadFile(own, name+suffix)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			found = true
			_, err = set.New(name).Parse(string(text))
		}
		if err != nil {
			return nil, fmt.Errorf("cannot use the template %s: %w", name+suffix, err)
		}
	}
	if !found {
		return nil, fmt.Errorf("no template of %s is there: they are called %s", f.Name, strings.Join(names, suffix+", ")+suffix)
	}
	return set, nil
}

// Templates are the names of a format's templates, without the .tmpl behind.
func (f Format) Templates() []string {
	entries, _ := embedded.ReadDir("templates/" + f.Name)
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), suffix))
	}
	return names
}

// DefaultTemplate is the text of one of reeve's templates.
func (f Format) DefaultTemplate(name string) string {
	text, _ := embedded.ReadFile("templates/" + f.Name + "/" + name + suffix)
	return string(text)
}

// Owns says whether a file or a directory in a location is one of an app's: it is
// called as this format calls those of a type that the Procfile has, or it is called as
// those of any type and its text says so.
func (f Format) Owns(a string, types []string, name string, text func() []byte) bool {
	for _, pattern := range f.owned {
		typ, ok := match(strings.ReplaceAll(pattern, "{app}", a), name)
		if ok && (typ == "" || slices.Contains(types, typ) || isMarked(f.Name, a, text())) {
			return true
		}
	}
	return false
}

// isMarked says whether a text begins with the marker of an app's files.
func isMarked(format, app string, text []byte) bool {
	head, _, _ := strings.Cut(string(text[:min(len(text), 4096)]), marker(format, app))
	return len(head) < len(text) && strings.Count(head, "\n") < 5
}

// match takes the type out of a name that has the form of a pattern.
func match(pattern, name string) (typ string, ok bool) {
	before, after, typed := strings.Cut(pattern, "{type}")
	if !typed {
		return "", pattern == name
	}
	after, end, numbered := strings.Cut(after, "{n}")
	rest, ok := strings.CutPrefix(name, before)
	if !ok {
		return "", false
	}
	if rest, ok = strings.CutSuffix(rest, end); !ok {
		return "", false
	}
	if numbered {
		digits := strings.TrimRight(rest, "0123456789")
		if digits == rest {
			return "", false
		}
		rest = digits
	}
	typ, ok = strings.CutSuffix(rest, after)
	return typ, ok && typ != "" && !strings.ContainsAny(typ, "./")
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

// MayReplace says whether a file that is there can be overwritten: one that is called
// after the app, one that is the same, and one that an export has written.
func (f Format) MayReplace(app string, file File, old []byte) bool {
	return strings.HasPrefix(file.Path, app) || bytes.Equal(old, file.Content) || isMarked(f.Name, app, old)
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
