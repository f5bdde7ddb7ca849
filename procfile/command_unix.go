//go:build unix

package procfile

import "slices"

// Invoke is how a command is executed on this system: as [Argv] says.
func Invoke(command string, lookup func(name string) (string, bool)) Invocation {
	return Argv(command, lookup)
}

// With is the invocation with further arguments.
func (i Invocation) With(more []string) (Invocation, error) {
	i.Args = slices.Clone(i.Args)
	if i.Shell && len(more) > 0 {
		// The shell gets them as its own, where nothing in them can be taken for syntax.
		last := &i.Args[len(i.Args)-1]
		*last = WithoutComment(*last) + ` "$@"`
		i.Args = append(i.Args, "sh")
	}
	i.Args = append(i.Args, more...)
	return i, nil
}

// FirstProgram is [Program], of the shell that there is here.
func FirstProgram(command string) string { return Program(command) }

// NotSet returns the names of the variables to which a command refers while nothing sets them.
func NotSet(command string, lookup func(name string) (string, bool)) []string {
	return Undefined(command, lookup)
}

// UnsetBecomes says what a reference to a variable that is not set becomes.
const UnsetBecomes = "expands to nothing"
