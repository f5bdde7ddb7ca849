package propose

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"reeve/internal/pattern"
)

// php finds Laravel, Symfony and sites.
func php(d dir) []Proposal {
	switch {
	case d.has("artisan"):
		return laravel(d)
	case d.has("composer.json") && d.has("public/index.php"):
		found := []Proposal{{"web", "php -S 0.0.0.0:$PORT -t public", "public/index.php is there. PHP's own server is for development."}}
		if d.has("bin/console") && strings.Contains(d.read("composer.json"), `"symfony/messenger"`) {
			found = append(found, Proposal{"worker", "php bin/console messenger:consume async", "composer.json names symfony/messenger."})
		}
		if d.has("bin/console") && strings.Contains(d.read("composer.json"), `"doctrine/doctrine-migrations-bundle"`) {
			found = append(found, Proposal{"release", "php bin/console doctrine:migrations:migrate --no-interaction", releaseWhy})
		}
		return found
	case d.has("index.php"):
		return []Proposal{{"web", "php -S 0.0.0.0:$PORT", "index.php is there. PHP's own server is for development."}}
	}
	return nil
}

func laravel(d dir) []Proposal {
	found := []Proposal{
		{"web", "php artisan serve --host=0.0.0.0 --port=$PORT", "artisan is there: Laravel. This server is for development."},
		{"release", "php artisan migrate --force", releaseWhy},
	}
	switch {
	case strings.Contains(d.read("composer.json"), `"laravel/horizon"`):
		found = append(found, Proposal{"worker", "php artisan horizon", "composer.json names laravel/horizon."})
	case d.has("config/queue.php"):
		found = append(found, Proposal{"worker", "php artisan queue:work", "config/queue.php is there."})
	}
	if text := d.read("routes/console.php") + d.read("app/Console/Kernel.php"); strings.Contains(text, "Schedule::") || strings.Contains(text, "$schedule->") {
		found = append(found, Proposal{"scheduler", "php artisan schedule:work", "It has a schedule. One instance is enough."})
	}
	return found
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

// mainPackage finds what go run can run, workUse the modules of a workspace.
var (
	mainPackage = pattern.New(`(?m)^package main\b`)
	workUse     = pattern.New(`(?m)^\s*(?:use\s+)?(\./[\w./-]+|\.)\s*(?://.*)?$`)
)

// golang finds the programs of a module, or of the modules of a workspace.
func golang(d dir) []Proposal {
	var modules []string
	switch {
	case d.has("go.work"):
		for _, use := range workUse.Get().FindAllStringSubmatch(d.read("go.work"), -1) {
			modules = append(modules, path.Clean(use[1]))
		}
	case d.has("go.mod"):
		modules = []string{"."}
	}
	var programs []string
	for _, module := range modules {
		for _, name := range append([]string{module}, d.glob(path.Join(module, "cmd/*"))...) {
			if d.isProgram(name) && !slices.Contains(programs, name) {
				programs = append(programs, name)
			}
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
		return !strings.HasSuffix(file, "_test.go") && mainPackage.Get().MatchString(d.read(file))
	})
}
