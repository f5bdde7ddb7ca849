package export

import (
	"slices"
	"strings"

	"reeve/procfile/probe"
)

// Probe says when a type is ready.
type Probe struct{ probe.Probe }

// Has says whether a type is ready by a probe of one of these kinds.
func (t Type) Has(kinds ...string) bool {
	return t.Ready != nil && slices.Contains(kinds, t.Ready.Kind)
}

// Checkable says whether a type is ready by a probe that others than reeve can try.
func (t Type) Checkable() bool { return t.Ready != nil && t.Ready.Checkable() }

// asksServer says whether a type is ready when a server answers.
func (t Type) asksServer() bool { return t.Ready != nil && t.Ready.AsksServer() }

// shellProbes have the command of each kind of probe that others than reeve can try. Addresses
// are probed by what there is of the usual programs.
var shellProbes = map[string]func(probe.Probe) string{
	probe.TCP: func(p probe.Probe) string {
		host, port := p.Address()
		at := doubleQuoted(host) + " " + doubleQuoted(port)
		return `nc -z -w 5 ` + at + ` 2>/dev/null || bash -c ': <"/dev/tcp/$0/$1"' ` + at + ` 2>/dev/null`
	},
	probe.HTTP: func(p probe.Probe) string {
		at := doubleQuoted(p.Text)
		return `curl -fsS -m 5 -o /dev/null ` + at + ` 2>/dev/null || wget -q -T 5 -O /dev/null ` + at
	},
	probe.Exec: func(p probe.Probe) string {
		var words []string
		for _, word := range shellArgv(p.Text) {
			words = append(words, shellWord(word))
		}
		return strings.Join(words, " ") + " >/dev/null 2>&1"
	},
}

// Shell is a command for a POSIX shell that exits with 0 when what it probes is ready.
func (p Probe) Shell() string {
	if command, ok := shellProbes[p.Kind]; ok {
		return command(p.Probe)
	}
	return "true"
}

// doubleQuoted quotes a text for a shell, but for the variables in it.
func doubleQuoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", "$(", `\$(`).Replace(s) + `"`
}
