package env

import (
	"iter"
	"slices"
	"strings"
)

// Environ is an environment in the form in which programs get it, that of
// os.Environ: KEY=value. Its methods leave it as it is and return another one.
type Environ []string

// Lookup returns the value of a variable.
func (e Environ) Lookup(key string) (value string, ok bool) {
	for _, entry := range e {
		if n := len(key); len(entry) > n && entry[n] == '=' && SameKey(entry[:n], key) {
			return entry[n+1:], true
		}
	}
	return "", false
}

// All returns the keys and their values.
func (e Environ) All() iter.Seq2[string, string] {
	return func(yield func(key, value string) bool) {
		for _, entry := range e {
			if key, value, _ := strings.Cut(entry, "="); !yield(key, value) {
				return
			}
		}
	}
}

// With returns the environment with some assignments on top: each key is there
// once.
func (e Environ) With(assigned ...string) Environ {
	if len(assigned) == 0 {
		return e
	}
	return append(e.Without(assigned), assigned...)
}

// Without returns the environment without the keys of another one.
func (e Environ) Without(assigned Environ) Environ {
	keys := map[string]bool{}
	for key := range assigned.All() {
		keys[fold(key)] = true
	}
	return e.Only(func(key string) bool { return !keys[fold(key)] })
}

// Only returns the part of the environment that is kept.
func (e Environ) Only(keep func(key string) bool) Environ {
	return slices.DeleteFunc(slices.Clone(e), func(entry string) bool {
		key, _, _ := strings.Cut(entry, "=")
		return !keep(key)
	})
}
