// Package probe knows the ways to find out whether a process is ready.
//
// A probe is a text: a kind, and what to ask. [Kinds] lists them; help, completion, errors
// and exports are derived from it, so a new kind is a row there, plus the code that tries
// it and exports it. Nothing here performs a probe: package
// reeve/cmd/reeve tries probes, reeve/procfile/export translates them.
//
// Addresses may contain variables, which only the process's environment can resolve. So
// they are checked as far as possible without them.
package probe

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Probe says how to find out that a process is ready, or healthy.
type Probe struct {
	Kind string         // the name of one of [Kinds]
	Text string         // what it is about: an address, a URL, a regular expression, a command
	Line *regexp.Regexp // the expression, of a probe of the log
}

// Kind is a kind of probe.
type Kind struct {
	Name  string
	Forms []Form
	// Checkable says that another program than reeve can try it, so that exports can
	// have it.
	Checkable bool
	// Lasting says that it can be tried at any time, so that it tells of the health of a process,
	// too, and not only of something that happens once.
	Lasting bool
	url     bool                            // it asks by a URL, which has a scheme and a path
	server  func(Probe) (host, port string) // where it asks; nil: nowhere
	parse   func(start, text string) (Probe, error)
}

// Form is a way to write a kind of probe.
type Form struct {
	Usage   string // as help shows it
	Start   string // what it begins with
	Summary string // when such a process is ready
	lone    bool   // must not be followed by anything
}

// The names of the kinds.
const (
	TCP  = "tcp"
	HTTP = "http"
	Log  = "log"
	Exec = "exec"
	Exit = "exit"

	Notify = "notify"
)

// Kinds are all of them, in the order in which help explains them.
var Kinds = []Kind{
	{
		Name: TCP, Checkable: true, Lasting: true, server: Probe.Address, parse: parseTCP,
		Forms: []Form{
			{"tcp", "tcp", "its own PORT on localhost accepts connections", true},
			{"tcp://host:port", "tcp://", "that address accepts connections", false},
		},
	},
	{
		Name: HTTP, Checkable: true, Lasting: true, url: true, server: Probe.urlServer, parse: parseHTTP,
		Forms: []Form{
			{"http://…", "http://", "the answer is 2xx or 3xx", false},
			{"https://…", "https://", "the same, over TLS", false},
		},
	},
	{
		Name: Log, parse: parseLog,
		Forms: []Form{{"log:REGEX", "log:", "the process has written a line that matches (RE2)", false}},
	},
	{
		Name: Exec, Checkable: true, Lasting: true, parse: parseExec,
		Forms: []Form{{"exec:COMMAND", "exec:", "the command exits with 0, in the process's environment", false}},
	},
	{
		Name: Exit, parse: parseExit,
		Forms: []Form{{"exit", "exit", "it has exited with 0: it is a task, and ends nothing by that", true}},
	},
	{
		Name: Notify, Lasting: true, parse: parseNotify,
		Forms: []Form{{"notify", "notify", "it has said so itself: READY=1 (sd_notify)", true}},
	},
}

// Use is what a probe is for.
type Use uint8

const (
	Readiness Use = iota // to find out that a process is ready: every kind
	Health               // to find out whether it still is what it should be: what is Lasting
)

// kinds are those that can be used for it.
func (u Use) kinds() []Kind {
	return slices.DeleteFunc(slices.Clone(Kinds), func(k Kind) bool { return u == Health && !k.Lasting })
}

// Parse reads a probe.
func (u Use) Parse(s string) (Probe, error) {
	for _, kind := range u.kinds() {
		for _, form := range kind.Forms {
			text, ok := strings.CutPrefix(s, form.Start)
			if !ok || form.lone && text != "" {
				continue
			}
			p, err := kind.parse(form.Start, text)
			if p.Kind = kind.Name; !errors.Is(err, errEmpty) {
				return p, err
			}
		}
	}
	return Probe{}, fmt.Errorf("must be %s", u.Usage())
}

// errEmpty is for a form after which something has to come.
var errEmpty = errors.New("nothing comes after it")

// Usage lists the forms of these probes.
func (u Use) Usage() string {
	var forms []string
	for _, form := range u.Forms() {
		forms = append(forms, form.Usage)
	}
	last := len(forms) - 1
	return strings.Join(forms[:last], ", ") + " or " + forms[last]
}

// Forms are those of these probes.
func (u Use) Forms() (forms []Form) {
	for _, kind := range u.kinds() {
		forms = append(forms, kind.Forms...)
	}
	return forms
}

func (p Probe) kind() Kind {
	for _, kind := range Kinds {
		if kind.Name == p.Kind {
			return kind
		}
	}
	return Kind{}
}

// Checkable reports whether another program than reeve can try the probe.
func (p Probe) Checkable() bool { return p.kind().Checkable }

// OwnPort reports whether a probe is about the port that the process itself is given.
func (p Probe) OwnPort() bool {
	host, port := p.Server()
	return IsLocal(host) && (port == "$PORT" || port == "${PORT}")
}

// AsksServer reports whether a probe asks a server, and not the process itself.
func (p Probe) AsksServer() bool { return p.kind().server != nil }

// Command is what a probe runs; empty: nothing.
func (p Probe) Command() string {
	if p.Kind != Exec {
		return ""
	}
	return p.Text
}

// HasURL reports whether a probe asks by a URL, which has a scheme and a path.
func (p Probe) HasURL() bool { return p.kind().url }

// Server is where a probe asks, if it asks a server.
func (p Probe) Server() (host, port string) {
	if !p.AsksServer() {
		return "", ""
	}
	return p.kind().server(p)
}

// IsLocal reports whether a host is the machine at hand.
func IsLocal(host string) bool { return localNames[host] }

// localNames are the spellings of that in addresses.
var localNames = map[string]bool{"localhost": true, "127.0.0.1": true, "::1": true, "[::1]": true, "0.0.0.0": true}
