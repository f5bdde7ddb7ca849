package propose

import (
	"path"
	"strings"

	"reeve/internal/pattern"
)

// pythonLists name what an app needs.
var pythonLists = []string{"pyproject.toml", "requirements.txt", "requirements/base.txt", "requirements/production.txt", "requirements.in", "Pipfile", "setup.cfg", "setup.py"}

// python finds Django, FastAPI, Flask and their like, what works off their queues, and
// plain programs.
func python(d dir) []Proposal {
	if d.has("manage.py") {
		return django(d)
	}
	found := proposals(nil)
	found.add(pythonWeb(d))
	found.add(pythonQueue(d))
	if name := d.first("main.py", "app.py", "server.py", "run.py", "bot.py"); len(found) == 0 && name != "" && d.first(pythonLists...) != "" {
		found = proposals{{"web", tool(d, "python3") + " " + name, name + " is there. " + ownPort}}
	}
	return found
}

// djangoProject finds the package that has the settings.
var djangoProject = pattern.New(`DJANGO_SETTINGS_MODULE['"], *['"]([\w]+)`)

func django(d dir) []Proposal {
	manage := tool(d, "python3") + " manage.py "
	found := []Proposal{
		{"web", manage + "runserver 0.0.0.0:$PORT", "manage.py is there: Django. This server is for development; use gunicorn, for example,\nin production."},
		{"release", manage + "migrate", releaseWhy},
	}
	project := djangoProject.Get().FindStringSubmatch(d.read("manage.py"))
	if list := d.mentions("celery", pythonLists...); list != "" && project != nil {
		celery := tool(d, "celery") + " -A " + project[1]
		found = append(found, Proposal{"worker", celery + " worker", list + " names celery."})
		if beat := d.mentions("django-celery-beat", pythonLists...); beat != "" {
			found = append(found, Proposal{"beat", celery + " beat", beat + " names django-celery-beat. One instance is enough."})
		}
	}
	return found
}

// pythonFiles are where the parts of an app usually are, the likeliest first: in its
// directory, in a package, below src.
func pythonFiles(d dir, names ...string) []string {
	var files []string
	for _, where := range []string{"", "app/", "src/", "src/app/", "api/", "*/", "src/*/"} {
		for _, name := range names {
			for _, file := range d.glob(where + name) {
				top, _, inside := strings.Cut(strings.TrimPrefix(file, "src/"), "/")
				if !inside || !foreignDirs()[top] && !strings.HasPrefix(top, ".") && !d.isPart(top) {
					files = append(files, file)
				}
			}
		}
	}
	return files
}

// isPart reports whether a directory is an app of its own, with dependencies of its own.
func (d dir) isPart(name string) bool {
	sub, ok := d.part(name)
	return ok && sub.first(append([]string{"package.json", "manage.py"}, pythonLists...)...) != ""
}

// module is how a file is imported, and from which directory.
func module(d dir, file string) (name, from string) {
	file = strings.TrimSuffix(strings.TrimSuffix(file, ".py"), "/__init__")
	if rest, ok := strings.CutPrefix(file, "src/"); ok && !d.has("src/__init__.py") {
		file, from = rest, "src"
	}
	return strings.ReplaceAll(file, "/", "."), from
}

// pythonApp finds the variable that is a web application, pythonFactory the function that
// makes one.
var (
	pythonApp     = pattern.New(`(?m)^(\w+)(?:: *[\w.]+)? *= *(?:\w+\.)?(FastAPI|Starlette|Litestar|Quart|Sanic|Flask)\(`)
	pythonFactory = pattern.New(`(?ms)^(?:async )?def (create_app|make_app|get_app|create_application)\(.*?\b(FastAPI|Starlette|Litestar|Quart|Flask)\(`)
)

// flaskEnv finds what flask itself would run.
var flaskEnv = pattern.New(`(?m)^\s*(?:export )?FLASK_APP *= *['"]?([\w.:/-]+)['"]?\s*$`)

// pythonWeb serves the first application that it finds.
func pythonWeb(d dir) []Proposal {
	for _, file := range []string{".flaskenv", ".env"} {
		if app := flaskEnv.Get().FindStringSubmatch(d.read(file)); app != nil {
			return []Proposal{{"web", tool(d, "flask") + " --app " + app[1] + " run --host 0.0.0.0 --port $PORT", file + " names it in FLASK_APP."}}
		}
	}
	files := pythonFiles(d, "main.py", "app.py", "server.py", "api.py", "wsgi.py", "asgi.py", "__init__.py", "application.py", "factory.py", "run.py")
	for _, known := range []struct{ find, factory func(string) []string }{{find: pythonApp.Get().FindStringSubmatch}, {factory: pythonFactory.Get().FindStringSubmatch}} {
		for _, file := range files {
			text := d.read(file)
			if known.find != nil {
				if app := known.find(text); app != nil {
					return pythonServer(d, served{file, app[1], app[2], false})
				}
			} else if app := known.factory(text); app != nil {
				return pythonServer(d, served{file, app[1], app[2], true})
			}
		}
	}
	return streamlit(d)
}

// served is a web application: a variable in a file, or a function that makes it.
type served struct {
	file, name, framework string
	factory               bool
}

// pythonServer runs the server that a framework has, or is made for.
func pythonServer(d dir, s served) []Proposal {
	name, from := module(d, s.file)
	at := name + ":" + s.name
	why := s.file + " makes a " + s.framework + " application."
	command := ""
	switch s.framework {
	case "Flask", "Quart":
		if s.factory {
			at = name // both look for create_app and make_app themselves
			if s.name != "create_app" && s.name != "make_app" {
				at = name + ":" + s.name + "()"
			}
		}
		program := strings.ToLower(s.framework)
		command = tool(d, program) + " --app " + quoteWords([]string{at}) + " run --host 0.0.0.0 --port $PORT"
		if from != "" {
			command = "PYTHONPATH=" + from + " " + command
		}
	case "Sanic":
		command = tool(d, "sanic") + " " + at + " --host 0.0.0.0 --port $PORT"
		if from != "" {
			command = "PYTHONPATH=" + from + " " + command
		}
	default:
		command = tool(d, "uvicorn") + " " + at + " --host 0.0.0.0 --port $PORT"
		if s.factory {
			command += " --factory"
		}
		if from != "" {
			command += " --app-dir " + from
		}
	}
	return []Proposal{{"web", command, why}}
}

// streamlitImport finds a script of Streamlit's.
var streamlitImport = pattern.New(`(?m)^\s*(?:import streamlit\b|from streamlit\b)`)

func streamlit(d dir) []Proposal {
	for _, file := range pythonFiles(d, "streamlit_app.py", "app.py", "main.py", "Home.py", "dashboard.py") {
		if streamlitImport.Get().MatchString(d.read(file)) {
			return []Proposal{{"web", tool(d, "streamlit") + " run " + file + " --server.port $PORT --server.headless true", file + " uses Streamlit."}}
		}
	}
	return nil
}

// What works off a queue, by what is in a file of the app's.
var (
	celeryApp     = pattern.New(`(?m)^(\w+)(?:: *[\w.]+)? *= *(?:celery\.)?Celery\(`)
	celeryBeat    = pattern.New(`beat_schedule|add_periodic_task`)
	dramatiqActor = pattern.New(`(?m)^@(?:dramatiq\.)?actor\b`)
	hueyApp       = pattern.New(`(?m)^(\w+) *= *(?:\w+\.)?(?:Redis|Sqlite|Memory|PriorityRedis|File)?Huey\(`)
	arqWorker     = pattern.New(`(?m)^class (WorkerSettings)\b`)
)

// pythonQueue finds what works off jobs.
func pythonQueue(d dir) []Proposal {
	files := pythonFiles(d, "celery.py", "celery_app.py", "celeryapp.py", "tasks.py", "worker.py", "workers.py", "queue.py", "jobs.py",
		"app.py", "main.py", "__init__.py", "extensions.py", "core/celery.py", "core/celery_app.py")
	if list := d.mentions("celery", pythonLists...); list != "" {
		for _, file := range files {
			if app := celeryApp.Get().FindStringSubmatch(d.read(file)); app != nil {
				return celery(d, file, app[1], list)
			}
		}
	}
	for _, queue := range []struct {
		name    string
		find    func(string) []string
		command func(module, name string) string
	}{
		{"dramatiq", dramatiqActor.Get().FindStringSubmatch, func(module, _ string) string { return tool(d, "dramatiq") + " " + module }},
		{"huey", hueyApp.Get().FindStringSubmatch, func(module, name string) string { return tool(d, "huey_consumer") + " " + module + "." + name }},
		{"arq", arqWorker.Get().FindStringSubmatch, func(module, name string) string { return tool(d, "arq") + " " + module + "." + name }},
	} {
		list := d.mentions(queue.name, pythonLists...)
		for _, file := range files {
			if found := queue.find(d.read(file)); list != "" && found != nil {
				name, _ := module(d, file)
				return []Proposal{{"worker", queue.command(name, found[len(found)-1]), list + " names " + queue.name + "."}}
			}
		}
	}
	if list := d.mentions("rq", pythonLists...); list != "" {
		return []Proposal{{"worker", tool(d, "rq") + " worker", list + " names rq. It takes the queue from RQ_REDIS_URL, or from --url."}}
	}
	return nil
}

// celery runs the workers of an app, and its clock where it has a schedule.
func celery(d dir, file, variable, list string) []Proposal {
	name, from := module(d, file)
	if variable != "app" && variable != "celery" {
		name += ":" + variable
	}
	command := tool(d, "celery") + " -A " + name
	if from != "" {
		command = tool(d, "celery") + " --workdir " + from + " -A " + name
	}
	found := []Proposal{{"worker", command + " worker", list + " names celery, and " + path.Clean(file) + " has its app."}}
	if celeryBeat.Get().MatchString(d.read(file)) {
		found = append(found, Proposal{"beat", command + " beat", file + " has a schedule. One instance is enough."})
	}
	return found
}

// tool is how to call a program that is installed along with the app.
func tool(d dir, name string) string {
	plain := strings.TrimSuffix(name, "3")
	for _, manager := range [][2]string{{"uv.lock", "uv run "}, {"poetry.lock", "poetry run "}, {"pdm.lock", "pdm run "}, {"Pipfile", "pipenv run "}} {
		if d.has(manager[0]) || d.inApp(manager[0]) != "" {
			return manager[1] + plain
		}
	}
	for _, venv := range []string{".venv", "venv", "env"} {
		for _, at := range []func(string) string{func(name string) string { return d.first(name) }, d.inApp} {
			if program := at(venv + "/bin/" + name); program != "" {
				return program
			}
			if program := at(venv + "/bin/python"); program != "" && name == "python3" {
				return program
			} else if program != "" {
				return program + " -m " + name
			}
		}
	}
	return name
}
