package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"reeve/cmd/reeve/internal/diag"
	"reeve/env"
)

const standardProcfile = "Procfile"

var errNoProcfile = errors.New("no Procfile")

// readProcfile finds and reads the Procfile. The path is as messages show it, and empty
// if there is none.
func readProcfile(o *options) (path string, src []byte, err error) {
	if o.procfile == "-" {
		const name = "standard input"
		src, err = readAllOf(os.Stdin, name)
		return name, src, err
	}
	if path = o.procfile; path == "" {
		if path, err = findProcfile(o.root); err != nil {
			return "", nil, err
		}
	}
	src, err = readSmall(path)
	return path, src, err
}

// findProcfile looks for the Procfile in the root, or, where none is given, in the
// current directory and those above it.
func findProcfile(root string) (path string, err error) {
	if root != "" {
		path := filepath.Join(root, standardProcfile)
		_, rootErr := os.Stat(root)
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && rootErr == nil {
			return "", fmt.Errorf("%w in %s%s", errNoProcfile, root, noProcfileText(otherProcfiles(root), root))
		}
		return path, nil
	}
	here, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("cannot tell the current directory: %w", diag.Reason(err))
	}
	for dir := here; ; dir = filepath.Dir(dir) {
		path := filepath.Join(dir, standardProcfile)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			if err := checkFoundAbove(dir, here); err != nil {
				return "", err
			}
			return shorten(path, here), nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("%w in %s or above it%s", errNoProcfile, here, noProcfileText(otherProcfiles(here), "."))
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

// rootDir gives the app's root as it was written: what was asked for, else where the
// Procfile is, else the current directory.
func rootDir(o *options, procfilePath string) string {
	switch {
	case o.root != "":
		return o.root
	case o.procfile == "-", procfilePath == "":
		return "."
	}
	return filepath.Dir(procfilePath)
}

// rootOf gives the app's root.
func rootOf(o *options, procfilePath string) (string, error) {
	root, err := filepath.Abs(rootDir(o, procfilePath))
	if err != nil {
		return "", fmt.Errorf("cannot tell the current directory: %w", diag.Reason(err))
	}
	info, err := os.Stat(root)
	if err != nil {
		return "", fmt.Errorf("cannot use the root %s: %w", root, diag.Reason(err))
	}
	if !info.IsDir() {
		return "", fmt.Errorf("cannot use the root %s: it is not a directory", root)
	}
	return root, nil
}

// fileInRoot gives the path of a file in the root as messages show it.
func (a *app) fileInRoot(name string) string {
	return shorten(filepath.Join(a.root, name), workingDir())
}

// loadEnv reads the env files and puts the layers together.
func (a *app) loadEnv(o *options) (*env.Env, error) {
	layers := env.Options{Files: envFiles(o, a.root), Environ: os.Environ(), Override: o.envOverride}
	if o.filesOnly {
		layers.Environ = layers.Environ.Only(func(key string) bool { return slices.Contains(o.keep, key) })
		if len(o.keep) == 0 { // what PATH=./bin:$PATH extends is that of process managers
			layers.Environ, layers.Override = []string{"PATH=" + standardPath}, true
		}
		layers.Only = func(key string) bool { return slices.Contains(o.keep, key) }
	} else if o.cleanEnv {
		keep := slices.Concat([]string{"PORT"}, o.keep, a.manifest.declared)
		for _, r := range a.required {
			keep = append(keep, r.key)
		}
		layers.Only = func(key string) bool { return isStandard(key) || slices.Contains(keep, key) }
	}
	layers.Assigned = a.assignedToFiles(o)
	return env.Load(layers)
}

// loadEnvs does that, and for process types with env files of their own again, with these on
// top.
func (a *app) loadEnvs(o *options) (e *env.Env, own map[string]*env.Env, err error) {
	e, err = a.loadEnv(o)
	own = map[string]*env.Env{}
	for _, typ := range a.types() {
		if files := o.typeEnv[typ]; len(files) > 0 && !o.noEnv {
			with, typeErr := e.With(files)
			own[typ], err = with, errors.Join(err, typeErr)
		}
	}
	return e, own, err
}

// envOf is the environment of a process type.
func (a *app) envOf(typ string) *env.Env {
	if own, ok := a.typeEnvs[typ]; ok {
		return own
	}
	return a.env
}

// envs are all environments, that of the app first.
func (a *app) envs() []*env.Env {
	all := []*env.Env{a.env}
	for _, typ := range slices.Sorted(maps.Keys(a.typeEnvs)) {
		all = append(all, a.typeEnvs[typ])
	}
	return all
}

// conflicts are those of all environments, each once.
func (a *app) conflicts() (conflicts []env.Conflict) {
	for _, e := range a.envs() {
		for _, c := range e.Conflicts() {
			if !slices.Contains(conflicts, c) {
				conflicts = append(conflicts, c)
			}
		}
	}
	return conflicts
}

// typeEnvFiles are the env files of process types.
func typeEnvFiles(o *options) (files []string) {
	for _, typ := range slices.Sorted(maps.Keys(o.typeEnv)) {
		files = append(files, o.typeEnv[typ]...)
	}
	return files
}

// reloadable says whether the env files can be read again: a pipe cannot.
func reloadable(o *options, root string) bool {
	return !slices.ContainsFunc(append(envFiles(o, root), typeEnvFiles(o)...), func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && !info.Mode().IsRegular()
	})
}

// envFiles are those that were asked for, else the one that there is.
func envFiles(o *options, root string) []string {
	switch {
	case o.noEnv:
		return nil
	case len(o.env) > 0:
		return o.env
	}
	standard := filepath.Join(root, standardEnv)
	if info, err := os.Stat(standard); errors.Is(err, fs.ErrNotExist) || err == nil && info.IsDir() {
		return nil
	}
	return []string{shorten(standard, workingDir())}
}

// standardEnv is the env file that nobody has to name.
const standardEnv = ".env"

// workingDir is the current directory, or nothing where that cannot be told.
func workingDir() string {
	dir, _ := os.Getwd()
	return dir
}

// maxConfig bounds the size of a file that describes an app, in bytes.
const maxConfig = 1 << 20

// readSmall reads a file that people write. The error names it.
func readSmall(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", path, diag.Reason(err))
	}
	defer f.Close()
	return readAllOf(f, path)
}

// readAllOf reads a file to its end, unless that is too far away.
func readAllOf(f io.Reader, name string) ([]byte, error) {
	src, err := io.ReadAll(io.LimitReader(f, maxConfig+1))
	if err == nil && len(src) > maxConfig {
		err = fmt.Errorf("it has more than %d bytes", maxConfig)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", name, diag.Reason(err))
	}
	return src, nil
}

// readFound reads a file that nobody asked for by name. A pipe that happens to stand
// there is not waited for.
func readFound(path string) ([]byte, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil, fmt.Errorf("cannot read %s: it is no regular file", path)
	}
	return readSmall(path)
}
