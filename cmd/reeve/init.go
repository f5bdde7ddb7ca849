package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// initProcfile writes a Procfile for the app in the current directory, by what it finds
// there.
func initProcfile(args []string) (exitCode int) {
	preview := len(args) == 1 && args[0] == "-"
	if len(args) > 0 && !preview {
		return fail(exitUsage, "init takes nothing, or - to print what it would write")
	}
	found := propose(os.DirFS("."))
	if _, err := os.Stat(standardProcfile); err == nil && len(found) == 0 && !preview {
		return fail(exitFailure, "there is a %s already, which stays as it is", standardProcfile)
	}
	if len(found) == 0 {
		return fail(exitFailure, "cannot tell how to run what is here: write a %s yourself, see: reeve help procfile", standardProcfile)
	}
	if preview {
		writeProposals(os.Stdout, found)
		return exitOK
	}
	if err := createProcfile(found); err != nil {
		return failWith(exitFailure, err)
	}
	fmt.Println(wroteText(found))
	return exitOK
}

// createProcfile writes it where there is none.
func createProcfile(found []proposal) error {
	f, err := os.OpenFile(standardProcfile, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return errorf("there is a %s already, which stays as it is: reeve init - prints what would be in a new one", standardProcfile)
	}
	if err != nil {
		return errorf("cannot write %s: %w", standardProcfile, reason(err))
	}
	writeProposals(f, found)
	return f.Close()
}

// writeProposals writes a Procfile.
func writeProposals(w io.Writer, found []proposal) {
	fmt.Fprint(w, procfileHead)
	for _, p := range found {
		fmt.Fprintf(w, "\n# %s\n%s: %s\n", strings.ReplaceAll(p.why, "\n", "\n# "), p.typ, p.command)
	}
}

// proposal is a line of a Procfile, and why it is there.
type proposal struct {
	typ, command string
	why          string // lines
}

// propose looks at an app and says what may run it: first what serves it, then what
// builds its assets. What a Dockerfile says is for another machine, so it counts where
// nothing else does.
func propose(app fs.FS) []proposal {
	d := dir{app}
	var found proposals
	for _, ecosystem := range []func(dir) []proposal{ruby, python, php, elixir, golang, rust} {
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
type proposals []proposal

// add leaves out what is there already, and what no Procfile can hold.
func (ps *proposals) add(more []proposal) {
	for _, p := range more {
		taken := strings.ContainsAny(p.command, "\n\r\x00") || p.command == "" || !typeName().MatchString(p.typ) || p.typ == "all"
		for _, q := range *ps {
			taken = taken || p.typ == q.typ
		}
		if !taken {
			*ps = append(*ps, p)
		}
	}
}

var typeName = pattern(`^[A-Za-z0-9_-]+$`)

// dir is the app's directory.
type dir struct{ fs.FS }

func (d dir) has(name string) bool {
	_, err := fs.Stat(d, name)
	return err == nil
}

// first gives the first of some files that is there, or nothing.
func (d dir) first(names ...string) string {
	for _, name := range names {
		if d.has(name) {
			return name
		}
	}
	return ""
}

// read gives what is in a file, or nothing. Big files were not written by people.
func (d dir) read(name string) string {
	info, err := fs.Stat(d, name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxConfig {
		return ""
	}
	text, _ := fs.ReadFile(d, name)
	return string(text)
}

// mentions gives the first of some files that has a word in it, or nothing.
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
const releaseWhy = "Before the rest, when it is asked for: reeve start --release, or reeve run release."

// ownPort is what a process needs that is on its own.
const ownPort = "It has to listen on $PORT: reeve gives each process another one."
