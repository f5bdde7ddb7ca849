// Package procfile reads Procfiles: what they declare, how many instances of
// each process type run, and whether a command needs a shell.
//
// # Theory
//
// Everything here is a pure function. The package opens no file, reads no
// environment and starts nothing, so the same answers hold for start, check
// and export, and all of it can be tested by calling it.
//
// Three questions are answered, one after the other:
//
//   - [Parse] turns text into entries. A Procfile is the list of everything an
//     app runs, so a line that cannot be understood is an error and never
//     skipped: a process type that silently does not start is found much later
//     than a refused file.
//   - [Procfile.Formation] decides how many of each type run. It keeps counts
//     and expands them to instances only on demand; a count is a wish, and
//     ports and system limits decide later whether it can be fulfilled.
//   - [Argv] decides whether a command can be executed as it is or must go
//     through /bin/sh. It claims only what it is certain of; in doubt the shell
//     decides, which is always right.
//
// All mistakes in an input are reported together. An error that represents
// several comes from [errors.Join]: one line each, and Unwrap() []error gives
// them one by one.
package procfile

// Entry is one "name: command" line of a Procfile.
type Entry struct {
	// Type is the process type: one or more of A-Z a-z 0-9 _ and -, never "all".
	Type string
	// Command is the rest of the line without blanks around it, never empty.
	// It may hold any text but NUL, CR and LF. See [Argv].
	Command string
	// Line is where the entry stands, counted from 1.
	Line int
}

// Procfile is what one file declares.
type Procfile struct {
	// Path is the file's name as messages show it.
	Path string
	// Entries are in the order of the file, each type once. Only beside an
	// error the list may be empty, or a command in it.
	Entries []Entry
}

// Lookup returns the entry of a process type, and whether there is one.
func (p *Procfile) Lookup(typ string) (Entry, bool) {
	for _, e := range p.Entries {
		if e.Type == typ {
			return e, true
		}
	}
	return Entry{}, false
}

// Types returns the process types in the order of the file.
func (p *Procfile) Types() []string {
	types := make([]string, len(p.Entries))
	for i, e := range p.Entries {
		types[i] = e.Type
	}
	return types
}
