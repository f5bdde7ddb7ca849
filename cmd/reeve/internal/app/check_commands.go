package app

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"reeve/cmd/reeve/internal/diag"
	"reeve/env"
	"reeve/internal/pattern"
	"reeve/procfile"
	"reeve/supervisor"
)

// commandProblems looks at what each process type would execute, and executes nothing.
func (a *App) commandProblems() []diag.Problem {
	var found []diag.Problem
	for _, e := range a.Procfile.Entries {
		if e.Command != "" { // an empty one has been reported
			found = append(found, a.problemsOf(e)...)
		}
	}
	return found
}

// severityFor is that of a mistake that keeps a type from running, if it is to run.
func (a *App) severityFor(typ string) diag.Severity {
	if a.Formation.Count(typ) > 0 {
		return diag.Error
	}
	return diag.Warning
}

// problemsOf looks at the command of one process type, and where that is to run.
func (a *App) problemsOf(e procfile.Entry) []diag.Problem {
	if flaw := a.dirFlaw(e.Type); flaw != nil {
		p := a.wrongFor(e.Type, "dir", missingDirText(e.Type, a.Settings.Dirs[e.Type], flaw))
		p.Severity = a.severityFor(e.Type)
		return []diag.Problem{p}
	}
	return a.flawsOf(e, func(s diag.Severity, text string) diag.Problem { return a.at(e, s, e.Type+": "+text) })
}

// flawsOf looks at a command of a process type, its own or another one, as the first instance
// would have it. Of a type that does not run, mistakes are warnings.
func (a *App) flawsOf(e procfile.Entry, at func(diag.Severity, string) diag.Problem) []diag.Problem {
	name := procfile.InstanceName(e.Type, 1)
	environ := a.EnvOf(e.Type).Environ().With(append(a.Assigned(e.Type, name), supervisor.Marker("check", name))...)
	if e.Command == a.Settings.StopCommand[e.Type] {
		environ = environ.With(LeaderKey + "=1")
	}
	s := a.severityFor(e.Type)
	if a.dirFlaw(e.Type) != nil {
		return nil // which is reported once
	}
	var found []diag.Problem
	switch text := a.commandFlaw(e, environ); {
	case text == "":
	case a.isBuilt(e) && isPath(procfile.FirstProgram(e.Command)):
	case a.isBuilt(e):
		found = append(found, at(diag.Warning, text))
	default:
		found = append(found, at(s, text))
	}
	if lost := a.lostInShell(e, environ); len(lost) > 0 {
		found = append(found, at(diag.Warning, lostInShellText(lost)))
	}
	if blank := procfile.OddBlank(e.Command); blank != "" {
		found = append(found, at(diag.Warning, oddBlankText(blank)))
	}
	for _, name := range procfile.NotSet(e.Command, environ.Lookup) {
		if !a.envUnread {
			found = append(found, at(diag.Warning, undefinedText(name)))
		}
	}
	return found
}

// settingProblems look at the commands that settings have for a type.
func (a *App) settingProblems() []diag.Problem {
	var found []diag.Problem
	for _, typ := range a.Types() {
		for _, of := range []struct{ key, command string }{
			{"build", a.Settings.Build[typ]}, {"stop-command", a.Settings.StopCommand[typ]},
			{"ready", a.Settings.Ready[typ].Command()}, {"health", a.Settings.Health[typ].Command()},
		} {
			if of.command == "" {
				continue
			}
			found = append(found, a.flawsOf(procfile.Entry{Type: typ, Command: of.command}, func(s diag.Severity, text string) diag.Problem {
				p := a.wrongFor(typ, of.key, typ+": "+text)
				p.Severity = s
				return p
			})...)
		}
	}
	return found
}

// isPath reports whether a program is a path, and no name to look up.
func isPath(program string) bool {
	return strings.ContainsFunc(program, func(r rune) bool { return r == '/' || r == filepath.Separator })
}

// isBuilt reports whether a command is that of a type with a build, so that its program may not be
// there yet.
func (a *App) isBuilt(e procfile.Entry) bool {
	own, _ := a.Lookup(e.Type)
	_, built := a.Settings.Build[e.Type]
	return built && e.Command == own.Command
}

// dirFlaw says why a type cannot run in the directory that it is to; nil: it can.
func (a *App) dirFlaw(typ string) error {
	if a.Settings.Dirs[typ] == "" {
		return nil
	}
	info, err := os.Stat(a.DirOf(typ))
	if err == nil && !info.IsDir() {
		err = syscall.ENOTDIR
	}
	return diag.Reason(err)
}

// lostInShell are the variables of env files that the shell of a command does not hand on
// to programs, as dash does with names that no shell allows.
func (a *App) lostInShell(e procfile.Entry, environ env.Environ) (lost []string) {
	if _, invocation := a.Command(e, environ); !invocation.Shell {
		return nil
	}
	of := a.EnvOf(e.Type)
	for _, key := range of.Keys() {
		if source, _ := of.Source(key); source.Winner.Line > 0 && !ShellKey.Get().MatchString(key) {
			lost = append(lost, key)
		}
	}
	if len(lost) == 0 || !dropsNames() {
		return nil
	}
	return lost
}

// dropsNames asks the shell whether it does.
var dropsNames = sync.OnceValue(func() bool {
	sh := exec.Command(shell, "-c", "env")
	sh.Env = []string{"reeve-test=1", "PATH=" + StandardPath}
	out, err := sh.Output()
	return err == nil && !strings.Contains(string(out), "reeve-test=")
})

// commandFlaw returns why a command cannot be executed; empty: it can be.
func (a *App) commandFlaw(e procfile.Entry, environ env.Environ) string {
	c, invocation := a.Command(e, environ)
	if long := (&supervisor.Command{Args: c.Args}).TooLong(); long != "" {
		return long
	}
	if flaw := ProgramFlaw(c, e.Command); flaw != "" || !invocation.Shell {
		return flaw
	}
	if flaw := syntaxFlaw(e.Command); flaw != "" {
		return shellSyntaxText(flaw)
	}
	return FirstFlaw(c, e.Command)
}

// FirstFlaw returns why the program that a shell would run first cannot be executed; empty: it can be.
func FirstFlaw(c *supervisor.Command, written string) string {
	program := procfile.FirstProgram(written)
	if program == "" || strings.Contains(written, "||") {
		return "" // what has an alternative may well be missing
	}
	c.Args, c.Line = []string{program}, ""
	return ProgramFlaw(c, written)
}

// ProgramFlaw returns why the program of a command cannot be executed; empty: it can be.
func ProgramFlaw(c *supervisor.Command, written string) string {
	file, err := c.LookPath()
	name := c.Args[0]
	if name != shell {
		name = nameIn(written, name)
	}
	if err != nil {
		return programText(name, nearby(c.Dir, name), err)
	}
	switch flaw, interpreter := interpreterFlaw(c, file); flaw {
	case carriageReturn:
		return scriptLineEndText(name)
	case noInterpreter:
		return interpreterText(name, interpreter)
	}
	return ""
}

// shell is the program that Argv falls back on. Commands need not name it.
const shell = "/bin/sh"

// nameIn is the name of a program if the command spells it out. Otherwise it comes from
// a variable, whose value must not be shown.
func nameIn(command, name string) string {
	if strings.Contains(command, name) {
		return name
	}
	return unnamed
}

// scriptFlaw is why a script cannot be executed.
type scriptFlaw uint8

const (
	noFlaw         scriptFlaw = iota // or it is not a script
	carriageReturn                   // its first line ends with one
	noInterpreter                    // what should interpret it is missing
)

// interpreterFlaw returns why a program cannot be executed if it is a script.
func interpreterFlaw(c *supervisor.Command, file string) (flaw scriptFlaw, interpreter string) {
	if !filepath.IsAbs(file) {
		file = filepath.Join(c.Dir, file)
	}
	line := firstLine(file)
	words := strings.Fields(strings.TrimPrefix(line, "#!"))
	switch {
	case !strings.HasPrefix(line, "#!") || len(words) == 0:
		return noFlaw, ""
	case strings.HasSuffix(line, "\r"):
		return carriageReturn, ""
	case filepath.Base(words[0]) == "env" && len(words) == 2:
		words = words[1:]
	}
	lookup := supervisor.Command{Args: words[:1], Env: c.Env, Dir: c.Dir}
	if _, err := lookup.LookPath(); err != nil {
		return noInterpreter, words[0]
	}
	return noFlaw, ""
}

// firstLine reads the first line of a file, as far as a kernel looks at it.
func firstLine(file string) string {
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	head := make([]byte, 256)
	n, _ := f.Read(head)
	line, _, _ := bytes.Cut(head[:n], []byte("\n"))
	return string(line)
}

// shellPatience is how long a shell may take to read one command.
const shellPatience = 10 * time.Second

// shellPrefix is what shells put in front of their messages.
var shellPrefix = pattern.New(`(?i)^(\S*sh: )?(line )?(\d+: )?(syntax error:? )?`)

// syntaxFlaw has a shell read a command without running it, and returns its
// objection.
func syntaxFlaw(command string) string {
	ctx, cancel := context.WithTimeout(context.Background(), shellPatience)
	defer cancel()
	sh := exec.CommandContext(ctx, shell, "-n")
	sh.Env = []string{"LC_ALL=C"}
	sh.Stdin = strings.NewReader(command + "\n")
	var said strings.Builder
	sh.Stderr = &said
	var refused *exec.ExitError
	if err := sh.Run(); !errors.As(err, &refused) || ctx.Err() != nil {
		return ""
	}
	return cmp.Or(shellReason(said.String()), refused.String())
}

// shellReason is the core of what a shell says, without the text that some of them quote
// after it.
func shellReason(said string) string {
	line, _, _ := strings.Cut(said, "\n")
	return shellPrefix.Get().ReplaceAllString(line, "")
}
