package propose

import (
	"path"
	"strings"

	"reeve/internal/pattern"
)

// watchers finds the scripts of libraries, which only build something.
var watchers = pattern.New(`(?:^|[\s/])(?:tsup|tsc|rollup|unbuild|microbundle|swc|babel|esbuild|preconstruct|vite build|stencil build|ng build|storybook|jest|vitest|eslint)(?:\s|$)`)

// workspaceServers runs the packages of a workspace that serve something, by the package
// manager of the whole: it knows where their programs are.
func (a nodeApp) workspaceServers() []Proposal {
	patterns := a.Workspaces
	patterns = append(patterns, readYAML(a.read("pnpm-workspace.yaml")).get("packages").items()...)
	var found proposals
	for _, name := range a.dirs(withoutStars(patterns)...) {
		sub, ok := a.part(name)
		if !ok {
			continue
		}
		p := nodeApp{dir: sub, nodePackage: readNodePackage(sub)}
		p.run = a.runIn(name, p.Name)
		for _, script := range []string{"dev", "start"} {
			text := p.text(script)
			if text == "" || p.isRunner(text) || watchers.Get().MatchString(text) {
				continue
			}
			server := p.server(typeOf(path.Base(name)), script)
			server.Why = "In " + name + ": " + server.Why
			found.add([]Proposal{server})
			break
		}
	}
	if len(found) == 1 {
		found[0].Type = "web"
	}
	return found
}

// runIn is what runs a script of a package in a workspace.
func (a nodeApp) runIn(name, pkg string) string {
	switch manager := a.manager(); {
	case manager == "pnpm":
		return "pnpm --filter ./" + name + " run "
	case manager == "yarn" && pkg != "":
		return "yarn workspace " + pkg + " run "
	case manager == "bun":
		return "cd " + name + " && exec bun run "
	}
	return "npm --workspace " + name + " run "
}

// withoutStars gives patterns that fs.Glob knows: ** is taken for one level and for two.
func withoutStars(patterns []string) []string {
	var all []string
	for _, p := range patterns {
		p = strings.TrimSuffix(strings.TrimPrefix(p, "./"), "/")
		switch {
		case p == "" || strings.HasPrefix(p, "!") || strings.HasPrefix(p, "/") || strings.Contains(p, ".."):
		case strings.Contains(p, "**"):
			all = append(all, strings.Replace(p, "**", "*", 1), strings.Replace(p, "**", "*/*", 1))
		default:
			all = append(all, p)
		}
	}
	return all
}
