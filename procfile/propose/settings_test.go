package propose

import (
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

// TestSettings has commands, and the table that they get.
func TestSettings(t *testing.T) {
	for command, want := range map[string]string{
		"bundle exec sidekiq -C config/sidekiq.yml":                    "[x] timeout 30s",
		".venv/bin/celery -A shop worker":                              "[x] timeout 120s",
		"cd backend && exec ../.venv/bin/python -m celery -A a worker": "[x] timeout 120s",
		"celery -A shop beat":                                          "",
		"bundle exec unicorn -c unicorn.rb":                            "[x] QUIT timeout 60s",
		"nginx -g 'daemon off;'":                                       "[x] QUIT timeout 30s",
		"/usr/lib/postgresql/15/bin/postgres -D data":                  "[x] INT timeout 60s",
		"QUEUE=* bundle exec rake resque:work":                         "[x] QUIT timeout 60s",
		"php-fpm8.2 -F":                                                "[x] QUIT timeout 30s",
		"gunicorn shop.wsgi":                                           "[x] timeout 35s",
		"./mvnw spring-boot:run -Dspring-boot.run.arguments=a":         "[x] timeout 35s",
		"node sidekiq.js":                                              "",
		"bin/rails server":                                             "",
	} {
		got := ""
		for _, s := range Settings([]Proposal{{Type: "x", Command: command}, {Type: "release", Command: command}}) {
			got += "[" + s.Type + "]"
			if s.StopSignal != "" {
				got += " " + s.StopSignal
			}
			got += " timeout " + s.Timeout
			var text strings.Builder
			_ = WriteSettings(&text, []Setting{s}) // a builder takes everything
			if err := toml.Unmarshal([]byte(text.String()), &map[string]any{}); err != nil {
				t.Errorf("%s: %v in\n%s", command, err, text.String())
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", command, got, want)
		}
	}
}

// FuzzReaders gives anything to what reads files of others.
func FuzzReaders(f *testing.F) {
	f.Add("services:\n  web:\n    build: .\n    command: [a, 'b']\n    - x # y\n")
	f.Add("{\"tasks\": {\"dev\": \"x\", /* y */ }, // z\n}")
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"compose.yaml", "deno.jsonc", "package.json", "Cargo.toml", "go.work", "Procfile.dev", "Dockerfile", "pnpm-workspace.yaml", "app.py"} {
			if found := For(appOf([]string{name + ": " + text})); len(found) > 0 {
				checkProposals(t, found)
			}
		}
	})
}
