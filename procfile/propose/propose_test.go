package propose

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"reeve/procfile"
)

// TestFor has apps as lists of "file" or "file: what is in it", and the lines of the
// Procfile that they get.
func TestFor(t *testing.T) {
	tests := map[string]struct{ files, want []string }{
		"nothing": {[]string{"README.md"}, nil},

		"rails": {
			[]string{"bin/rails", "config/database.yml", "Gemfile: gem \"rails\"\ngem \"sidekiq\"\n# gem \"good_job\"\n", `package.json: {"scripts": {"build": "esbuild", "build:css": "sass"}}`, "yarn.lock"},
			[]string{"web: bin/rails server -p $PORT", "release: bin/rails db:migrate", "worker: bundle exec sidekiq", "js: yarn run build --watch", "css: yarn run build:css --watch"},
		},
		"rack":             {[]string{"config.ru", "Gemfile: gem 'sinatra'"}, []string{"web: bundle exec rackup -p $PORT"}},
		"puma":             {[]string{"config.ru", "Gemfile: gem 'puma', '~> 6'"}, []string{"web: bundle exec puma -p $PORT"}},
		"a gem":            {[]string{"Gemfile: gemspec"}, nil},
		"jobs alone":       {[]string{"Gemfile: gem 'resque'"}, []string{"worker: QUEUE=* bundle exec rake resque:work"}},
		"commented worker": {[]string{"config.ru", "Gemfile: # gem 'sidekiq'"}, []string{"web: bundle exec rackup -p $PORT"}},

		"django": {
			[]string{"manage.py: os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')", "requirements.txt: Django==5\ncelery[redis]>=5\n"},
			[]string{"web: python3 manage.py runserver 0.0.0.0:$PORT", "release: python3 manage.py migrate", "worker: celery -A shop worker"},
		},
		"django with uv": {[]string{"manage.py", "uv.lock"}, []string{"web: uv run python manage.py runserver 0.0.0.0:$PORT", "release: uv run python manage.py migrate"}},
		"fastapi":        {[]string{"main.py: from fastapi import FastAPI\n\napi = FastAPI(title='x')\n", "poetry.lock"}, []string{"web: poetry run uvicorn main:api --host 0.0.0.0 --port $PORT"}},
		"flask":          {[]string{"app.py: app: Flask = flask.Flask(__name__)", ".venv/bin/flask"}, []string{"web: .venv/bin/flask --app app:app run --host 0.0.0.0 --port $PORT"}},
		"python":         {[]string{"server.py: print()", "requirements.txt: "}, []string{"web: python3 server.py"}},
		"a script":       {[]string{"main.py: print()"}, nil},

		"node":        {[]string{`package.json: {"scripts": {"start": "node server.js", "worker": "node worker.js"}}`}, []string{"web: npm run start", "worker: npm run worker"}},
		"next":        {[]string{`package.json: {"scripts": {"dev": "next dev", "start": "next start"}}`, "pnpm-lock.yaml"}, []string{"web: pnpm run dev"}},
		"vite":        {[]string{`package.json: {"scripts": {"dev": "vite"}}`}, []string{"web: npm run dev -- --port $PORT"}},
		"vite host":   {[]string{`package.json: {"scripts": {"dev": "NODE_ENV=development vite --host"}}`, "bun.lock"}, []string{"web: bun run dev --port $PORT"}},
		"vite both":   {[]string{`package.json: {"scripts": {"dev": "vite & node api.js"}}`}, []string{"web: npm run dev"}},
		"vite's port": {[]string{`package.json: {"scripts": {"dev": "vite --port 3000"}}`}, []string{"web: npm run dev"}},
		"no script":   {[]string{"package.json: {}", "server.js"}, []string{"web: node server.js"}},
		"a library":   {[]string{`package.json: {"scripts": {"test": "node --test"}}`}, nil},
		"broken":      {[]string{`package.json: {"scripts": `}, nil},
		"odd scripts": {[]string{"package.json: {\"scripts\": {\"dev\": \"one\\ntwo: three\"}}"}, []string{"web: npm run dev"}},

		"laravel": {
			[]string{"artisan", "composer.json: {}", "config/queue.php", `package.json: {"scripts": {"dev": "vite"}}`},
			[]string{"web: php artisan serve --host=0.0.0.0 --port=$PORT", "release: php artisan migrate --force", "worker: php artisan queue:work", "assets: npm run dev -- --port $PORT"},
		},
		"php":     {[]string{"composer.json: {}", "public/index.php"}, []string{"web: php -S 0.0.0.0:$PORT -t public"}},
		"phoenix": {[]string{"mix.exs: {:phoenix, \"~> 1.7\"}, {:ecto_sql, \"~> 3\"}"}, []string{"web: mix phx.server", "release: mix ecto.migrate"}},
		"mix":     {[]string{"mix.exs: {:jason, \"~> 1\"}"}, []string{"app: mix run --no-halt"}},

		"go":        {[]string{"go.mod: module x", "main.go: // Command x\npackage main\n"}, []string{"web: go run ."}},
		"go cmd":    {[]string{"go.mod: module x", "x.go: package x", "cmd/server/main.go: package main"}, []string{"web: go run ./cmd/server"}},
		"go cmds":   {[]string{"go.mod: module x", "cmd/api/main.go: package main", "cmd/job/main.go: package main", "cmd/internal/x.go: package internal", "cmd/a b/main.go: package main"}, []string{"api: go run ./cmd/api", "job: go run ./cmd/job"}},
		"go module": {[]string{"go.mod: module x", "x.go: package x", "x_test.go: package main"}, nil},
		"rust":      {[]string{"Cargo.toml", "src/main.rs"}, []string{"web: cargo run"}},
		"rust bins": {[]string{"Cargo.toml", "src/bin/api.rs", "src/bin/job.rs"}, []string{"api: cargo run --bin api", "job: cargo run --bin job"}},

		"image":         {[]string{"Dockerfile: FROM x\nCMD [\"bin/server\", \"--name\", \"it's $ME\"]\n"}, []string{`web: bin/server --name 'it'\''s $ME'`}},
		"shell form":    {[]string{"Dockerfile: FROM x\nCMD bin/server \\\n  # listens\n  --port $PORT\n"}, []string{"web: bin/server --port $PORT"}},
		"last stage":    {[]string{"Dockerfile: FROM x AS build\nCMD [\"no\"]\nFROM y\nentrypoint [\"bin/app\"]\ncmd [\"serve\"]\n"}, []string{"web: bin/app serve"}},
		"shell entry":   {[]string{"Dockerfile: FROM x\nENTRYPOINT exec bin/app\nCMD [\"ignored\"]\n"}, []string{"web: exec bin/app"}},
		"shell cmd":     {[]string{"Dockerfile: FROM x\nENTRYPOINT [\"tini\", \"--\"]\nCMD bin/app $X\n"}, []string{"web: tini -- /bin/sh -c 'bin/app $X'"}},
		"no command":    {[]string{"Dockerfile: FROM x\n"}, nil},
		"also an image": {[]string{"Dockerfile: FROM x\nCMD server\n", "go.mod: module x", "main.go: package main"}, []string{"web: go run ."}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			found := For(appOf(test.files))
			var got []string
			for _, p := range found {
				got = append(got, p.Type+": "+p.Command)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
			if len(found) > 0 {
				checkProposals(t, found)
			}
		})
	}
}

func appOf(files []string) fstest.MapFS {
	app := fstest.MapFS{}
	for _, f := range files {
		name, content, _ := strings.Cut(f, ": ")
		app[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return app
}

// checkProposals checks that what is written is a Procfile with these entries.
func checkProposals(t *testing.T, found []Proposal) {
	var text strings.Builder
	_ = Write(&text, found) // a builder takes everything
	p, err := procfile.Parse("Procfile", []byte(text.String()))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text.String())
	}
	want := map[string]string{}
	for _, f := range found {
		want[f.Type] = f.Command
	}
	got := map[string]string{}
	for _, e := range p.Entries {
		got[e.Type] = e.Command
	}
	if !maps.Equal(got, want) {
		t.Errorf("the Procfile says %v, and not %v", got, want)
	}
}
