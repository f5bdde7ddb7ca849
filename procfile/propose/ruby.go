package propose

// ruby finds Rails and Rack.
func ruby(d dir) []Proposal {
	var found []Proposal
	switch {
	case d.has("bin/rails"):
		found = rails(d)
	case d.has("config.ru") && d.mentions("puma", "Gemfile") != "":
		found = []Proposal{{"web", "bundle exec puma -p $PORT", "config.ru is there, and the Gemfile names puma."}}
	case d.has("config.ru"):
		found = []Proposal{{"web", "bundle exec rackup -p $PORT", "config.ru is there: Rack. Add -o 0.0.0.0 for a container."}}
	case !d.has("Gemfile"):
		return nil
	}
	return append(found, rubyWorker(d)...)
}

func rails(d dir) []Proposal {
	found := []Proposal{{"web", "bin/rails server -p $PORT", "bin/rails is there. Add -b 0.0.0.0 for a container."}}
	if d.has("config/database.yml") {
		found = append(found, Proposal{"release", "bin/rails db:migrate", releaseWhy})
	}
	if d.mentions("tailwindcss-rails", "Gemfile") != "" {
		found = append(found, Proposal{"css", "bin/rails tailwindcss:watch", "The Gemfile names tailwindcss-rails."})
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
}

func rubyWorker(d dir) []Proposal {
	for _, q := range rubyQueues {
		if d.mentions(q.gem, "Gemfile") != "" {
			return []Proposal{{"worker", q.command, "The Gemfile names " + q.gem + "."}}
		}
	}
	return nil
}
