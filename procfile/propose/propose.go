// Package propose looks at an app's directory and proposes a Procfile that would run it.
//
// Each ecosystem has a function that looks for the files by which its programs are
// recognised, and proposes a line for each program. Nothing is executed, and nothing but the
// directory is looked at, so that the same directory always gets the same Procfile.
package propose

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"reeve/internal/pattern"
)

// Proposal is a line of a Procfile, and why it is there.
type Proposal struct {
	Type, Command string
	Why           string // lines
}

// head is the beginning of every Procfile.
const head = `# What runs here, one process type per line: see reeve help procfile.
# reeve init wrote this from what it found. Change it as you like.
`

// Write writes a Procfile.
func Write(w io.Writer, found []Proposal) error {
	var b strings.Builder
	b.WriteString(head)
	for _, p := range found {
		fmt.Fprintf(&b, "\n# %s\n%s: %s\n", strings.ReplaceAll(p.Why, "\n", "\n# "), p.Type, p.Command)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// For looks at an app and proposes what runs it. What somebody has written down for
// another runner comes first. What a Dockerfile or a Compose file says is
// meant for another machine, so it counts only where there is nothing else.
func For(app fs.FS) []Proposal {
	d := dir{FS: readable{app}}
	if found := otherProcfile(d); len(found) > 0 {
		return found
	}
	found := ofOne(d)
	found.addParts(d)
	if len(found) == 0 {
		found.add(compose(d))
	}
	if len(found) == 0 {
		found.add(docker(d))
	}
	if len(found) == 0 {
		found.add(pages(d))
	}
	if len(found) == 0 && d.isEmpty() {
		return []Proposal{example}
	}
	return found
}

// ofOne looks at one directory: first for what serves the app, then for what builds its
// assets.
func ofOne(d dir) (found proposals) {
	for _, ecosystem := range []func(dir) []Proposal{ruby, python, php, elixir, golang, rust, java, dotnet} {
		found.add(ecosystem(d))
	}
	if len(found) > 0 {
		found.add(assets(d))
		return found
	}
	found.add(deno(d))
	if len(found) == 0 {
		found.add(node(d))
	}
	return found
}

// pages serves files as they are.
func pages(d dir) []Proposal {
	file := d.first("index.html", "public/index.html")
	if file == "" {
		return nil
	}
	return []Proposal{{"web", "python3 -m http.server $PORT --directory " + path.Dir(file), file + " is there. This server is for development."}}
}

// example is a Procfile to begin with. It runs as it is.
var example = Proposal{
	"web", `while :; do echo "this could be a server at port $PORT"; sleep 5; done`,
	"There is nothing here yet, so this is an example: a name, a colon, and a command.\nA server could be: web: bin/server --port $PORT",
}

// proposals have one for each type.
type proposals []Proposal

// add adds a proposal, unless its type exists already or no Procfile can hold it.
func (ps *proposals) add(more []Proposal) {
	for _, p := range more {
		unfit := strings.ContainsAny(p.Command, "\n\r\x00") || p.Command == "" || !typeName.Get().MatchString(p.Type) || p.Type == "all"
		if !unfit && !ps.has(p.Type) {
			*ps = append(*ps, p)
		}
	}
}

func (ps *proposals) has(typ string) bool {
	return slices.ContainsFunc(*ps, func(p Proposal) bool { return p.Type == typ })
}

var (
	typeName = pattern.New(`^[A-Za-z0-9_-]+$`)
	notType  = pattern.New(`[^A-Za-z0-9_-]+`)
)

// typeOf makes a type of the name of a directory or a package.
func typeOf(name string) string {
	return strings.ToLower(strings.Trim(notType.Get().ReplaceAllString(name, "-"), "-"))
}

// releaseType is that of what runs before the rest.
const releaseType = "release"
