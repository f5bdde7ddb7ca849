package propose

import "reeve/internal/pattern"

// ruby finds Rails, Rack and Sinatra.
func ruby(d dir) []Proposal {
	var found []Proposal
	switch {
	case d.has("bin/rails"):
		found = rails(d)
	case d.has("config.ru") && d.mentions("puma", "Gemfile") != "":
		found = []Proposal{{"web", "bundle exec puma -p $PORT", "config.ru is there, and the Gemfile names puma."}}
	case d.has("config.ru"):
		found = []Proposal{{"web", "bundle exec rackup -p $PORT", "config.ru is there: Rack. Add -o 0.0.0.0 for a container."}}
	case d.has("_config.yml") && d.mentions("jekyll", "Gemfile") != "":
		found = []Proposal{{"web", "bundle exec jekyll serve --port $PORT", "The Gemfile names jekyll."}}
	default:
		found = sinatra(d)
	}
	return append(found, rubyWorker(d)...)
}

// sinatraApp finds a program of Sinatra's that runs by itself.
var sinatraApp = pattern.New(`(?m)^\s*require ['"]sinatra(?:/base)?['"]`)

func sinatra(d dir) []Proposal {
	for _, file := range []string{"app.rb", "main.rb", "server.rb", "web.rb", "application.rb"} {
		if !sinatraApp.Get().MatchString(d.read(file)) {
			continue
		}
		command := "ruby " + file + " -p $PORT"
		if d.has("Gemfile") {
			command = "bundle exec " + command
		}
		return []Proposal{{"web", command, file + " requires sinatra. Add -o 0.0.0.0 for a container."}}
	}
	return nil
}

func rails(d dir) []Proposal {
	rails := d.script("bin/rails", "ruby")
	found := []Proposal{{"web", rails + " server -p $PORT", "bin/rails is there. Add -b 0.0.0.0 for a container."}}
	if d.has("config/database.yml") {
		found = append(found, Proposal{"release", rails + " db:migrate", releaseWhy})
	}
	if d.mentions("tailwindcss-rails", "Gemfile") != "" {
		found = append(found, Proposal{"css", rails + " tailwindcss:watch", "The Gemfile names tailwindcss-rails."})
	}
	return found
}

// rubyQueues are what works off jobs, by the gem that brings it.
var rubyQueues = []struct{ gem, command string }{
	{"sidekiq", "bundle exec sidekiq"},
	{"good_job", "bundle exec good_job start"},
	{"solid_queue", "bin/rails solid_queue:start"},
	{"resque", "QUEUE=* bundle exec rake resque:work"},
	{"delayed_job_active_record", "bundle exec rake jobs:work"},
	{"que", "bundle exec que"},
	{"shoryuken", "bundle exec shoryuken"},
}

func rubyWorker(d dir) []Proposal {
	for _, q := range rubyQueues {
		if d.mentions(q.gem, "Gemfile") != "" {
			return []Proposal{{"worker", q.command, "The Gemfile names " + q.gem + "."}}
		}
	}
	return nil
}
