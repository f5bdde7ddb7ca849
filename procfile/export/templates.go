package export

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"reeve/procfile/export/internal/template"
)

//go:embed all:templates
var embedded embed.FS

const suffix = template.Suffix

// templates are those of a format, with the user's own among them.
func (f Format) templates(own fs.FS) (*template.Set, error) {
	set := template.New(functions(), slices.Concat(commonView(), f.viewed())...)
	names := f.Templates()
	for _, name := range names {
		text, err := fs.ReadFile(embedded, "templates/"+f.Name+"/"+name+suffix)
		if err != nil {
			return nil, err
		}
		if err := set.Parse(name, string(text)); err != nil {
			return nil, err
		}
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
			err = set.Parse(name, string(text))
		}
		if err != nil {
			return nil, fmt.Errorf("cannot use the template %s: %w", name+suffix, err)
		}
	}
	if !found {
		return nil, fmt.Errorf("no template for %s found: their names are %s", f.Name, strings.Join(names, suffix+", ")+suffix)
	}
	return set, nil
}

// viewed is the format's view, if its templates need one.
func (f Format) viewed() []template.Method {
	if f.view == nil {
		return nil
	}
	return f.view()
}

// Templates are the names of a format's templates, without the .tmpl at the end.
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
