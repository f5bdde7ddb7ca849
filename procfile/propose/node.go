package propose

import (
	"encoding/json"
	"strings"
)

// nodePackage is what counts of a package.json.
type nodePackage struct {
	Main    string            `json:"main"`
	Scripts map[string]string `json:"scripts"`
}

func readNodePackage(d dir) (p nodePackage) {
	_ = json.Unmarshal([]byte(d.read("package.json")), &p) // a broken one proposes nothing
	return p
}

// node runs the scripts of a package.json.
func node(d dir) []Proposal {
	p := readNodePackage(d)
	var found []Proposal
	for _, script := range []string{"dev", "start"} {
		if text, ok := p.Scripts[script]; ok && found == nil {
			found = append(found, nodeServer(d, script, text))
		}
	}
	if file := d.first("server.js", "index.js", "app.js"); found == nil && file != "" && d.has("package.json") {
		found = append(found, Proposal{"web", "node " + file, file + " is there. " + ownPort})
	}
	return append(found, nodeWorkers(d, p)...)
}

// nodeWorkers are scripts whose names say what they are.
func nodeWorkers(d dir, p nodePackage) []Proposal {
	var found []Proposal
	for _, script := range []string{"worker", "queue", "jobs", "scheduler", "cron"} {
		if _, ok := p.Scripts[script]; ok {
			found = append(found, Proposal{script, manager(d) + " run " + script, "A script in package.json."})
		}
	}
	return found
}

// assets are built beside a server in another language.
func assets(d dir) []Proposal {
	p := readNodePackage(d)
	if text, ok := p.Scripts["dev"]; ok {
		found := nodeServer(d, "dev", text)
		found.Type = "assets"
		return []Proposal{found}
	}
	var found []Proposal
	for _, script := range [][2]string{{"js", "build"}, {"css", "build:css"}} {
		if _, ok := p.Scripts[script[1]]; ok && d.has("bin/rails") {
			command := withArguments(d, manager(d)+" run "+script[1], "--watch")
			found = append(found, Proposal{script[0], command, "The script " + script[1] + " in package.json."})
		}
	}
	return found
}

// portFlag finds the development servers that do not look at PORT, but have a flag.
var portFlag = pattern(`(?:^|[\s/])(?:vite(?: dev| serve)?|remix vite:dev|astro dev|ng serve|vue-cli-service serve|webpack serve|webpack-dev-server|parcel(?: serve)?|gatsby develop)(?: +-[^&|;]*)?$`)

// readsPort finds those that do look at it.
var readsPort = pattern(`(?:^|[\s/])(?:next (?:dev|start)|next$|nuxt(?:i? dev)?|react-scripts start|react-router-serve|remix-serve)`)

// nodeServer runs a script that serves.
func nodeServer(d dir, script, text string) Proposal {
	p := Proposal{"web", manager(d) + " run " + script, "The script " + script + " in package.json: " + oneLine(text)}
	switch {
	case strings.Contains(text, "--port") || strings.Contains(text, "-p "):
		p.Why += "\nIts port is said there: write $PORT in its place, so that it is the one that reeve gives."
	case portFlag().MatchString(text):
		p.Command = withArguments(d, p.Command, "--port $PORT")
	case !readsPort().MatchString(text):
		p.Why += "\n" + ownPort
	}
	return p
}

// oneLine makes a comment of a script.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// manager is the package manager whose lock file is there.
func manager(d dir) string {
	switch d.first("pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb") {
	case "pnpm-lock.yaml":
		return "pnpm"
	case "yarn.lock":
		return "yarn"
	case "bun.lock", "bun.lockb":
		return "bun"
	}
	return "npm"
}

// withArguments gives a script further arguments. Only npm would take them for its own.
func withArguments(d dir, command, arguments string) string {
	if manager(d) == "npm" {
		command += " --"
	}
	return command + " " + arguments
}
