package propose

import "strings"

// pythonLists name what an app needs.
var pythonLists = []string{"pyproject.toml", "requirements.txt", "Pipfile", "setup.cfg", "setup.py"}

// python finds Django, FastAPI, Flask and plain programs.
func python(d dir) []Proposal {
	if d.has("manage.py") {
		return django(d)
	}
	for _, name := range []string{"main.py", "app.py", "server.py", "wsgi.py", "asgi.py"} {
		if web := pythonServer(d, name); web != nil {
			return web
		}
	}
	if name := d.first("main.py", "app.py", "server.py"); name != "" && d.first(pythonLists...) != "" {
		return []Proposal{{"web", tool(d, "python3") + " " + name, name + " is there. " + ownPort}}
	}
	return nil
}

// djangoProject finds the package that has the settings.
var djangoProject = pattern(`DJANGO_SETTINGS_MODULE['"], *['"]([\w]+)`)

func django(d dir) []Proposal {
	manage := tool(d, "python3") + " manage.py "
	found := []Proposal{
		{"web", manage + "runserver 0.0.0.0:$PORT", "manage.py is there: Django. This server is for development; gunicorn, for one, is for\nproduction."},
		{"release", manage + "migrate", releaseWhy},
	}
	project := djangoProject().FindStringSubmatch(d.read("manage.py"))
	if list := d.mentions("celery", pythonLists...); list != "" && project != nil {
		found = append(found, Proposal{"worker", tool(d, "celery") + " -A " + project[1] + " worker", list + " names celery."})
	}
	return found
}

// pythonApp finds the variable that is a web application.
var pythonApp = pattern(`(?m)^(\w+)(?:: *\w+)? *= *(?:\w+\.)?(FastAPI|Starlette|Flask)\(`)

// pythonServer serves the application in a file, if there is one.
func pythonServer(d dir, file string) []Proposal {
	app := pythonApp().FindStringSubmatch(d.read(file))
	if app == nil {
		return nil
	}
	module := strings.TrimSuffix(file, ".py") + ":" + app[1]
	why := file + " makes a " + app[2] + " application."
	if app[2] == "Flask" {
		return []Proposal{{"web", tool(d, "flask") + " --app " + module + " run --host 0.0.0.0 --port $PORT", why}}
	}
	return []Proposal{{"web", tool(d, "uvicorn") + " " + module + " --host 0.0.0.0 --port $PORT", why}}
}

// tool is how a program is called that is installed along with the app.
func tool(d dir, name string) string {
	switch {
	case d.has("uv.lock"):
		return "uv run " + strings.TrimSuffix(name, "3")
	case d.has("poetry.lock"):
		return "poetry run " + strings.TrimSuffix(name, "3")
	case d.has("Pipfile"):
		return "pipenv run " + strings.TrimSuffix(name, "3")
	case d.has(".venv/bin/" + name):
		return ".venv/bin/" + name
	}
	return name
}
