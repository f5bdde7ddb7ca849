package app

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"reeve/cmd/reeve/internal/place"
	"reeve/env"
)

// fileInRoot gives the path of a file in the root as messages show it.
func (a *App) fileInRoot(name string) string {
	return place.Shorten(filepath.Join(a.Root, name), place.WorkingDir())
}

// loadEnv reads the env files and puts the layers together.
func (a *App) loadEnv() (*env.Env, error) {
	layers := env.Options{Files: a.EnvFiles(), Environ: os.Environ(), Override: a.Settings.EnvOverride}
	if a.request.FilesOnly {
		layers.Environ = layers.Environ.Only(func(key string) bool { return hasKey(a.Settings.Keep, key) })
		if len(a.Settings.Keep) == 0 { // what PATH=./bin:$PATH extends is that of process managers
			layers.Environ, layers.Override = []string{"PATH=" + StandardPath}, true
		}
		layers.Only = func(key string) bool { return hasKey(a.Settings.Keep, key) }
	} else if a.Settings.CleanEnv {
		keep := slices.Concat([]string{"PORT"}, a.Settings.Keep, a.manifest.declared)
		for _, r := range a.required {
			keep = append(keep, r.Key)
		}
		layers.Only = func(key string) bool { return isStandard(key) || hasKey(keep, key) }
	}
	layers.Assigned = a.assignedToFiles()
	return env.Load(layers)
}

// LoadEnvs does that, and does it again for process types with env files of their own, with these on
// top.
func (a *App) LoadEnvs() (e *env.Env, own map[string]*env.Env, err error) {
	e, err = a.loadEnv()
	own = map[string]*env.Env{}
	for _, typ := range a.Types() {
		if files := a.Settings.TypeEnv[typ]; len(files) > 0 && !a.Settings.NoEnv {
			with, typeErr := e.With(files)
			own[typ], err = with, errors.Join(err, typeErr)
		}
	}
	return e, own, err
}

// whereNamed reports env files that cannot be read where they are named, if that is not the
// command line.
func (a *App) whereNamed(err error) error {
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		var errs []error
		for _, one := range all.Unwrap() {
			errs = append(errs, a.whereNamed(one))
		}
		return errors.Join(errs...)
	}
	var unreadable *env.Unreadable
	if !errors.As(err, &unreadable) {
		return err
	}
	where, ok := a.Settings.EnvNamed[unreadable.Path]
	if !ok {
		return err
	}
	where.Message += ": " + err.Error()
	return where
}

// EnvOf is the environment of a process type.
func (a *App) EnvOf(typ string) *env.Env {
	if own, ok := a.TypeEnvs[typ]; ok {
		return own
	}
	return a.Env
}

// Envs are all environments, that of the app first.
func (a *App) Envs() []*env.Env {
	all := []*env.Env{a.Env}
	for _, typ := range slices.Sorted(maps.Keys(a.TypeEnvs)) {
		all = append(all, a.TypeEnvs[typ])
	}
	return all
}

// Conflicts are those of all environments, each once.
func (a *App) Conflicts() (conflicts []env.Conflict) {
	for _, e := range a.Envs() {
		for _, c := range e.Conflicts() {
			if !slices.Contains(conflicts, c) {
				conflicts = append(conflicts, c)
			}
		}
	}
	return conflicts
}

// typeEnvFiles are the env files of process types.
func (a *App) typeEnvFiles() (files []string) {
	for _, typ := range slices.Sorted(maps.Keys(a.Settings.TypeEnv)) {
		files = append(files, a.Settings.TypeEnv[typ]...)
	}
	return files
}

// Reloadable reports whether the env files can be read again: a pipe cannot.
func (a *App) Reloadable() bool {
	return !slices.ContainsFunc(append(a.EnvFiles(), a.typeEnvFiles()...), func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && !info.Mode().IsRegular()
	})
}

// EnvFiles are those that were asked for, else .env if it exists.
func (a *App) EnvFiles() []string {
	switch {
	case a.Settings.NoEnv:
		return nil
	case len(a.Settings.Env) > 0:
		return a.Settings.Env
	}
	standard := filepath.Join(a.Root, place.EnvFile)
	if info, err := os.Stat(standard); errors.Is(err, fs.ErrNotExist) || err == nil && info.IsDir() {
		return nil
	}
	return []string{place.Shorten(standard, place.WorkingDir())}
}
