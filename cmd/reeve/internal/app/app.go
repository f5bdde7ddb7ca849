// Package app knows what a directory says about an app: its Procfile, app.json and .env.example,
// its env files and its ports, under the given settings.
//
// [Load] reads all of it before anything starts, and continues after a mistake, so that all
// mistakes are known at once. Nothing here starts a process of the app, and nothing changes with
// time, except that [App.LoadEnvs] reads the env files again.
package app

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
	"reeve/cmd/reeve/internal/slot"
	"reeve/env"
	"reeve/procfile"
	"reeve/supervisor/control"
)

// App is everything that is known before anything starts: what would run, where, and
// with which environment.
type App struct {
	request   Request
	Settings  *settings.Options // without those for process types that only other Procfiles have
	Root      string            // absolute
	Procfile  *procfile.Procfile
	Formation procfile.Formation
	Env       *env.Env
	TypeEnvs  map[string]*env.Env // of process types with env files of their own
	Ports     env.Ports
	Base      int // port
	envBase   int // what the environment asks for; 0: nothing that could be one
	NoPort    bool
	Running   *control.Formation // whose ports these are; nil: they are the app's own
	Chosen    *slot.Choice       // what reeve has chosen; nil: nobody has asked for that
	claims    *slot.Claims       // on that; nil: none
	manifest  manifest
	required  []Requirement
	named     []string       // the process types that are named, those of groups too
	namedErr  error          // what is wrong with the groups among them
	doubts    []diag.Problem // about files that only say what is wanted, and what is ignored
	added     []string       // the process types that app.json adds

	manifestDoubts []diag.Problem // about app.json
	zoneErr        error          // what is wrong with the time zone of schedules

	Files     []string // that may say something about the app, as they are read
	envUnread bool     // an env file could not be read, so nobody knows what it sets
}

// Request says what a command wants of an app besides its settings.
type Request struct {
	Only         []string // the process types that are named
	AsksRunning  bool     // the ports are those of the formation that runs, if one does
	Ports        slot.Use // of those that reeve chooses
	FilesOnly    bool     // values come from files, and from the real environment only what is kept
	NoPipes      bool     // no env file is read if one is a pipe, for whoever cannot wait
	Former       *App     // what runs, whose ports stay; nil: nothing does
	MaybeMissing bool     // missing config is not an error, whatever --strict says
}

// Load reads and checks everything. It goes on after a mistake: the error has
// everything that is wrong, and the app is what could be understood, for a caller that wants
// to find more. There is none without a root.
func Load(o *settings.Options, r Request) (*App, error) {
	a, procfileErr, err := readApp(o, r)
	if a == nil {
		return nil, err
	}
	_, waitErr := a.Services(o.WaitFor)
	return a, errors.Join(procfileErr, err, a.form(), waitErr, a.checkConfig(), a.assignPorts(), a.checkPorts(), a.checkListen())
}

// LoadForOneOff reads what a one-off needs. A Procfile is not needed.
func LoadForOneOff(o *settings.Options, r Request) (*App, error) {
	a, procfileErr, err := readApp(o, r)
	if a == nil {
		return nil, err
	}
	if errors.Is(procfileErr, place.ErrNoProcfile) {
		procfileErr = nil
	}
	_, waitErr := a.Services(o.WaitFor)
	return a, errors.Join(procfileErr, err, a.checkConfig(), waitErr, a.assignPorts())
}

// readApp reads all files that describe the app, and puts its environment together.
func readApp(o *settings.Options, r Request) (a *App, procfileErr, err error) {
	path, src, procfileErr := o.Place.Read()
	if errors.As(procfileErr, new(place.Untrusted)) {
		return nil, nil, procfileErr
	}
	own := *o
	a = &App{request: r, Settings: &own, NoPort: o.NoPort, named: r.Only}
	if a.Root, err = o.AbsRoot(path); err != nil {
		return nil, nil, cmp.Or(procfileErr, err)
	}
	if r.NoPipes && !a.Reloadable() {
		own.NoEnv = true
	}
	a.Files = slices.Concat([]string{path}, a.EnvFiles(), a.typeEnvFiles())
	if procfileErr == nil {
		a.Procfile, procfileErr = procfile.Parse(path, src)
		a.Settings = a.withoutElsewhere()
	}
	a.manifest, a.manifestDoubts = a.readManifest()
	if procfileErr == nil {
		procfileErr = a.addSchedules()
		a.named, a.namedErr = a.Settings.Groups.Types(r.Only)
		a.keepPorts()
	}
	if r.AsksRunning {
		a.askRunning()
	}
	var envErr error
	a.readWanted()
	a.Env, a.TypeEnvs, envErr = a.LoadEnvs()
	a.zoneErr = a.findZone()
	a.envUnread = slices.ContainsFunc(diag.In(envErr), func(p diag.Problem) bool { return p.File == "" })
	return a, procfileErr, errors.Join(o.Wrong, a.whereNamed(envErr))
}

// readWanted reads the files that say what is wanted. None of them keeps the app from
// being loaded.
func (a *App) readWanted() {
	asked, doubts := a.readExample()
	a.required = append(asked, a.manifest.env...)
	a.doubts = slices.Concat(a.EnvDoubts(), doubts, a.manifestDoubts)
}

// MaxInstances is more than one machine can run, and little enough to count at once.
const MaxInstances = 100_000

// form decides what runs, and reports types that are asked for and not there.
func (a *App) form() (err error) {
	if len(a.Types()) == 0 {
		return nil // which has been reported
	}
	mentionsErr := a.checkMentions()
	a.Formation, err = a.Procfile.Formation(a.selection())
	a.addRelease()
	if n := a.Formation.Total(); n > MaxInstances {
		return fmt.Errorf("the formation would have %d instances: reeve runs at most %d", n, MaxInstances)
	}
	if a.namedErr != nil && len(a.named) == 0 {
		err = nil // for want of names it is about all process types
	}
	return errors.Join(mentionsErr, a.namedErr, err, a.checkGroups(), a.checkTypes(), checkOrder(a.Settings.After), a.checkTasks(), a.checkSchedules(), a.checkNotify(), a.checkWatching(), a.checkAttach())
}

// addRelease makes release part of a formation in which a type comes after it, unless somebody
// has left it out or it runs before the formation anyway.
func (a *App) addRelease() {
	asked, _ := procfile.ParseFormation(a.Settings.Quantities)
	_, said := asked.Count(procfile.Release)
	if said || a.Settings.Release || slices.Contains(a.Settings.Exclude, procfile.Release) {
		return
	}
	needed := slices.ContainsFunc(a.Formation, func(m procfile.Member) bool {
		return m.Count > 0 && slices.Contains(a.Settings.After[m.Type], procfile.Release)
	})
	for n, m := range a.Formation {
		if m.Type == procfile.Release && needed && m.Count == 0 {
			a.Formation[n].Count = 1
		}
	}
}

// Types are those of the Procfile, if there is one.
func (a *App) Types() []string {
	if a.Procfile == nil {
		return nil
	}
	return a.Procfile.Types()
}

// checkConfig reports required variables that are missing, with --strict.
func (a *App) checkConfig() error {
	if missing := a.Missing(); a.Settings.Strict && !a.request.MaybeMissing && len(missing) > 0 {
		return errors.New(MissingText(missing))
	}
	return nil
}

// quantities adds those of app.json to those of the command line, which says nothing
// about a type if it names neither that nor all. A type that is asked for by name runs.
func (a *App) quantities() string {
	asked, err := procfile.ParseFormation(a.Settings.Quantities)
	if _, all := asked.Count(procfile.All); all || err != nil {
		return a.Settings.Quantities
	}
	spec := a.Settings.Quantities
	for _, typ := range a.Procfile.Types() {
		n, ok := a.manifest.formation[typ]
		_, said := asked.Count(typ)
		if ok && !said && (n > 0 || !slices.Contains(a.Named(), typ)) {
			spec += "," + typ + "=" + strconv.Itoa(n)
		}
	}
	return spec
}

// checkAttach reports what cannot own the keyboard.
func (a *App) checkAttach() error {
	if len(a.Settings.Attach) == 0 {
		return nil
	}
	typ := a.Settings.Attach[0]
	switch {
	case len(a.Settings.Attach) > 2, len(a.Settings.Attach) == 2 && a.Settings.Attach[1] != settings.CtrlCWord:
		return fmt.Errorf("--attach %s: must be one type, or TYPE,%s", strings.Join(a.Settings.Attach, ","), settings.CtrlCWord)
	case a.Settings.LogFormat == "json":
		return fmt.Errorf("--attach: the process with the keyboard cannot be shown as JSON: leave --log-format json out")
	case a.Settings.Detach:
		return fmt.Errorf("--attach: there is no keyboard with --detach: use reeve attach %s afterwards", typ)
	}
	if input, _ := a.Settings.Stdin.Own(typ); input == settings.NoInput {
		return fmt.Errorf("--attach %s: it could not read the keyboard: leave --stdin %s=%s out", typ, typ, settings.NoInput)
	}
	if _, ok := a.Lookup(typ); ok && a.Formation.Count(typ) == 0 {
		return fmt.Errorf("--attach: no instance of %s runs in this formation", typ)
	}
	return nil
}

// KnowsTypes reports the types that a flag names and the Procfile does not have.
func (a *App) KnowsTypes(flag string, types []string) error {
	var errs []error
	for _, t := range types {
		if a.Procfile == nil {
			return fmt.Errorf("%s: %w, so there is no process type %q: reeve init writes one", flag, place.ErrNoProcfile, t)
		}
		if settings.IsGroup(t) {
			errs = append(errs, a.notOneText(flag, t))
			continue
		}
		if _, ok := a.Procfile.Lookup(t); !ok {
			all := a.Procfile.Types()
			errs = append(errs, fmt.Errorf("%s: %s has no process type %q: %s", flag, a.Procfile.Path, t,
				procfile.Suggest(t, all, "it has "+strings.Join(all, ", "))))
		}
	}
	return errors.Join(errs...)
}
