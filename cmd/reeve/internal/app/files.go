package app

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"reeve/cmd/reeve/internal/place"
	"reeve/cmd/reeve/internal/settings"
	"reeve/env"
)

// fileInRoot gives the path of a file in the root as messages show it.
func (a *App) fileInRoot(name string) string {
	return place.Shorten(filepath.Join(a.Root, name), place.WorkingDir())
}

// loadEnv reads the env files and puts the layers together.
func (a *App) loadEnv(o *settings.Options) (*env.Env, error) {
	layers := env.Options{Files: EnvFiles(o, a.Root), Environ: os.Environ(), Override: o.EnvOverride}
	if a.request.FilesOnly {
		layers.Environ = layers.Environ.Only(func(key string) bool { return slices.Contains(o.Keep, key) })
		if len(o.Keep) == 0 { // what PATH=./bin:$PATH extends is that of process managers
			layers.Environ, layers.Override = []string{"PATH=" + StandardPath}, true
		}
		layers.Only = func(key string) bool { return slices.Contains(o.Keep, key) }
	} else if o.CleanEnv {
		keep := slices.Concat([]string{"PORT"}, o.Keep, a.manifest.declared)
		for _, r := range a.required {
			keep = append(keep, r.Key)
		}
		layers.Only = func(key string) bool { return isStandard(key) || slices.Contains(keep, key) }
	}
	layers.Assigned = a.assignedToFiles(o)
	return env.Load(layers)
}

// LoadEnvs does that, and for process types with env files of their own again, with these on
// top.
func (a *App) LoadEnvs(o *settings.Options) (e *env.Env, own map[string]*env.Env, err error) {
	e, err = a.loadEnv(o)
	own = map[string]*env.Env{}
	for _, typ := range a.Types() {
		if files := o.TypeEnv[typ]; len(files) > 0 && !o.NoEnv {
			with, typeErr := e.With(files)
			own[typ], err = with, errors.Join(err, typeErr)
		}
	}
	return e, own, err
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
func typeEnvFiles(o *settings.Options) (files []string) {
	for _, typ := range slices.Sorted(maps.Keys(o.TypeEnv)) {
		files = append(files, o.TypeEnv[typ]...)
	}
	return files
}

// Reloadable says whether the env files can be read again: a pipe cannot.
func Reloadable(o *settings.Options, root string) bool {
	return !slices.ContainsFunc(append(EnvFiles(o, root), typeEnvFiles(o)...), func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && !info.Mode().IsRegular()
	})
}

// EnvFiles are those that were asked for, else the one that there is.
func EnvFiles(o *settings.Options, root string) []string {
	switch {
	case o.NoEnv:
		return nil
	case len(o.Env) > 0:
		return o.Env
	}
	standard := filepath.Join(root, place.EnvFile)
	if info, err := os.Stat(standard); errors.Is(err, fs.ErrNotExist) || err == nil && info.IsDir() {
		return nil
	}
	return []string{place.Shorten(standard, place.WorkingDir())}
}
