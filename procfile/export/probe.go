package export

import (
	"slices"
	"strings"
	"time"

	"reeve/procfile/probe"
)

// Probe says when a type is ready, or healthy.
type Probe struct {
	probe.Probe
	Dir string // in which a command has to run, if it does not by itself
}

// Has reports whether a type is ready by a probe of one of these kinds.
func (t Type) Has(kinds ...string) bool {
	return t.Ready != nil && slices.Contains(kinds, t.Ready.Kind)
}

// Checkable reports whether a type is ready by a probe that others than reeve can try.
func (t Type) Checkable() bool { return t.Ready != nil && t.Ready.Checkable() }

// ByHealth is the type with the probe of its health in place of that of its readiness.
func (t Type) ByHealth() Type {
	t.Ready = t.Health
	return t
}

// HealthTry is how long one try of its health may take.
func (t Type) HealthTry() time.Duration {
	return max(min(t.HealthInterval, 5*time.Second), time.Second)
}

// asksServer reports whether a type is ready when a server answers.
func (t Type) asksServer() bool { return t.Ready != nil && t.Ready.AsksServer() }

// command is how another program than reeve tries a probe.
type command struct {
	words []string // what to execute
	quiet string   // the same in a shell, without what it writes
}

// commands are those of each kind of probe that others than reeve can try. Addresses are
// probed by what there is of the usual programs.
var commands = map[string]func(Probe) command{
	probe.TCP: func(p Probe) command {
		host, port := p.Address()
		at := doubleQuoted(host) + " " + doubleQuoted(port)
		return inShell(`nc -z -w 5 ` + at + ` 2>/dev/null || bash -c ': <"/dev/tcp/$0/$1"' ` + at + ` 2>/dev/null`)
	},
	probe.HTTP: func(p Probe) command {
		at := doubleQuoted(p.Text)
		return inShell(`curl -fsS -m 5 -o /dev/null ` + at + ` 2>/dev/null || wget -q -T 5 -O /dev/null ` + at)
	},
	probe.Exec: func(p Probe) command {
		words := inDir(p.Dir, shellArgv(p.Text))
		return command{words, joined(words, shellWord) + " >/dev/null 2>&1"}
	},
}

func inShell(line string) command { return command{shellArgv(line), line} }

// command is how others try the probe; true, if they cannot.
func (p Probe) command() command {
	if of, ok := commands[p.Kind]; ok {
		return of(p)
	}
	return inShell("true")
}

// Shell is a command for a POSIX shell that exits with 0 when what it probes is ready.
func (p Probe) Shell() string { return p.command().quiet }

// doubleQuoted quotes a text for a shell, but for the variables in it.
func doubleQuoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", "$(", `\$(`).Replace(s) + `"`
}
