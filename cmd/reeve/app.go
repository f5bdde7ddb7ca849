package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"reeve/env"
	"reeve/procfile"
)

// app is everything that is known before anything starts: what would run, where, and
// with which environment.
type app struct {
	root      string // absolute
	procfile  *procfile.Procfile
	formation procfile.Formation
	env       *env.Env
	ports     env.Ports
	base      int // port
	noPort    bool
	manifest  manifest
	required  []requirement
}

// loadApp reads and checks everything. The error has every problem that was found,
// one a line.
func loadApp(o *options) (*app, error) {
	path, src, err := readProcfile(o)
	if err != nil {
		return nil, err
	}
	a, err := parseApp(o, path, src)
	if err != nil {
		return nil, err
	}
	a.formation, err = a.procfile.Formation(procfile.Selection{
		Quantities: a.quantities(o), Only: o.types, Exclude: o.exclude,
	})
	_, waitErr := a.services(o.waitFor)
	err = errors.Join(err, a.knowsTypes("--quiet", o.quiet), a.knowsRelease(o), waitErr)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(a.checkConfig(o), a.assignPorts(o)); err != nil || a.noPort {
		return a, err
	}
	counts := map[string]int{}
	for _, m := range a.formation {
		counts[m.Type] = m.Count
	}
	return a, a.ports.Check(counts)
}

// loadForOneOff reads what a one-off needs. A Procfile is not needed.
func loadForOneOff(o *options) (*app, error) {
	path, src, err := readProcfile(o)
	if err != nil && !errors.Is(err, errNoProcfile) {
		return nil, err
	}
	a, err := parseApp(o, path, src)
	if err != nil {
		return nil, err
	}
	_, waitErr := a.services(o.waitFor)
	return a, errors.Join(a.checkConfig(o), waitErr, a.assignPorts(o))
}

// parseApp parses all files that describe the app, and puts its environment together.
func parseApp(o *options, path string, src []byte) (a *app, err error) {
	a = &app{noPort: o.noPort}
	if a.root, err = rootOf(o, path); err != nil {
		return nil, err
	}
	var parseErr, envErr, manifestErr error
	if path != "" {
		a.procfile, parseErr = procfile.Parse(path, src)
	}
	a.manifest, manifestErr = readManifest(a.root)
	asked, exampleErr := readExample(a.root)
	a.required = append(asked, a.manifest.env...)
	a.env, envErr = loadEnv(o, a.root, a.required)
	return a, errors.Join(parseErr, envErr, manifestErr, exampleErr)
}

// checkConfig complains of required variables that are missing, with --strict.
func (a *app) checkConfig(o *options) error {
	if missing := a.missing(); o.strict && len(missing) > 0 {
		return errors.New(missingText(missing))
	}
	return nil
}

// quantities adds those of app.json to those of the command line, which says nothing
// about a type if it names neither that nor all. A type that is asked for by name runs.
func (a *app) quantities(o *options) string {
	asked, err := procfile.ParseFormation(o.formation)
	if _, all := asked.Count("all"); all || err != nil {
		return o.formation
	}
	spec := o.formation
	for _, typ := range a.procfile.Types() {
		n, ok := a.manifest.formation[typ]
		_, said := asked.Count(typ)
		if ok && !said && (n > 0 || !slices.Contains(o.types, typ)) {
			spec += "," + typ + "=" + strconv.Itoa(n)
		}
	}
	return spec
}

// knowsRelease complains of a --release that there is nothing to run for.
func (a *app) knowsRelease(o *options) error {
	if !o.release {
		return nil
	}
	return a.knowsTypes("--release", []string{releaseType})
}

// knowsTypes complains of the types that a flag names and the Procfile does not have.
func (a *app) knowsTypes(flag string, types []string) error {
	var errs []error
	for _, t := range types {
		if _, ok := a.procfile.Lookup(t); !ok {
			all := a.procfile.Types()
			errs = append(errs, errorf("%s: %s has no process type %q: %s", flag, a.procfile.Path, t,
				didYouMean(procfile.Nearest(t, all), "it has "+strings.Join(all, ", "))))
		}
	}
	return errors.Join(errs...)
}

const standardProcfile = "Procfile"

var errNoProcfile = errors.New("no Procfile")

// readProcfile finds and reads the Procfile. The path is as messages show it.
func readProcfile(o *options) (path string, src []byte, err error) {
	if o.procfile == "-" {
		src, err = io.ReadAll(os.Stdin)
		return "standard input", src, err
	}
	if path = o.procfile; path == "" {
		if path, err = findProcfile(o.root); err != nil {
			return "", nil, err
		}
	}
	src, err = os.ReadFile(path)
	if err != nil {
		return "", nil, errorf("cannot read %s: %w", path, reason(err))
	}
	return path, src, nil
}

// findProcfile looks for the Procfile in the root, or, where none is given, in the
// current directory and those above it.
func findProcfile(root string) (path string, err error) {
	if root != "" {
		return filepath.Join(root, standardProcfile), nil
	}
	here, err := os.Getwd()
	if err != nil {
		return "", errorf("cannot tell the current directory: %w", reason(err))
	}
	for dir := here; ; dir = filepath.Dir(dir) {
		path := filepath.Join(dir, standardProcfile)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return shorten(path, here), nil
		}
		if dir == filepath.Dir(dir) {
			return "", errorf("%w in %s or above it: name one with -f FILE", errNoProcfile, here)
		}
	}
}

// shorten gives a path as one would type it from a directory.
func shorten(path, from string) string {
	if rel, err := filepath.Rel(from, path); err == nil {
		return rel
	}
	return path
}

// rootOf gives the app's root.
func rootOf(o *options, procfilePath string) (string, error) {
	root := o.root
	switch {
	case root != "":
	case o.procfile == "-", procfilePath == "":
		root = "."
	default:
		root = filepath.Dir(procfilePath)
	}
	root, err := filepath.Abs(root)
	if err != nil {
		return "", errorf("cannot tell the current directory: %w", reason(err))
	}
	info, err := os.Stat(root)
	if err != nil {
		return "", errorf("cannot use the root %s: %w", root, reason(err))
	}
	if !info.IsDir() {
		return "", errorf("cannot use the root %s: it is not a directory", root)
	}
	return root, nil
}

// loadEnv reads the env files and puts the layers together.
func loadEnv(o *options, root string, required []requirement) (*env.Env, error) {
	layers := env.Options{Files: envFiles(o, root), Environ: os.Environ(), Override: o.envOverride}
	if !o.cleanEnv {
		return env.Load(layers)
	}
	// What the files declare is known only when they have been read.
	files, err := env.Load(env.Options{Files: layers.Files})
	if err != nil {
		return nil, err
	}
	declared := append(files.Keys(), "PORT")
	for _, r := range required {
		declared = append(declared, r.key)
	}
	layers.Environ = cleanEnviron(layers.Environ, o.keep, declared)
	return env.Load(layers)
}

// envFiles are those that were asked for, else the one that there is.
func envFiles(o *options, root string) []string {
	standard := filepath.Join(root, ".env")
	_, err := os.Stat(standard)
	switch {
	case o.noEnv:
		return nil
	case len(o.env) > 0:
		return o.env
	case errors.Is(err, fs.ErrNotExist):
		return nil
	}
	return []string{shorten(standard, workingDir())}
}

// workingDir is the current directory, or nothing where that cannot be told.
func workingDir() string {
	dir, _ := os.Getwd()
	return dir
}

const defaultPort = 5000

// assignPorts decides who gets which port.
func (a *app) assignPorts(o *options) error {
	if a.noPort {
		return nil
	}
	base, err := a.basePort()
	asked := o.port != 0
	if asked && len(o.types) != 1 {
		base, err = o.port, nil
	}
	if asked && len(o.types) == 1 {
		// This asks for a port for that type. Nobody else's moves.
		if err != nil {
			base = defaultPort
		}
		err = nil
	}
	if err != nil {
		return err
	}
	a.base = base
	a.ports = env.NewPorts(a.types(), base, o.portStep)
	if asked && len(o.types) == 1 {
		a.ports = a.ports.Pin(o.types[0], o.port)
	}
	return nil
}

// types are those of the Procfile, if there is one.
func (a *app) types() []string {
	if a.procfile == nil {
		return nil
	}
	return a.procfile.Types()
}

// basePort is PORT of the environment, else 5000.
func (a *app) basePort() (int, error) {
	value, ok := a.env.Lookup("PORT")
	if !ok || value == "" {
		return defaultPort, nil
	}
	port, err := strconv.Atoi(value)
	if err != nil || port < 1 || port > 65535 {
		source, _ := a.env.Source("PORT")
		return 0, errorf("PORT of %s is not a port: it is a whole number from 1 to 65535, or say --port N", source.Winner)
	}
	return port, nil
}
