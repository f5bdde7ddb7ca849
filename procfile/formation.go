package procfile

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Release is the process type of Heroku's release phase. It runs once per
// deployment and so is part of no formation that does not name it.
const Release = "release"

// Selection is what a user asked to run. Its zero value asks for one of each
// type but release.
type Selection struct {
	// Quantities is a specification as [ParseFormation] reads it (-m).
	Quantities string
	// Only are the types named on the command line; empty means all types.
	// Naming one twice is harmless.
	Only []string
	// Exclude are the types to leave out (-x). It wins over Only and over
	// Quantities. Empty names are ignored.
	Exclude []string
}

// Member says how many instances of one process type run.
type Member struct {
	Entry
	// Count is 0 for a type that is left out.
	Count int
}

// Formation says how many of each process type run. It has every type of the
// Procfile, in the Procfile's order, also those of which none runs: they may
// be scaled up later.
type Formation []Member

// InstanceName returns the name of a type's nth instance, counted from 1:
// "web.1".
func InstanceName(typ string, n int) string {
	return typ + "." + strconv.Itoa(n)
}

// ParseInstance takes such a name apart. A name without a number is that of a
// type, with the instance 0.
func ParseInstance(name string) (typ string, n int) {
	typ, number, _ := strings.Cut(name, ".")
	n, _ = strconv.Atoi(number)
	return typ, n
}

// Count returns how many instances of a process type run: 0 for a type that is
// left out or unknown.
func (f Formation) Count(typ string) int {
	for _, m := range f {
		if m.Type == typ {
			return m.Count
		}
	}
	return 0
}

// Total returns how many instances run altogether. Where that has no place in
// an int it returns [math.MaxInt].
func (f Formation) Total() int {
	total := 0
	for _, m := range f {
		if m.Count > math.MaxInt-total {
			return math.MaxInt
		}
		total += m.Count
	}
	return total
}

// Instances yields the name and the entry of every instance that runs, type by
// type: web.1, web.2, worker.1. Nothing is stored, so a count can be huge.
func (f Formation) Instances() iter.Seq2[string, Entry] {
	return func(yield func(string, Entry) bool) {
		for _, m := range f {
			for n := 1; n <= m.Count; n++ {
				if !yield(InstanceName(m.Type, n), m.Entry) {
					return
				}
			}
		}
	}
}

// Formation decides how many of each type run:
//
//   - A type that sel.Exclude has does not run.
//   - Where sel.Only has names, a type that it lacks does not run either.
//   - A type that sel.Quantities names runs that often.
//   - Any other runs as often as "all" says, else once. This is not so for
//     release, which is not part of "all": it runs once if sel.Only names it,
//     else not at all.
//
// Errors are those of [ParseFormation], names that the Procfile does not have,
// and, if there is no other, a formation in which nothing runs. All are
// reported at once, one line each. The Formation beside an error is what was
// understood, for a caller that wants to find more mistakes.
func (p *Procfile) Formation(sel Selection) (Formation, error) {
	quantities, errs := parseQuantities(sel.Quantities)
	sel.Only, sel.Exclude = trim(sel.Only), trim(sel.Exclude)
	// What is left of "web," or of an empty setting leaves nothing out. An empty
	// name in Only stays and is unknown: start "$TYPE" must not start them all.
	sel.Exclude = slices.DeleteFunc(sel.Exclude, func(name string) bool { return name == "" })
	errs = append(errs, p.unknown(quantities, sel)...)
	formation := make(Formation, 0, len(p.Entries))
	for _, e := range p.Entries {
		formation = append(formation, Member{Entry: e, Count: sel.count(e.Type, quantities)})
	}
	if len(errs) == 0 && formation.Total() == 0 {
		errs = append(errs, fmt.Errorf("nothing to run: all process types of %s are left out or set to 0", p.Path))
	}
	return formation, errors.Join(errs...)
}

// count reads top to bottom like the rules of [Procfile.Formation].
func (sel Selection) count(typ string, quantities Quantities) int {
	named := slices.Contains(sel.Only, typ)
	if slices.Contains(sel.Exclude, typ) || len(sel.Only) > 0 && !named {
		return 0
	}
	if count, ok := quantities.Count(typ); ok {
		return count
	}
	if typ == Release && !named {
		return 0
	}
	if count, ok := quantities.Count(All); ok && typ != Release {
		return count
	}
	return 1
}

// trim returns a copy of names without the blanks that ParseFormation would
// also overlook.
func trim(names []string) []string {
	trimmed := make([]string, len(names))
	for i, name := range names {
		trimmed[i] = strings.Trim(name, blanks)
	}
	return trimmed
}

// unknown returns an error for each name that the Procfile does not have, once
// each, however often and wherever it was used.
func (p *Procfile) unknown(quantities Quantities, sel Selection) []error {
	asked := slices.Concat(sel.Only, sel.Exclude)
	for _, q := range quantities {
		if q.Type != All {
			asked = append(asked, q.Type)
		}
	}
	types := p.Types()
	reported := make(map[string]bool)
	var errs []error
	for _, name := range asked {
		if !reported[name] && !slices.Contains(types, name) {
			reported[name] = true
			errs = append(errs, fmt.Errorf("%s has no process type %s: %s", p.Path, clip(name), hint(name, types)))
		}
	}
	return errs
}

// hint helps somebody who named a type that does not exist: the nearest one, or
// what there is to choose from.
func hint(name string, types []string) string {
	if near := Nearest(name, types); near != "" {
		return "did you mean " + near + "?"
	}
	const shown = 10
	if len(types) > shown {
		types = append(slices.Clone(types[:shown]), "…")
	}
	return "it has " + strings.Join(types, ", ")
}
