package propose

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// php finds Laravel and sites.
func php(d dir) []Proposal {
	switch {
	case d.has("artisan"):
		found := []Proposal{
			{"web", "php artisan serve --host=0.0.0.0 --port=$PORT", "artisan is there: Laravel. This server is for development."},
			{"release", "php artisan migrate --force", releaseWhy},
		}
		if d.has("config/queue.php") {
			found = append(found, Proposal{"worker", "php artisan queue:work", "config/queue.php is there."})
		}
		return found
	case d.has("composer.json") && d.has("public/index.php"):
		return []Proposal{{"web", "php -S 0.0.0.0:$PORT -t public", "public/index.php is there. PHP's own server is for development."}}
	}
	return nil
}

// elixir finds Phoenix and other mix projects.
func elixir(d dir) []Proposal {
	if !d.has("mix.exs") {
		return nil
	}
	found := []Proposal{{"app", "mix run --no-halt", "mix.exs is there."}}
	if d.mentions("phoenix", "mix.exs") != "" {
		found = []Proposal{{"web", "mix phx.server", "mix.exs names Phoenix. Let config/dev.exs take the port from PORT: System.get_env(\"PORT\")."}}
	}
	if d.mentions("ecto_sql", "mix.exs") != "" {
		found = append(found, Proposal{"release", "mix ecto.migrate", releaseWhy})
	}
	return found
}

// mainPackage finds what go run can run.
var mainPackage = pattern(`(?m)^package main\b`)

// golang finds the programs of a module.
func golang(d dir) []Proposal {
	if !d.has("go.mod") {
		return nil
	}
	dirs, _ := fs.Glob(d, "cmd/*")
	var programs []string
	for _, name := range append([]string{"."}, dirs...) {
		if d.isProgram(name) {
			programs = append(programs, name)
		}
	}
	var found []Proposal
	for _, name := range programs {
		p := Proposal{path.Base(name), "go run ./" + name, name + " is a program. " + ownPort}
		if name == "." {
			p.Command = "go run ."
			p.Why = "go.mod is there. " + ownPort
		}
		if name == "." || len(programs) == 1 {
			p.Type = "web"
		}
		found = append(found, p)
	}
	return found
}

func (d dir) isProgram(name string) bool {
	files, _ := fs.Glob(d, path.Join(name, "*.go"))
	return slices.ContainsFunc(files, func(file string) bool {
		return !strings.HasSuffix(file, "_test.go") && mainPackage().MatchString(d.read(file))
	})
}

// rust finds the programs of a crate.
func rust(d dir) []Proposal {
	if !d.has("Cargo.toml") {
		return nil
	}
	if d.has("src/main.rs") {
		return []Proposal{{"web", "cargo run", "Cargo.toml and src/main.rs are there. " + ownPort}}
	}
	var found []Proposal
	files, _ := fs.Glob(d, "src/bin/*.rs")
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".rs")
		found = append(found, Proposal{name, "cargo run --bin " + name, file + " is a program. " + ownPort})
	}
	return found
}
