package env

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// RealEnvironment is the name of the layer that is not a file.
const RealEnvironment = "the environment"

// Options says what an environment is made from. The zero value is an empty one.
type Options struct {
	Files    []string // env files in order, later ones win; each must exist
	Environ  Environ  // the real environment, in the form of os.Environ
	Override bool     // the files beat the real environment
	// Only, if set, says which variables of the real environment are taken, besides
	// those that a file names too. Files can refer to all of them.
	Only func(key string) bool
	// Assigned, if set, knows what the files can refer to besides: for [IsAssigned] keys
	// it is asked first. Since ports depend on PORT it is given the environment as it is
	// without them, though only where a file refers to one.
	Assigned func(without *Env) Lookup
}

// Env is the resolved environment. It does not change. The zero value is empty.
type Env struct {
	layers layers
	lints  []lint
	asked  map[string]bool // assigned keys that the files refer to

	options Options // that it was made of
	texts   []text
}

// layers are the layers of an environment, the strongest first.
type layers []layer

type layer struct {
	name    string // the file's path as it was given, or RealEnvironment
	file    bool
	extends bool // the variables of a file that have those of the environment in them
	vars    map[string]Variable
}

// Load reads the files and puts the layers on top of each other. The error
// joins all problems of all files: a [Mistake] for each line that cannot be
// understood, and one error for each file that cannot be read. The environment
// beside it has what could be read, for a caller that wants to find more mistakes: a
// variable whose value has a problem is there and empty.
func Load(o Options) (*Env, error) {
	texts := make([]text, len(o.Files)) // read once: a file may be a pipe
	for i, path := range o.Files {
		texts[i] = readText(path)
	}
	e, problems := load(o, texts)
	return e, errors.Join(problems...)
}

// load makes an environment. There is a problem for each text, or nil.
func load(o Options, texts []text) (*Env, []error) {
	unfiltered := layers{realLayer(o.Environ)}
	all := unfiltered
	if o.Only != nil {
		all = layers{realLayer(only(o.Environ, texts, o.Only))}
	}
	// Each file goes right after the real environment, or in front of
	// everything: that is the whole precedence, for references too. What extends the
	// real environment goes in front of it.
	e := &Env{asked: map[string]bool{}, options: o, texts: texts}
	assigned := e.assigned(o)
	var problems []error
	for _, t := range texts {
		top := 0
		if !o.Override {
			top = 1 + slices.IndexFunc(all, func(l layer) bool { return !l.file })
		}
		below := append(slices.Clone(all[top:]), unfiltered...)
		r := t.parse(Scope{Assigned: assigned, Above: all[:top].find, Below: below.find, Real: unfiltered.find})
		problems = append(problems, r.err)
		e.lints = append(e.lints, lint{t, r})
		plain, extending := r.layers(t.path)
		all = slices.Insert(all, top, plain)
		all = slices.Insert(all, 0, extending)
	}
	e.layers = all
	return e, problems
}

// lint is what Warnings looks at in one file.
type lint struct {
	text
	reading
}

// text is the content of an env file.
type text struct {
	path string
	src  []byte
	mode fs.FileMode
	err  error
}

func readText(path string) text {
	src, mode, err := read(path)
	return text{path, src, mode, err}
}

func (t text) parse(around Scope) reading {
	if t.err != nil {
		return reading{err: t.err}
	}
	return readAll(t.path, t.src, around)
}

// only leaves of an environment what is wanted, and what the files name.
func only(environ Environ, texts []text, wanted func(key string) bool) Environ {
	declared := map[string]bool{}
	for _, t := range texts {
		r := t.parse(Scope{})
		for _, v := range r.vars {
			declared[fold(v.Key)] = true
		}
		for _, key := range r.declared {
			declared[fold(key)] = true
		}
	}
	return environ.Only(func(key string) bool { return declared[fold(key)] || wanted(key) })
}

// layers are the variables of a file, apart from those that extend the environment's,
// and those.
func (r reading) layers(path string) (plain, extending layer) {
	plain = layer{name: path, file: true, vars: map[string]Variable{}}
	extending = layer{name: path, file: true, extends: true, vars: map[string]Variable{}}
	for _, v := range r.vars {
		if r.extended[fold(v.Key)] {
			extending.vars[fold(v.Key)] = v
		} else {
			plain.vars[fold(v.Key)] = v
		}
	}
	return plain, extending
}

// Warnings are about what the files say and probably do not mean, file by file.
func (e *Env) Warnings() []Warning {
	var all []Warning
	for _, l := range e.lints {
		all = append(all, l.warnings...)
		if w, ok := exposed(l.path, l.mode, l.vars); ok {
			all = append(all, w)
		}
	}
	return all
}

// Lost are those of the warnings that are about a part of a value that is lost.
func (e *Env) Lost() []Warning {
	var lost []Warning
	for _, l := range e.lints {
		for _, w := range l.warnings {
			if w.Lost {
				lost = append(lost, w)
			}
		}
	}
	return lost
}

// realLayer takes entries as they are, bash's exported functions too. Those
// without a = are not.
func realLayer(environ []string) layer {
	l := layer{name: RealEnvironment, vars: map[string]Variable{}}
	for _, entry := range environ {
		if key, value, ok := strings.Cut(entry, "="); ok && key != "" {
			l.vars[fold(key)] = Variable{Key: key, Value: value}
		}
	}
	return l
}

func (all layers) find(key string) (string, bool) {
	for _, l := range all {
		if v, ok := l.vars[fold(key)]; ok {
			return v.Value, true
		}
	}
	return "", false
}

// Lookup returns the value that wins, and whether any layer has the key.
func (e *Env) Lookup(key string) (value string, ok bool) {
	return e.layers.find(key)
}

// Keys returns all keys, sorted, as the layers that win write them.
func (e *Env) Keys() []string {
	keys := map[string]string{}
	for _, l := range e.layers {
		for key, v := range l.vars {
			if _, ok := keys[key]; !ok {
				keys[key] = v.Key
			}
		}
	}
	return slices.Sorted(maps.Values(keys))
}

// Environ returns KEY=value with the value that wins, sorted by key.
func (e *Env) Environ() Environ {
	keys := e.Keys()
	for i, key := range keys {
		value, _ := e.Lookup(key)
		keys[i] = key + "=" + value
	}
	return keys
}

// Origin is a place where a variable is set. Line is 0 in the real environment;
// in a file it is the last one that sets the key.
type Origin struct {
	Layer string // a file's path as it was given, or RealEnvironment
	Line  int
}

// String is FILE:LINE, or "the environment".
func (o Origin) String() string {
	if o.Line == 0 {
		return o.Layer
	}
	return fmt.Sprintf("%s:%d", o.Layer, o.Line)
}

// Source tells where a variable's value comes from and which layers set it in
// vain, the strongest of them first.
type Source struct {
	Winner Origin
	Losers []Origin
}

// Source returns the source of a key, and whether any layer has it.
func (e *Env) Source(key string) (source Source, ok bool) {
	var origins []Origin
	for _, l := range e.layers {
		if v, ok := l.vars[fold(key)]; ok {
			origins = append(origins, Origin{Layer: l.name, Line: v.Line})
		}
	}
	if len(origins) == 0 {
		return Source{}, false
	}
	return Source{Winner: origins[0], Losers: origins[1:]}, true
}

// Conflict is a key that the real environment and a file both set, to different
// values. Winner and Loser are names of layers.
type Conflict struct {
	Key, Winner, Loser string
}

// Conflicts returns the conflicts sorted by key. Of several files only the last
// one that sets the key counts: that they override each other is their purpose.
func (e *Env) Conflicts() []Conflict {
	var conflicts []Conflict
	for _, key := range e.Keys() {
		if c, ok := e.layers.conflict(key); ok {
			conflicts = append(conflicts, c)
		}
	}
	return conflicts
}

// conflict compares the layer that wins a key with the strongest one of the
// other kind.
func (all layers) conflict(key string) (Conflict, bool) {
	var winner *layer
	for i, l := range all {
		v, ok := l.vars[fold(key)]
		switch {
		case !ok:
		case l.extends:
			return Conflict{}, false
		case winner == nil:
			winner = &all[i]
		case winner.file != l.file:
			c := Conflict{Key: key, Winner: winner.name, Loser: l.name}
			return c, v.Value != winner.vars[fold(key)].Value
		}
	}
	return Conflict{}, false
}
