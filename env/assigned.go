package env

import (
	"errors"
	"slices"
	"sync"
)

// What reeve assigns depends on the env files, which may set the base port, and the env
// files refer to what reeve assigns. So the environment is made without that first, if a
// file refers to any of it, and then again.

// assigned is the lookup of what is assigned. It records what it is asked for.
func (e *Env) assigned(o Options) Lookup {
	if o.Assigned == nil {
		return nil
	}
	known := sync.OnceValue(func() Lookup { return o.Assigned(e.without()) })
	return func(key string) (string, bool) {
		if key = fold(key); !IsAssigned(key) {
			return "", false
		}
		e.asked[key] = true
		return known()(key)
	}
}

// without is the environment where nothing is assigned.
func (e *Env) without() *Env {
	o := e.options
	o.Assigned = nil
	first, _ := load(o, e.texts) // what is wrong is told once
	return first
}

// Files are the env files, as they were given.
func (e *Env) Files() []string { return e.options.Files }

// RefersTo reports whether an env file refers to a variable that is assigned.
func (e *Env) RefersTo(key string) bool { return e.asked[fold(key)] }

// With returns the environment as it is with further files on top of these, which are not
// read again. Its problems and its warnings are those of the further files alone.
func (e *Env) With(files []string) (*Env, error) {
	texts := slices.Clone(e.texts)
	for _, path := range files {
		texts = append(texts, readText(path))
	}
	o := e.options
	if known := o.Assigned; known != nil {
		// It depends on the files that are the same for all, and so is the same for all.
		o.Assigned = func(*Env) Lookup { return known(e.without()) }
	}
	more, problems := load(o, texts)
	more.lints = more.lints[len(e.texts):]
	return more, errors.Join(problems[len(e.texts):]...)
}
