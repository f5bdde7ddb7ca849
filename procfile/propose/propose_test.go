package propose

import (
	"io/fs"
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
		"empty":   {[]string{".git/HEAD"}, []string{`web: while :; do echo "this could be a server at port $PORT"; sleep 5; done`}},

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

		"nf":            {[]string{`package.json: {"scripts": {"start": "nf start", "dev": "docker compose up"}}`}, nil},
		"runner, start": {[]string{`package.json: {"scripts": {"dev": "foreman start -f Procfile.x", "start": "node app.js"}}`}, []string{"web: npm run start"}},
		"bin/dev":       {[]string{`package.json: {"scripts": {"dev": "./bin/dev"}}`, "bin/dev: #!/bin/sh\nexec foreman start -f Procfile.dev\n"}, nil},
		"by another":    {[]string{`package.json: {"scripts": {"dev": "npm run all", "all": "overmind s"}}`}, nil},
		"delegates":     {[]string{`package.json: {"scripts": {"dev": "npm run dev:vite", "dev:vite": "vite --host"}}`}, []string{"web: npm run dev -- --port $PORT"}},
		"concurrently": {
			[]string{`package.json: {"scripts": {"dev": "concurrently -k \"npm:dev:*\"", "dev:api": "nodemon api.js", "dev:web": "vite"}}`},
			[]string{"api: npm run dev:api", "web: npm run dev:web -- --port $PORT"},
		},
		"concurrently, long": {
			[]string{`package.json: {"scripts": {"start": "concurrently 'npm run server' 'npm run client'", "server": "node s.js", "client": "react-scripts start"}}`},
			[]string{"server: npm run server", "client: npm run client"},
		},
		"run-p":       {[]string{`package.json: {"scripts": {"dev": "run-p watch:*", "watch:a": "node a.js", "watch:b": "node b.js"}}`, "yarn.lock"}, []string{"a: yarn run watch:a", "b: yarn run watch:b"}},
		"two servers": {[]string{`package.json: {"scripts": {"dev": "vite", "start": "node server.js"}}`}, []string{"web: npm run dev -- --port $PORT", "api: npm run start"}},
		"other way":   {[]string{`package.json: {"scripts": {"dev": "nodemon server/index.js", "start": "react-scripts start"}}`}, []string{"web: npm run start", "api: npm run dev"}},
		"one server":  {[]string{`package.json: {"scripts": {"dev": "vite", "start": "node dist/server.js"}}`}, []string{"web: npm run dev -- --port $PORT"}},
		"same server": {[]string{`package.json: {"scripts": {"dev": "nodemon app.js", "start": "node app.js"}}`}, []string{"web: npm run dev"}},
		"manager":     {[]string{`package.json: {"packageManager": "pnpm@9.1.0", "scripts": {"dev": "next dev"}}`}, []string{"web: pnpm run dev"}},
		"bun file":    {[]string{"package.json: {}", "bun.lock", "index.ts"}, []string{"web: bun run index.ts"}},

		"npm workspaces": {
			[]string{`package.json: {"workspaces": ["apps/*"], "scripts": {"dev": "turbo run dev"}}`, `apps/web/package.json: {"scripts": {"dev": "vite"}}`,
				`apps/api/package.json: {"scripts": {"dev": "tsx watch api.ts"}}`, `apps/lib/package.json: {"scripts": {"dev": "tsup --watch"}}`},
			[]string{"api: npm --workspace apps/api run dev", "web: npm --workspace apps/web run dev -- --port $PORT"},
		},
		"pnpm workspaces": {
			[]string{"package.json: {}", "pnpm-lock.yaml", "pnpm-workspace.yaml: packages:\n  - \"packages/**\" # all\n", `packages/a/package.json: {"scripts": {"dev": "next dev"}}`,
				`packages/x/b/package.json: {"scripts": {"start": "node b.js"}}`},
			[]string{"a: pnpm --filter ./packages/a run dev", "b: pnpm --filter ./packages/x/b run start"},
		},
		"bun workspaces": {
			[]string{`package.json: {"workspaces": ["frontend"], "scripts": {"dev": "bun run --filter frontend dev"}}`, "bun.lock", `frontend/package.json: {"scripts": {"dev": "vite"}}`, "backend/go.mod", "backend/main.go: package main"},
			[]string{"web: cd frontend && exec bun run dev --port $PORT", "backend: cd backend && exec go run ."},
		},
		"yarn workspaces": {
			[]string{`package.json: {"workspaces": {"packages": ["site"]}}`, "yarn.lock", `site/package.json: {"name": "@shop/site", "scripts": {"dev": "next dev"}}`},
			[]string{"web: yarn workspace @shop/site run dev"},
		},
		"backend and frontend": {
			[]string{"backend/manage.py", "backend/requirements.txt: django", `frontend/package.json: {"scripts": {"dev": "vite"}}`, "frontend/pnpm-lock.yaml", "docs/manage.py"},
			[]string{"backend: cd backend && exec python3 manage.py runserver 0.0.0.0:$PORT", "release: cd backend && exec python3 manage.py migrate", "frontend: cd frontend && exec pnpm run dev --port $PORT"},
		},
		"a package and a client": {
			[]string{"app/main.py: app = FastAPI()", "requirements.txt: fastapi", `client/package.json: {"scripts": {"dev": "next dev"}}`},
			[]string{"web: uvicorn app.main:app --host 0.0.0.0 --port $PORT", "client: cd client && exec npm run dev"},
		},
		"parts with one venv": {
			[]string{".venv/bin/python", "api/main.py: app = FastAPI()", "api/requirements.txt", "server/Gemfile: gem 'resque'", "server/config.ru"},
			[]string{"api: cd api && exec ../.venv/bin/python -m uvicorn main:app --host 0.0.0.0 --port $PORT", "server: cd server && exec bundle exec rackup -p $PORT", "server-worker: cd server && QUEUE=* bundle exec rake resque:work"},
		},
		"in one directory": {[]string{"README.md", "shop/go.mod: module x", "shop/main.go: package main"}, []string{"web: cd shop && exec go run ."}},

		"maven":        {[]string{"pom.xml: <artifactId>spring-boot-maven-plugin</artifactId>", "mvnw"}, []string{"web: ./mvnw spring-boot:run -Dspring-boot.run.arguments=--server.port=$PORT"}},
		"maven, plain": {[]string{"pom.xml: spring-boot-maven-plugin", "mvnw plain"}, []string{"web: sh mvnw spring-boot:run -Dspring-boot.run.arguments=--server.port=$PORT"}},
		"gradle":       {[]string{"build.gradle.kts: id(\"org.springframework.boot\")", "gradlew"}, []string{"web: ./gradlew bootRun --args=--server.port=$PORT"}},
		"quarkus":      {[]string{"pom.xml: quarkus-maven-plugin"}, []string{"web: mvn quarkus:dev -Dquarkus.http.port=$PORT"}},
		"java library": {[]string{"pom.xml: <project/>"}, nil},
		".net":         {[]string{"Shop.csproj: <Project Sdk=\"Microsoft.NET.Sdk.Web\">"}, []string{"web: dotnet run --urls http://0.0.0.0:$PORT"}},
		".net solution": {
			[]string{"Shop.sln", "src/Shop.Web/Shop.Web.csproj: Microsoft.NET.Sdk.Web", "src/Shop.Jobs/Shop.Jobs.csproj: Microsoft.NET.Sdk.Worker", "Shop.Tests/Shop.Tests.csproj: Microsoft.NET.Sdk.Web"},
			[]string{"worker: dotnet run --project src/Shop.Jobs/Shop.Jobs.csproj", "web: dotnet run --project src/Shop.Web/Shop.Web.csproj --urls http://0.0.0.0:$PORT"},
		},
		"deno":      {[]string{"deno.jsonc: {\n  // tasks\n  \"tasks\": {\"dev\": \"deno run -A --watch main.ts\", /* x */ },\n}"}, []string{"web: deno task dev"}},
		"deno main": {[]string{"deno.json: {}", "main.ts"}, []string{"web: deno run --allow-net --allow-env --allow-read main.ts"}},

		"fastapi in app":  {[]string{"app/main.py: app = FastAPI()", "uv.lock"}, []string{"web: uv run uvicorn app.main:app --host 0.0.0.0 --port $PORT"}},
		"fastapi in src":  {[]string{"src/shop/main.py: app = FastAPI()"}, []string{"web: uvicorn shop.main:app --host 0.0.0.0 --port $PORT --app-dir src"}},
		"fastapi factory": {[]string{"app/main.py: def create_app():\n    app = FastAPI()\n    return app\n"}, []string{"web: uvicorn app.main:create_app --host 0.0.0.0 --port $PORT --factory"}},
		"flask factory":   {[]string{"shop/__init__.py: from flask import Flask\ndef create_app(config=None):\n    app = Flask(__name__)\n", ".venv/bin/python"}, []string{"web: .venv/bin/python -m flask --app shop run --host 0.0.0.0 --port $PORT"}},
		"flaskenv":        {[]string{".flaskenv: FLASK_APP=microblog.py\n", "app/__init__.py: def create_app():\n    app = Flask(x)"}, []string{"web: flask --app microblog.py run --host 0.0.0.0 --port $PORT"}},
		"streamlit":       {[]string{"app.py: import streamlit as st", "requirements.txt: streamlit"}, []string{"web: streamlit run app.py --server.port $PORT --server.headless true"}},
		"celery": {
			[]string{"pyproject.toml: dependencies = [\"celery[redis]>=5\", \"fastapi\"]", "app/main.py: app = FastAPI()", "app/worker.py: celery_app = Celery('x')\ncelery_app.conf.beat_schedule = {}"},
			[]string{"web: uvicorn app.main:app --host 0.0.0.0 --port $PORT", "worker: celery -A app.worker:celery_app worker", "beat: celery -A app.worker:celery_app beat"},
		},
		"celery alone": {[]string{"pyproject.toml: celery = \"^5\"", "tasks.py: app = Celery('tasks')", "poetry.lock"}, []string{"worker: poetry run celery -A tasks worker"}},
		"venv django":  {[]string{"manage.py", ".venv/bin/python"}, []string{"web: .venv/bin/python manage.py runserver 0.0.0.0:$PORT", "release: .venv/bin/python manage.py migrate"}},
		"pipenv":       {[]string{"manage.py", "Pipfile"}, []string{"web: pipenv run python manage.py runserver 0.0.0.0:$PORT", "release: pipenv run python manage.py migrate"}},

		"nest":         {[]string{`package.json: {"scripts": {"start": "nest start", "start:dev": "nest start --watch"}}`}, []string{"web: npm run start:dev"}},
		"plain php":    {[]string{"index.php"}, []string{"web: php -S 0.0.0.0:$PORT"}},
		"plain site":   {[]string{"public/index.html"}, []string{"web: python3 -m http.server $PORT --directory public"}},
		"sinatra":      {[]string{"app.rb: require 'sinatra'\nget('/') { 'x' }", "Gemfile: gem 'sinatra'"}, []string{"web: bundle exec ruby app.rb -p $PORT"}},
		"plain rails":  {[]string{"bin/rails plain"}, []string{"web: ruby bin/rails server -p $PORT"}},
		"symfony":      {[]string{"composer.json: {\"require\": {\"symfony/messenger\": \"*\"}}", "public/index.php", "bin/console"}, []string{"web: php -S 0.0.0.0:$PORT -t public", "worker: php bin/console messenger:consume async"}},
		"horizon":      {[]string{"artisan", "composer.json: {\"require\": {\"laravel/horizon\": \"*\"}}", "routes/console.php: Schedule::command('x')"}, []string{"web: php artisan serve --host=0.0.0.0 --port=$PORT", "release: php artisan migrate --force", "worker: php artisan horizon", "scheduler: php artisan schedule:work"}},
		"go workspace": {[]string{"go.work: go 1.26\nuse (\n\t./api\n\t./lib // x\n)\n", "api/go.mod", "api/cmd/server/main.go: package main", "lib/go.mod", "lib/x.go: package lib"}, []string{"web: go run ./api/cmd/server"}},
		"cargo workspace": {
			[]string{"Cargo.toml: [workspace]\nmembers = [\n  \"crates/*\",\n]\n", "crates/api/Cargo.toml: [package]\nname = \"shop-api\"\n", "crates/api/src/main.rs", "crates/job/Cargo.toml: [package]\nname = \"job\"", "crates/job/src/main.rs", "crates/lib/src/lib.rs", "crates/lib/Cargo.toml"},
			[]string{"shop-api: cargo run -p shop-api", "job: cargo run -p job"},
		},
		"main and bins": {[]string{"Cargo.toml: [package]\nname = \"shop\"\n", "src/main.rs", "src/bin/job.rs"}, []string{"web: cargo run --bin shop", "job: cargo run --bin job"}},

		"Procfile.dev": {[]string{"Procfile.dev: web: bin/rails server -p 3000\ncss: bin/rails tailwindcss:watch\n", "bin/rails"}, []string{"web: bin/rails server -p 3000", "css: bin/rails tailwindcss:watch"}},
		"broken other": {[]string{"Procfile.dev: nonsense", "config.ru"}, []string{"web: bundle exec rackup -p $PORT"}},
		"compose": {
			[]string{"compose.yaml: services:\n  web:\n    build: .\n    command: [\"bin/server\", \"--port\", \"$$PORT\"]\n  worker:\n    build:\n      context: .\n    command: bin/worker -v # all\n" +
				"  job:\n    build: .\n    entrypoint: bin/run\n    command:\n    - a b\n    - c\n  db:\n    image: postgres\n    command: postgres -c x=1\n"},
			[]string{"web: bin/server --port '$PORT'", "worker: bin/worker -v", "job: bin/run 'a b' c"},
		},

		"compose, merged": {
			[]string{"docker-compose.yml: x-app: &app\n  build: .\nservices:\n  web: &web\n    <<: *app\n    command: >\n      bash -c \"bin/migrate &&\n      bin/server\"\n    ports:\n      - 80:80\n  worker:\n    <<: *app\n    command: bin/worker\n  other:\n    <<: *none\n    command: x\n"},
			[]string{`web: bash -c "bin/migrate && bin/server"`, "worker: bin/worker"},
		},

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
		mode := fs.FileMode(0o755)
		if strings.HasSuffix(name, " plain") { // it cannot be executed
			name, mode = strings.TrimSuffix(name, " plain"), 0o644
		}
		app[name] = &fstest.MapFile{Data: []byte(content), Mode: mode}
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
