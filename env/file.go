package env

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// maxFile is the size from which on a file is not taken for an env file. No
// kernel hands that much environment to a process.
const maxFile = 1 << 20

// maxValues bounds what the values of one file may add up to. Thirty lines of
// A=$A$A are enough to fill any memory.
const maxValues = 8 << 20

// Variable is one KEY=value of an env file. Line is where the statement begins.
type Variable struct {
	Key, Value string
	Line       int
}

// Lookup finds a variable by its key.
type Lookup func(key string) (value string, ok bool)

// Scope is what surrounds a file: where its references find the variables that
// the lines before do not decide. Assigned and Above are asked before those lines,
// Below after them; nil knows no variable.
type Scope struct {
	Assigned, Above, Below Lookup
	// Real is the real environment, which a name alone takes its value from and which
	// a value that refers to its own name extends.
	Real Lookup
}

// Parse reads the text of an env file; path is only for messages. It returns
// the variables in the order of the file, a key that is set twice appears
// twice. The error joins a [Mistake] for every problem of the file.
func Parse(path string, src []byte, around Scope) ([]Variable, error) {
	r := readAll(path, src, around)
	if r.err != nil {
		return nil, r.err
	}
	return r.vars, nil
}

// Keys reads only which variables a file names, as far as that can be told. The error
// joins a [Mistake] for every line that cannot be read; what is wrong with a value does
// not matter.
func Keys(path string, src []byte) ([]Variable, error) {
	s := newScanner(src)
	var keys []Variable
	for st := range s.statements() {
		if st.bare && !st.looksBare() {
			s.problem(st.line, noAssignment)
			continue
		}
		keys = append(keys, Variable{Key: st.key, Line: st.line})
		for line := st.line; line <= s.line; line++ {
			delete(s.problems, line)
		}
	}
	return keys, s.err(path)
}

// reading is what there is in a file. Beside an error it has what could be read: a
// variable whose value has a problem is there and empty.
type reading struct {
	vars     []Variable
	declared []string // the keys that have no value of their own
	extended map[string]bool
	warnings []Warning
	err      error
}

// readAll goes on after a problem.
func readAll(path string, src []byte, around Scope) reading {
	s := newScanner(src)
	f := file{around: around, values: map[string]string{}, room: maxValues}
	f.extended = map[string]bool{}
	warn := linter{path: path, lines: map[string]int{}}
	for st := range s.statements() {
		if st.bare {
			if !f.inherit(st, &warn) {
				s.problem(st.line, noAssignment)
			}
			continue
		}
		value := ""
		if !f.full && !s.hasProblem(st.line, s.line) {
			var err error
			if value, err = f.value(st, &warn); err != nil {
				s.problem(st.line, st.key+": "+err.Error())
			}
		}
		warn.again(st)
		f.set(st, value)
	}
	f.warnings, f.err = warn.warnings, s.err(path)
	return f.reading
}

// file is the state of a file while it is read from top to bottom.
type file struct {
	reading
	around Scope
	values map[string]string // of the lines so far
	room   int               // what is left of maxValues
	full   bool              // nothing more is evaluated
}

// set sets a variable.
func (f *file) set(st statement, value string) {
	f.values[fold(st.key)] = value
	f.vars = append(f.vars, Variable{Key: st.key, Value: value, Line: st.line})
	_, real := find(f.around.Real, st.key)
	f.extended[fold(st.key)] = real && refersTo(st.value, st.key)
}

// inherit sets a variable to the value of the real environment, unless the file has set
// it already: then the line is an export as shells have it. It refuses a word that is not a
// variable and does not look like one: that is what is left of a value of several lines
// without quotes.
func (f *file) inherit(st statement, warn *linter) (ok bool) {
	if _, ok := f.values[fold(st.key)]; ok {
		return true
	}
	value, known := find(f.around.Real, st.key)
	if !known && !st.looksBare() {
		return false
	}
	f.declared = append(f.declared, st.key)
	if known {
		f.set(st, value)
		return true
	}
	text := bareUnset
	if len(st.key) <= maxShown {
		text = st.key + ": " + text
	}
	warn.warn(st.line, text)
	return true
}

// value evaluates a statement. After an error it must not be asked again: that might
// take as long for every line of the file.
func (f *file) value(st statement, warn *linter) (string, error) {
	e := evaluation{lookup: f.lookup, room: f.room}
	err := e.add(st.value)
	warn.statement(st, &e)
	if err != nil {
		f.full = errors.Is(err, errTooLong)
		return "", err
	}
	f.room = e.room
	return e.text.String(), nil
}

func (f *file) lookup(key string) (string, bool) {
	own := func(key string) (string, bool) {
		value, ok := f.values[fold(key)]
		return value, ok
	}
	order := []Lookup{f.around.Assigned, f.around.Above, own, f.around.Below}
	if f.extended[fold(key)] {
		order = []Lookup{f.around.Assigned, own}
	}
	for _, lookup := range order {
		if value, ok := find(lookup, key); ok {
			return value, true
		}
	}
	return "", false
}

// find asks a lookup that may be nil.
func find(lookup Lookup, key string) (value string, ok bool) {
	if lookup == nil {
		return "", false
	}
	return lookup(key)
}

// read returns the content of an env file, and what its mode is. A pipe is fine, so
// that --env <(decrypt secrets) works.
func read(path string) (src []byte, mode fs.FileMode, err error) {
	src, mode, err = readSome(path)
	if pathErr := (*fs.PathError)(nil); errors.As(err, &pathErr) {
		err = pathErr.Err // its own text repeats the path
	}
	if err == nil && len(src) > maxFile {
		err = errors.New("larger than 1 MiB, so not an env file")
	}
	if err != nil {
		return nil, 0, &Unreadable{path, err}
	}
	return src, mode, nil
}

// Unreadable is the error of an env file that cannot be read at all.
type Unreadable struct {
	Path string
	Err  error
}

func (u *Unreadable) Error() string { return fmt.Sprintf("cannot read %s: %v", u.Path, u.Err) }
func (u *Unreadable) Unwrap() error { return u.Err }

// readSome reads as much as tells a file that is too large from one that is not.
func readSome(path string) (src []byte, mode fs.FileMode, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil {
		mode = info.Mode()
	}
	src, err = io.ReadAll(io.LimitReader(f, maxFile+1))
	return src, mode, err
}
