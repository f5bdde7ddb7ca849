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
// twice. The error joins all problems of the file, one line each.
func Parse(path string, src []byte, around Scope) ([]Variable, error) {
	s := newScanner(src)
	f := file{around: around, values: map[string]string{}, room: maxValues}
	var vars []Variable
	for st := range s.statements() {
		if len(s.problems) > 0 {
			continue // only the other problems are of interest now
		}
		value, err := f.add(st)
		if err != nil {
			s.problem(st.line, err.Error())
		}
		vars = append(vars, Variable{Key: st.key, Value: value, Line: st.line})
	}
	if len(s.problems) > 0 {
		return nil, s.err(path)
	}
	return vars, nil
}

// file is the state of a file while it is read from top to bottom.
type file struct {
	around Scope
	values map[string]string // of the lines so far
	room   int               // what is left of maxValues
}

func (f *file) add(st statement) (string, error) {
	value, err := st.value(f.lookup, f.room)
	f.values[st.key] = value
	f.room -= len(value)
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

// read returns the content of an env file. A pipe is fine, so that
// --env <(decrypt secrets) works.
func read(path string) ([]byte, error) {
	src, err := readSome(path)
	if pathErr := (*fs.PathError)(nil); errors.As(err, &pathErr) {
		err = pathErr.Err // its own text repeats the path
	}
	if err == nil && len(src) > maxFile {
		err = errors.New("larger than 1 MiB, so not an env file")
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", path, err)
	}
	return src, nil
}

// readSome reads as much as tells a file that is too large from one that is not.
func readSome(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile+1))
}
