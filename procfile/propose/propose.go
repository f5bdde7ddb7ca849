// Package propose looks at an app's directory and says which Procfile would run it.
//
// Each ecosystem has a function that looks for the files by which its programs are told,
// and proposes a line for each of them. Nothing is executed, and nothing but the
// directory is looked at, so that the same directory always gets the same Procfile.
package propose

import (
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strings"
	"sync"
)

// Proposal is a line of a Procfile, and why it is there.
type Proposal struct {
	Type, Command string
	Why           string // lines
}

// head is the beginning of every Procfile.
const head = `# What runs here, one process type a line: see reeve help procfile.
# reeve init has written this by what it found. Change it as you like.
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

// For looks at an app and says what may run it: first what serves it, then what builds
// its assets. What a Dockerfile says is for another machine, so it counts where nothing
// else does.
func For(app fs.FS) []Proposal {
	d := dir{app}
	var found proposals
	for _, ecosystem := range []func(dir) []Proposal{ruby, python, php, elixir, golang, rust} {
		found.add(ecosystem(d))
	}
	if len(found) == 0 {
		found.add(node(d))
	} else {
		found.add(assets(d))
	}
	if len(found) == 0 {
		found.add(docker(d))
	}
	return found
}

// proposals have one for each type.
type proposals []Proposal

// add leaves out what is there already, and what no Procfile can hold.
func (ps *proposals) add(more []Proposal) {
	for _, p := range more {
		taken := strings.ContainsAny(p.Command, "\n\r\x00") || p.Command == "" || !typeName().MatchString(p.Type) || p.Type == "all"
		for _, q := range *ps {
			taken = taken || p.Type == q.Type
		}
		if !taken {
			*ps = append(*ps, p)
		}
	}
}

var typeName = pattern(`^[A-Za-z0-9_-]+$`)

// pattern is a regular expression that is compiled when it is first used.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
