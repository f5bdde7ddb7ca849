package propose

import (
	"encoding/json"
	"slices"
	"strings"

	"reeve/internal/pattern"
)

// nodePackage is what matters in a package.json.
type nodePackage struct {
	Name       string            `json:"name"`
	Main       string            `json:"main"`
	Manager    string            `json:"packageManager"`
	Scripts    map[string]string `json:"scripts"`
	Workspaces workspaces        `json:"workspaces"`
}

// workspaces are patterns of directories: a list, or a list in an object.
type workspaces []string

func (w *workspaces) UnmarshalJSON(text []byte) error {
	var object struct{ Packages []string }
	if json.Unmarshal(text, (*[]string)(w)) != nil && json.Unmarshal(text, &object) == nil {
		*w = object.Packages
	}
	return nil // whatever else it is proposes nothing
}

func readNodePackage(d dir) (p nodePackage) {
	_ = json.Unmarshal([]byte(d.read("package.json")), &p) // a broken one proposes nothing
	return p
}

// nodeApp is a package with what is known of it.
type nodeApp struct {
	dir
	nodePackage
	run string // what comes before the name of a script
}

func nodeAppIn(d dir) nodeApp {
	a := nodeApp{dir: d, nodePackage: readNodePackage(d)}
	a.run = a.manager() + " run "
	return a
}

// node runs the scripts of a package.json.
func node(d dir) []Proposal {
	a := nodeAppIn(d)
	found := a.servers()
	if found == nil {
		found = a.workspaceServers()
	}
	if found == nil {
		found = a.named()
	}
	if file := d.first("server.js", "index.js", "app.js", "server.ts", "index.ts"); found == nil && file != "" && d.has("package.json") {
		program := "node "
		if strings.HasSuffix(file, ".ts") && a.manager() == "bun" {
			program = "bun run "
		}
		found = []Proposal{{"web", program + file, file + " is there. " + ownPort}}
	}
	return append(found, a.workers()...)
}

// servers are the scripts dev and start. Where there is a server for pages and one of the
// app's own, which those pages ask, both run.
func (a nodeApp) servers() []Proposal {
	for _, pages := range []string{"dev", "start"} {
		for _, api := range []string{"start", "dev", "server", "api", "backend", "dev:server", "dev:api", "start:server"} {
			if isFrontend(a.text(pages)) && isBackend(a.text(api)) {
				return []Proposal{a.server("web", pages), a.server("api", api)}
			}
		}
	}
	for _, script := range []string{"dev", "develop", "start:dev", "start"} {
		if found := a.expanded(script); found != nil {
			return found
		}
		if text := a.text(script); text != "" && !a.isRunner(text) {
			return []Proposal{a.server("web", script)}
		}
	}
	return nil
}

// named are scripts that are called after what they serve.
func (a nodeApp) named() []Proposal {
	var found []Proposal
	for _, script := range []string{"serve", "server", "api", "backend", "client", "frontend"} {
		if text := a.text(script); text != "" && !a.isRunner(text) {
			found = append(found, a.server(script, script))
		}
	}
	if len(found) == 1 {
		found[0].Type = "web"
	}
	return found
}

// workers are scripts whose names say what they are.
func (a nodeApp) workers() []Proposal {
	var found []Proposal
	for _, script := range []string{"worker", "queue", "jobs", "scheduler", "cron"} {
		if text := a.text(script); text != "" && !a.isRunner(text) {
			found = append(found, Proposal{script, a.run + script, "A script in package.json."})
		}
	}
	return found
}

// assets are built beside a server in another language.
func assets(d dir) []Proposal {
	a := nodeAppIn(d)
	if text := a.text("dev"); text != "" && !a.isRunner(text) {
		return []Proposal{a.server("assets", "dev")}
	}
	var found []Proposal
	for _, script := range [][2]string{{"js", "build"}, {"css", "build:css"}} {
		if a.text(script[1]) != "" && d.has("bin/rails") {
			found = append(found, Proposal{script[0], a.withArguments(script[1], "--watch"), "The script " + script[1] + " in package.json."})
		}
	}
	return found
}

var (
	// portFlag finds the development servers that do not look at PORT, but have a flag.
	portFlag = pattern.New(`(?:^|[\s/])(?:vite(?: dev| serve)?|remix vite:dev|react-router dev|astro dev|ng serve|vue-cli-service serve|webpack serve|webpack-dev-server|` +
		`parcel(?: serve)?|gatsby develop|svelte-kit dev|rsbuild dev|docusaurus start|vitepress dev|wrangler dev|expo start --web|sirv|http-server|meteor(?: run)?)(?: +-[^&|;]*)?$`)
	// readsPort finds those that do look at it.
	readsPort = pattern.New(`(?:^|[\s/])(?:next (?:dev|start)|next$|nuxt(?:i? dev)?|react-scripts start|react-router-serve|remix-serve)`)
	// frontend finds those that serve no more than pages.
	frontend = pattern.New(`(?:^|[\s/])(?:vite(?: dev| serve)?(?: +-.*)?$|ng serve|vue-cli-service serve|webpack serve|webpack-dev-server|parcel|react-scripts start|rsbuild dev)`)
	// backend finds a program of the app's own, which is not what a build has made.
	backend = pattern.New(`(?:^|[\s/])(?:node|nodemon|tsx|ts-node|ts-node-dev|bun|deno|nest start)\b[^&|;]*`)
	built   = pattern.New(`(?:^|[\s/])(?:dist|build|out|\.output|\.next)(?:/|\s|$)`)
)

func isFrontend(text string) bool { return frontend.Get().MatchString(text) }
func isBackend(text string) bool {
	return backend.Get().MatchString(text) && !built.Get().MatchString(text) && !isFrontend(text)
}

// server runs a script that serves.
func (a nodeApp) server(typ, script string) Proposal {
	text := a.text(script)
	p := Proposal{typ, a.run + script, "The script " + script + " in package.json: " + oneLine(a.Scripts[script])}
	switch {
	case strings.Contains(text, "--port") || strings.Contains(text, " -p "):
		p.Why += "\nIt sets the port: write $PORT there instead, so that it uses the one from reeve."
	case portFlag.Get().MatchString(text):
		p.Command = a.withArguments(script, "--port $PORT")
	case !readsPort.Get().MatchString(text):
		p.Why += "\n" + ownPort
	}
	return p
}

// delegates finds a script that only runs another one.
var delegates = pattern.New(`^(?:npm run(?:-script)?|pnpm(?: run)?|yarn(?: run)?|bun run) ([\w:.-]+)$`)

// text is what a script runs in the end; empty if there is none.
func (a nodeApp) text(script string) string {
	text := a.Scripts[script]
	for range 5 {
		other := delegates.Get().FindStringSubmatch(strings.TrimSpace(text))
		if other == nil || a.Scripts[other[1]] == "" {
			break
		}
		text = a.Scripts[other[1]]
	}
	return text
}

var (
	// runner finds what runs several programs itself, as reeve is to do.
	runner = pattern.New(`(?:^|[\s/'"])(?:nf|foreman|forego|honcho|overmind|hivemind|goreman|reeve) +(?:-\S+ +)*(?:start|s|run)?\b|` +
		`(?:^|[\s/])(?:hivemind|concurrently|npm-run-all|run-p|pm2|pm2-runtime|pm2-dev|docker-compose|mprocs|process-compose|tmuxinator|turbo|nx|lerna|wireit|stmux|multiview|ultra)(?:\s|$)|` +
		`docker compose\b|podman[- ]compose\b|docker (?:run|start)\b|\bpnpm (?:-r|--recursive|--parallel|-F|--filter)\b|yarn workspaces? |bun (?:run )?(?:--filter|--cwd|-F)\b|npm (?:run )?.*(?:-w|--workspaces?|--prefix|-C)\b`)
	scriptFile = pattern.New(`^(?:(?:sh|bash|zsh|node|ruby|\.) +)?((?:\./)?[\w.-]+(?:/[\w.-]+)*)$`)
)

// isRunner reports whether a script runs several programs, by itself or by another file.
func (a nodeApp) isRunner(text string) bool {
	if runner.Get().MatchString(text) {
		return true
	}
	file := scriptFile.Get().FindStringSubmatch(strings.TrimSpace(text))
	return file != nil && strings.Contains(file[1], "/") && runner.Get().MatchString(a.read(strings.TrimPrefix(file[1], "./")))
}

// expanded are the commands that a script gives to concurrently, npm-run-all or run-p,
// which run them beside each other.
func (a nodeApp) expanded(script string) []Proposal {
	words := splitWords(a.text(script))
	if len(words) < 2 || !slices.Contains([]string{"concurrently", "run-p", "npm-run-all"}, words[0]) {
		return nil
	}
	if words[0] == "npm-run-all" && !slices.Contains(words, "-p") && !slices.Contains(words, "--parallel") {
		return nil
	}
	var found proposals
	for _, word := range words[1:] {
		for _, name := range a.scriptsOf(words[0], word) {
			if text := a.text(name); text == "" || a.isRunner(text) {
				return nil
			}
			short := name[strings.LastIndexByte(name, ':')+1:]
			found.add([]Proposal{a.server(typeOf(short), name)})
		}
	}
	if len(found) < 2 {
		return nil
	}
	for n := range found {
		found[n].Why = "Started by the script " + script + ". " + found[n].Why
	}
	return found
}

// scriptsOf gives the scripts that a word stands for, of which concurrently has several
// spellings.
func (a nodeApp) scriptsOf(program, word string) []string {
	name := word
	if program == "concurrently" {
		short, isShort := strings.CutPrefix(word, "npm:")
		long := delegates.Get().FindStringSubmatch(word)
		switch {
		case isShort:
			name = short
		case long != nil:
			name = long[1]
		default:
			return nil
		}
	}
	if begin, ok := strings.CutSuffix(name, "*"); ok {
		return a.scriptsWith(begin)
	}
	if a.Scripts[name] == "" {
		return nil
	}
	return []string{name}
}

func (a nodeApp) scriptsWith(prefix string) []string {
	var names []string
	for name := range a.Scripts {
		if rest, ok := strings.CutPrefix(name, prefix); ok && rest != "" && !strings.Contains(rest, ":") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// quotedWord finds the words of a command line.
var quotedWord = pattern.New(`'[^']*'|"[^"]*"|[^\s'"]+`)

// splitWords splits a command line, as far as those in package.json need it.
func splitWords(text string) []string {
	words := quotedWord.Get().FindAllString(text, -1)
	for n, word := range words {
		words[n] = strings.Trim(word, `'"`)
	}
	return words
}

// oneLine makes a comment of a script.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// lockFiles reveal the package manager.
var lockFiles = [][2]string{{"pnpm-lock.yaml", "pnpm"}, {"yarn.lock", "yarn"}, {"bun.lock", "bun"}, {"bun.lockb", "bun"}, {"package-lock.json", "npm"}}

// manager is the package manager that the package names, or whose lock file is there, or
// in the app's own directory.
func (a nodeApp) manager() string {
	for _, known := range []string{"pnpm", "yarn", "bun", "npm"} {
		if strings.HasPrefix(a.Manager, known+"@") {
			return known
		}
	}
	for _, where := range []func(string) bool{a.has, func(name string) bool { return a.inApp(name) != "" }} {
		for _, lock := range lockFiles {
			if where(lock[0]) {
				return lock[1]
			}
		}
	}
	return "npm"
}

// withArguments gives a script further arguments. Only npm would take them for its own.
func (a nodeApp) withArguments(script, arguments string) string {
	if strings.HasPrefix(a.run, "npm ") {
		arguments = "-- " + arguments
	}
	return a.run + script + " " + arguments
}
