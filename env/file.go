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
// the lines before do not decide. Above is asked before those lines, Below
// after them; nil knows no variable.
type Scope struct {
	Above, Below Lookup
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

// reading is what there is in a file. Beside an error it has what could be read: a
// variable whose value has a problem is there and empty.
type reading struct {
	vars     []Variable
	warnings []Warning
	err      error
}

// readAll goes on after a problem.
func readAll(path string, src []byte, around Scope) (r reading) {
	s := newScanner(src)
	f := file{around: around, values: map[string]string{}, room: maxValues}
	warn := linter{path: path, lines: map[string]int{}}
	for st := range s.statements() {
		var value string
		if !f.full && !s.hasProblem(st.line, s.line) {
			warn.statement(st, f.lookup)
			var err error
			if value, err = f.value(st); err != nil {
				s.problem(st.line, err.Error())
			}
		}
		warn.again(st)
		f.values[st.key] = value
		r.vars = append(r.vars, Variable{Key: st.key, Value: value, Line: st.line})
	}
	r.warnings, r.err = warn.warnings, s.err(path)
	return r
}

// file is the state of a file while it is read from top to bottom.
type file struct {
	around Scope
	values map[string]string // of the lines so far
	room   int               // what is left of maxValues
	full   bool              // nothing more is evaluated
}

// value evaluates a statement. After an error it must not be asked again: that might
// take as long for every line of the file.
func (f *file) value(st statement) (string, error) {
	value, err := st.value(f.lookup, f.room)
	f.room -= len(value)
	f.full = err != nil
	return value, err
}

func (f *file) lookup(key string) (string, bool) {
	own := func(key string) (string, bool) {
		value, ok := f.values[key]
		return value, ok
	}
	for _, lookup := range []Lookup{f.around.Above, own, f.around.Below} {
		if lookup == nil {
			continue
		}
		if value, ok := lookup(key); ok {
			return value, true
		}
	}
	return "", false
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
		return nil, 0, fmt.Errorf("cannot read %s: %w", path, err)
	}
	return src, mode, nil
}

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
