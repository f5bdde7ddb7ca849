package propose

import (
	"path"
	"strings"
)

// An app may be in several directories, each a program of its own: backend/ and
// frontend/, or apps/*.

// Where parts of an app are. Beside what the app's own directory has, only those count
// whose names say what they are.
var (
	anyParts   = []string{"*", "apps/*", "services/*", "packages/*"}
	namedParts = []string{"backend", "server", "api", "frontend", "client", "web", "ui", "webapp", "worker"}
)

// maxParts bounds how many there may be.
const maxParts = 20

// addParts adds what runs in directories of their own.
func (ps *proposals) addParts(d dir) {
	where := anyParts
	if len(*ps) > 0 {
		where = namedParts
	}
	type part struct {
		name  string
		found proposals
	}
	var parts []part
	for _, name := range d.dirs(where...) {
		sub, ok := d.part(name)
		if len(*ps) > 0 && d.isMember(sub) {
			continue
		}
		if found := ofOne(sub); ok && len(found) > 0 && len(parts) < maxParts {
			parts = append(parts, part{name, found})
		}
	}
	alone := len(parts) == 1 && len(*ps) == 0
	for _, p := range parts {
		ps.add(inPart(p.name, p.found, alone))
	}
}

// isMember reports whether a part belongs to a workspace, the programs of which are known
// already.
func (d dir) isMember(part dir) bool {
	return d.has("go.work") && part.has("go.mod") || d.has("Cargo.toml") && part.has("Cargo.toml") ||
		part.has("package.json") && (d.has("pnpm-workspace.yaml") || len(readNodePackage(d).Workspaces) > 0)
}

// inPart turns what runs in a directory of the app into what runs in its root.
func inPart(name string, found []Proposal, alone bool) []Proposal {
	var all []Proposal
	for _, p := range found {
		switch {
		case alone, p.Type == releaseType:
		case p.Type == "web":
			p.Type = typeOf(path.Base(name))
		default:
			p.Type = typeOf(path.Base(name)) + "-" + p.Type
		}
		p.Command = "cd " + quoteWords([]string{name}) + " && " + turnsInto(p.Command)
		p.Why = "In " + name + ": " + p.Why
		all = append(all, p)
	}
	return all
}

// turnsInto puts an exec in front of a command that is a single one, so that no shell
// stays in between.
func turnsInto(command string) string {
	first, _, _ := strings.Cut(command, " ")
	if strings.ContainsAny(command, ";&|") || strings.ContainsAny(first, "=$*") {
		return command
	}
	return "exec " + command
}
