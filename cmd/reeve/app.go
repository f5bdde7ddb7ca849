package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/place"
	"reeve/cmd/reeve/internal/settings"
	"reeve/env"
	"reeve/procfile"
	"reeve/supervisor/control"
)

// app is everything that is known before anything starts: what would run, where, and
// with which environment.
type app struct {
	root      string // absolute
	procfile  *procfile.Procfile
	formation procfile.Formation
	env       *env.Env
	typeEnvs  map[string]*env.Env // of process types with env files of their own
	ports     env.Ports
	base      int // port
	noPort    bool
	running   *control.Formation // whose ports these are; nil: they are the app's own
	manifest  manifest
	required  []requirement
	doubts    []diag.Problem // about files that only say what is wanted, and what is ignored

	files     []string // that may say something about the app, as they are read
	envUnread bool     // an env file could not be read, so nobody knows what it sets
}

// loadApp reads and checks everything. It goes on after a mistake: the error has
// everything that is wrong, and the app is what could be understood, for whoever wants
// to find more. There is none without a root.
func loadApp(o *settings.Options) (*app, error) {
	a, procfileErr, err := readApp(o)
	if a == nil {
		return nil, err
	}
	_, waitErr := a.services(o.WaitFor)
	return a, errors.Join(procfileErr, err, a.form(o), waitErr, a.checkConfig(o), a.assignPorts(o), a.checkPorts())
}

// loadForOneOff reads what a one-off needs. A Procfile is not needed.
func loadForOneOff(o *settings.Options) (*app, error) {
	a, procfileErr, err := readApp(o)
	if a == nil {
		return nil, err
	}
	if errors.Is(procfileErr, place.ErrNoProcfile) {
		procfileErr = nil
	}
	_, waitErr := a.services(o.WaitFor)
	return a, errors.Join(procfileErr, err, a.checkConfig(o), waitErr, a.assignPorts(o))
}

// readApp reads all files that describe the app, and puts its environment together.
func readApp(o *settings.Options) (a *app, procfileErr, err error) {
	path, src, procfileErr := o.Place.Read()
	if errors.As(procfileErr, new(place.Untrusted)) {
		return nil, nil, procfileErr
	}
	a = &app{noPort: o.NoPort}
	if a.root, err = o.AbsRoot(path); err != nil {
		return nil, nil, cmp.Or(procfileErr, err)
	}
	a.files = slices.Concat([]string{path}, envFiles(o, a.root), typeEnvFiles(o))
	if procfileErr == nil {
		a.procfile, procfileErr = procfile.Parse(path, src)
		a.forgetElsewhere(o)
	}
	if o.AsksRunning {
		a.askRunning(o)
	}
	var envErr error
	a.readWanted(o)
	a.env, a.typeEnvs, envErr = a.loadEnvs(o)
	a.envUnread = slices.ContainsFunc(diag.In(envErr), func(p diag.Problem) bool { return p.File == "" })
	return a, procfileErr, errors.Join(o.Wrong, envErr)
}

// readWanted reads the files that say what is wanted. None of them keeps the app from
// being loaded.
func (a *app) readWanted(o *settings.Options) {
	manifest, found := a.readManifest()
	asked, doubts := a.readExample()
	a.manifest, a.required = manifest, append(asked, manifest.env...)
	a.doubts = slices.Concat(a.envDoubts(o), doubts, found)
}

// maxInstances is more than one machine can run, and less than takes long to count.
const maxInstances = 100_000

// form decides what runs, and complains of types that are asked for and not there.
func (a *app) form(o *settings.Options) (err error) {
	if len(a.types()) == 0 {
		return nil // which has been complained of
	}
	a.formation, err = a.procfile.Formation(procfile.Selection{
		Quantities: a.quantities(o), Only: o.Types, Exclude: o.Exclude,
	})
	if n := a.formation.Total(); n > maxInstances {
		return fmt.Errorf("the formation would have %d instances: reeve runs at most %d", n, maxInstances)
	}
	return errors.Join(err, a.knowsTypes("--quiet", o.QuietTypes()), a.knowsRelease(o), a.checkPolicies(o), a.checkAttach(o))
}

// types are those of the Procfile, if there is one.
func (a *app) types() []string {
	if a.procfile == nil {
		return nil
	}
	return a.procfile.Types()
}

// checkConfig complains of required variables that are missing, with --strict.
func (a *app) checkConfig(o *settings.Options) error {
	if missing := a.missing(); o.Strict && len(missing) > 0 {
		return errors.New(missingText(missing))
	}
	return nil
}

// quantities adds those of app.json to those of the command line, which says nothing
// about a type if it names neither that nor all. A type that is asked for by name runs.
func (a *app) quantities(o *settings.Options) string {
	asked, err := procfile.ParseFormation(o.Quantities)
	if _, all := asked.Count(procfile.All); all || err != nil {
		return o.Quantities
	}
	spec := o.Quantities
	for _, typ := range a.procfile.Types() {
		n, ok := a.manifest.formation[typ]
		_, said := asked.Count(typ)
		if ok && !said && (n > 0 || !slices.Contains(o.Types, typ)) {
			spec += "," + typ + "=" + strconv.Itoa(n)
		}
	}
	return spec
}

// knowsRelease complains of a --release that there is nothing to run for.
func (a *app) knowsRelease(o *settings.Options) error {
	if !o.Release {
		return nil
	}
	return a.knowsTypes("--release", []string{procfile.Release})
}

// checkAttach complains of what cannot own the keyboard.
func (a *app) checkAttach(o *settings.Options) error {
	if len(o.Attach) == 0 {
		return nil
	}
	typ := o.Attach[0]
	switch {
	case len(o.Attach) > 2, len(o.Attach) == 2 && o.Attach[1] != settings.CtrlCWord:
		return fmt.Errorf("--attach %s: must be one type, or TYPE,%s", strings.Join(o.Attach, ","), settings.CtrlCWord)
	case o.LogFormat == "json":
		return fmt.Errorf("--attach: what owns the keyboard cannot be read in JSON: leave --log-format json out")
	case o.Detach:
		return fmt.Errorf("--attach: nobody has a keyboard with --detach: use reeve attach %s afterwards", typ)
	}
	if o.Stdin.Types[typ] == settings.NoInput {
		return fmt.Errorf("--attach %s: nothing that is typed would reach it: leave --stdin %s=%s out", typ, typ, settings.NoInput)
	}
	if err := a.knowsTypes("--attach", []string{typ}); err != nil {
		return err
	}
	if a.formation.Count(typ) == 0 {
		return fmt.Errorf("--attach: nothing of %s runs in this formation", typ)
	}
	return nil
}

// knowsTypes complains of the types that a flag names and the Procfile does not have.
func (a *app) knowsTypes(flag string, types []string) error {
	var errs []error
	for _, t := range types {
		if a.procfile == nil {
			return fmt.Errorf("%s: %w, and so no process type %q: reeve init writes one", flag, place.ErrNoProcfile, t)
		}
		if _, ok := a.procfile.Lookup(t); !ok {
			all := a.procfile.Types()
			errs = append(errs, fmt.Errorf("%s: %s has no process type %q: %s", flag, a.procfile.Path, t,
				procfile.Suggest(t, all, "it has "+strings.Join(all, ", "))))
		}
	}
	return errors.Join(errs...)
}
