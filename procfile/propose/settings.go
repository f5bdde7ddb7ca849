package propose

import (
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Setting is what a process type needs to stop as its program is meant to: a table of
// reeve.toml, since a Procfile has no place for it.
type Setting struct {
	Type       string
	StopSignal string // without SIG; empty: TERM
	Timeout    string // the grace period; empty: that of all
	Why        string
}

// stops are the programs that want another signal than TERM, or more time than most, by
// their names in a command.
var stops = []struct {
	program         string // an expression for what comes after a blank or a slash
	signal, timeout string
	why             string
}{
	{`celery\b.*\bworker`, "", "120s", "Celery finishes its running tasks. Give it twice the time that the longest one takes."},
	{`sidekiq`, "", "30s", "Sidekiq gives its jobs 25 seconds to end."},
	{`good_job start`, "", "30s", "GoodJob finishes its running jobs."},
	{`solid_queue:start`, "", "10s", "Solid Queue gives its workers 5 seconds to end."},
	{`rake .*resque:work`, "QUIT", "60s", "With QUIT, Resque finishes the running job; with TERM it aborts it."},
	{`rake .*jobs:work`, "", "60s", "Delayed Job finishes the running job."},
	{`shoryuken`, "", "30s", "Shoryuken gives its jobs 25 seconds to end."},
	{`dramatiq`, "", "60s", "Dramatiq finishes the messages that it is working on."},
	{`huey_consumer`, "INT", "60s", "With INT, Huey finishes its running tasks; with TERM it aborts them."},
	{`arq`, "", "60s", "arq finishes or cancels its running jobs."},
	{`rq worker`, "", "60s", "RQ finishes the running job."},
	{`artisan queue:work`, "", "60s", "Laravel finishes the running job."},
	{`artisan horizon`, "", "60s", "Horizon finishes its running jobs."},
	{`messenger:consume`, "", "60s", "Messenger finishes the message that it is working on."},
	{`gunicorn`, "", "35s", "gunicorn gives its workers 30 seconds to finish requests."},
	{`unicorn(?:_rails)?`, "QUIT", "60s", "With QUIT, Unicorn finishes requests; with TERM it ends at once."},
	{`nginx`, "QUIT", "30s", "With QUIT, nginx finishes requests; with TERM it ends at once."},
	{`php-fpm[0-9.]*`, "QUIT", "30s", "With QUIT, PHP-FPM finishes requests; with TERM it ends at once."},
	{`uwsgi`, "INT", "60s", "With TERM, uWSGI reloads, unless die-on-term is set."},
	{`(?:apache2|httpd)\b.*FOREGROUND`, "WINCH", "30s", "With WINCH, Apache finishes requests; with TERM it ends at once."},
	{`(?:postgres|postmaster)`, "INT", "60s", "With INT, Postgres ends its sessions; with TERM it waits for them."},
	{`(?:mysqld|mariadbd)`, "", "60s", "A database needs time to write its memory to disk."},
	{`mongod`, "", "30s", "A database needs time to write its memory to disk."},
	{`haproxy`, "USR1", "30s", "With USR1, HAProxy finishes connections; with TERM it ends them."},
	{`(?:spring-boot:run|bootRun)\b.*`, "", "35s", "Spring Boot gives requests 30 seconds to end, if it shuts down gracefully."},
}

// Settings are what some process types need to stop well.
func Settings(found []Proposal) []Setting {
	var all []Setting
	for _, p := range found {
		for _, s := range stops {
			if p.Type != releaseType && regexp.MustCompile(`(?:^|[\s/=])(?:`+s.program+`)(?:\s|$)`).MatchString(p.Command) {
				all = append(all, Setting{p.Type, s.signal, s.timeout, s.why})
				break
			}
		}
	}
	return all
}

// WriteSettings writes a reeve.toml.
func WriteSettings(w io.Writer, settings []Setting) error {
	var b strings.Builder
	b.WriteString("# How reeve runs the process types of the Procfile: see reeve help settings.\n# reeve init wrote this for the programs that it knows.\n")
	for _, s := range settings {
		fmt.Fprintf(&b, "\n# %s\n[%s]\n", s.Why, s.Type)
		if s.StopSignal != "" {
			fmt.Fprintf(&b, "stop-signal = %q\n", s.StopSignal)
		}
		if s.Timeout != "" {
			fmt.Fprintf(&b, "timeout = %q\n", s.Timeout)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
