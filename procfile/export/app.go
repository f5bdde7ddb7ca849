package export

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"reeve/procfile"
	"reeve/procfile/schedule"
)

// App is what is exported: everything that a template can use.
type App struct {
	Name     string // letters, digits, and _ - . inside
	Root     string // absolute
	Location string // absolute directory of the files; empty: unknown, they are printed

	User  string // empty: whoever the process manager runs as
	Home  string // of whoever exports, for a process manager of that user
	Log   string // directory; empty: where the format has its logs, once it is exported
	Run   string // directory for sockets and the like; empty: none is needed
	Units string // user for the process manager of a user, else system

	Image     string
	Namespace string // empty: that of whoever applies the files

	Zone string // the time zone of schedules; empty: it is not known

	Types   []Type // those that run, in the Procfile's order
	Release *Type  // nil: there is none
	Env     []Variable
}

// Type is a process type that runs.
type Type struct {
	Name    string
	Command string          // as the Procfile has it
	Words   []procfile.Word // the same, if no shell is needed for it
	Program string          // path of the first of Words on this machine; empty: not known
	Dir     string          // where it runs, from the root or absolute; empty: in the root
	Assign  []Variable      // its NAME=value words, if no shell is needed for it

	Instances []Instance // at least one
	Port      int        // of the first; 0: none
	Listens   bool       // others use the port
	Socket    *Socket    // that the process manager is to hold for it; nil: none

	Signal       string // that asks it to stop, without SIG
	StopCommand  string // asks it in place of the signal; empty: none does
	Grace        time.Duration
	Restart      string // never, on-failure, always
	Limit        int    // restarts in a row; 0: any number
	CanDie       bool
	After        []string // types that run, too
	Ready        *Probe   // nil: it is ready when it runs
	ReadyTimeout time.Duration

	Health         *Probe // nil: nobody asks whether it is healthy
	HealthInterval time.Duration
	HealthFailures int // in a row, after which it is not

	Watch []Watched // what starts it again when it changes

	Schedule schedule.Schedule // with one it is a task
}

// Watched is a file or a directory, from the app's root, and patterns of the files in it that
// start a type again.
type Watched struct {
	Path            string
	Include, Ignore []string // no Include: all
}

// Socket is one that outlives the processes which take it over, as systemd has it.
type Socket struct {
	Stream   string // an address and a port, the absolute path of a Unix socket, or @ and its name
	Loopback bool   // of all addresses, only for this machine itself
}

// Instance is one of a type's processes.
type Instance struct {
	Name   string // web.1
	Number int
	Env    []Variable // what reeve assigns
}

// Variable is one of a process's environment.
type Variable struct {
	Key, Value string
	Secret     bool
}

// Page is what one file is about, and what its template is executed with.
type Page struct {
	Format   string
	App      App
	Type     *Type     // nil: none in particular
	Instance *Instance // nil: none in particular
	Group    *Type     // of a task in a group of Nomad's: that of the group
	Var      Variable  // of a file that holds one value
}

// Marker is the line by which an export knows its own files again.
func (p Page) Marker() string { return marker(p.Format, p.App.Name) }

func marker(format, app string) string {
	return markerStart(format, app) + " the next export rewrites it"
}

// markerStart is the part of the marker that decides whose file it is.
func markerStart(format, app string) string {
	return "written by reeve export " + format + " for the app " + app + ";"
}

// Count is how many instances run.
func (t Type) Count() int { return len(t.Instances) }

// Ends reports whether an end of one of the type's processes ends the formation, on the
// machine where reeve start runs it.
func (t Type) Ends() bool {
	return !t.IsScheduled() && (!t.CanDie && t.Restart != "always" || t.Limit > 0 && !t.CanDie)
}

// References are the variables in Words.
func (t Type) References() []string { return procfile.References(t.Words) }

// halfGrace is when everything that a process has started is asked to stop as well.
func halfGrace(t Type) time.Duration { return t.Grace / 2 }

// Argv is what to execute where nobody but a shell puts the values of variables into a
// command.
func (t Type) Argv() []string {
	if t.Words == nil {
		return shellArgv(t.shellCommand())
	}
	if len(t.References()) > 0 {
		return shellArgv("exec " + strings.Join(t.ShellWords(), " "))
	}
	return t.Spell(func(name string) string { return "" })
}

// Spell returns the words of a command that needs no shell, with references as they are
// spelled somewhere, NAME=value words as arguments of env, and the program as a path if
// it is known.
func (t Type) Spell(reference func(name string) string) []string {
	return append(t.assignments(), t.words(func(text string) string { return text }, reference)...)
}

// ShellWords returns the same words as a POSIX shell reads them.
func (t Type) ShellWords() []string {
	var words []string
	for _, word := range t.assignments() {
		words = append(words, shellWord(word))
	}
	return append(words, t.words(shellWord, func(name string) string { return `"$` + name + `"` })...)
}

// ShellLine is what a shell executes in its place, in the environment of the process.
func (t Type) ShellLine() string {
	if t.Words == nil {
		var words []string
		for _, word := range shellArgv(t.shellCommand()) {
			words = append(words, shellWord(word))
		}
		return strings.Join(words, " ")
	}
	return strings.Join(t.ShellWords(), " ")
}

func (t Type) assignments() []string {
	if len(t.Assign) == 0 {
		return nil
	}
	words := []string{"/usr/bin/env"}
	for _, v := range t.Assign {
		words = append(words, v.Key+"="+v.Value)
	}
	return words
}

func (t Type) words(text, reference func(string) string) []string {
	var words []string
	for i, word := range t.Words {
		var b strings.Builder
		if i == 0 && t.Program != "" {
			word = procfile.Word{{Text: t.Program}}
		}
		for _, piece := range word {
			if piece.Variable != "" {
				b.WriteString(reference(piece.Variable))
			} else {
				b.WriteString(text(piece.Text))
			}
		}
		if len(word) == 0 {
			b.WriteString(text(""))
		}
		words = append(words, b.String())
	}
	return words
}

// shellArgv hands a command to a shell, as [procfile.Argv] does.
func shellArgv(command string) []string {
	if strings.HasPrefix(command, "-") || strings.HasPrefix(command, "+") {
		return []string{"/bin/sh", "-c", "--", command}
	}
	return []string{"/bin/sh", "-c", command}
}

// DirOf is where a type runs on a machine that has the root.
func (a App) DirOf(t Type) string {
	if path.IsAbs(t.Dir) {
		return path.Clean(t.Dir)
	}
	return path.Join(a.Root, t.Dir)
}

// InImage is the directory of an image in which a type runs, if its path there is known.
func (t Type) InImage() string {
	if path.IsAbs(t.Dir) {
		return path.Clean(t.Dir)
	}
	return ""
}

// inDir makes a command change to a directory first, if there is one.
func inDir(dir string, command []string) []string {
	if dir == "" {
		return command
	}
	return append([]string{"/bin/sh", "-c", `cd "$0" && exec "$@"`, dir}, command...)
}

// fromWorkDir makes the command of a type in an image change to its directory first, if the path
// of that depends on where the image has its working directory.
func (t Type) fromWorkDir(command []string) []string {
	if t.InImage() != "" {
		return command
	}
	return inDir(t.Dir, command)
}

// Type finds a type by its name.
func (a App) Type(name string) Type {
	for _, t := range a.Types {
		if t.Name == name {
			return t
		}
	}
	return Type{}
}

// Before lists what a type comes after: every instance of those types.
func (a App) Before(t Type) []Instance {
	var all []Instance
	for _, name := range t.After {
		all = append(all, a.Type(name).Instances...)
	}
	return all
}

// Depth is a type's place in the order of start: 1 comes after nothing.
func (a App) Depth(t Type) int {
	depth := 0
	for _, name := range t.After {
		depth = max(depth, a.Depth(a.Type(name)))
	}
	return depth + 1
}

// All are the types that run and the release entry, if there is one.
func (a App) All() []Type {
	if a.Release == nil {
		return a.Types
	}
	return append([]Type{*a.Release}, a.Types...)
}

// Dashed is an instance's name with a - in it: web-1.
func (i Instance) Dashed() string {
	typ := strings.TrimSuffix(i.Name, "."+strconv.Itoa(i.Number))
	return typ + "-" + strconv.Itoa(i.Number)
}

// Shared is what every instance of a type gets: PORT is that of the first, since each
// instance has a network of its own.
func (t Type) Shared() []Variable {
	var shared []Variable
	for _, v := range t.Instances[0].Env {
		if v.Key != "PS" {
			shared = append(shared, v)
		}
	}
	return append(shared, t.Assign...)
}

// Secrets are the variables that nobody else should read.
func (a App) Secrets() []Variable {
	return slices.DeleteFunc(slices.Clone(a.Env), func(v Variable) bool { return !v.Secret })
}

// Config are the others.
func (a App) Config() []Variable {
	return slices.DeleteFunc(slices.Clone(a.Env), func(v Variable) bool { return v.Secret })
}
