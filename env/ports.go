package env

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

const maxPort = 65535

// release is the process type that runs before the others and listens nowhere.
const release = "release"

// Ports tells which ports the instances of each process type get. The zero
// value knows no type.
type Ports struct {
	types  []string        // those with ports, in the order of the Procfile
	first  map[string]int  // each type's port of instance 1
	shared map[string]bool // types whose instances all have that
	vars   []portVar       // sorted; made once, since every instance gets them
}

// portVar is the variable that tells of a type's first port.
type portVar struct{ typ, entry string }

// NewPorts gives out the ports for the types of a Procfile, named in its order:
// base + step × place, where web has place 0 wherever it stands and release
// has none.
func NewPorts(types []string, base, step int) Ports {
	// A larger step would do no more than this one, but might overflow.
	step = max(-maxPort-1, min(step, maxPort+1))
	p := Ports{first: map[string]int{}}
	place := 0
	if slices.Contains(types, "web") {
		p.first["web"] = base
		place = 1
	}
	for _, typ := range types {
		if typ == release || slices.Contains(p.types, typ) {
			continue
		}
		p.types = append(p.types, typ)
		if typ != "web" {
			p.first[typ] = base + step*place
			place++
		}
	}
	p.vars = p.portVars()
	return p
}

// Room is where ports for more types may be: from First on, Step apart, and none above Last; 0: as far as
// there are ports.
type Room struct{ First, Step, Last int }

// Grow returns the ports for the types of a Procfile that has changed: each type keeps the one that it
// has, and a new one gets the first free place, or half of another one where there is none. Types that
// are gone keep theirs to themselves.
func (p Ports) Grow(types []string, in Room) Ports {
	grown := Ports{first: maps.Clone(p.first)} // who shares one is said anew
	for _, typ := range types {
		if typ == release || slices.Contains(grown.types, typ) {
			continue
		}
		grown.types = append(grown.types, typ)
		if _, known := grown.first[typ]; !known {
			grown.first[typ] = grown.place(in)
		}
	}
	grown.vars = grown.portVars()
	return grown
}

// place is the first port of a place that no type has.
func (p Ports) place(in Room) (port int) {
	last := cmp.Or(in.Last, maxPort)
	for size := in.Step; size > 0; size /= 2 {
		for port = in.First; port <= last; port += size {
			if !p.has(port, size) {
				return port
			}
		}
	}
	return last + 1 // which is reported as one too many
}

// has reports whether a type begins in some ports.
func (p Ports) has(from, count int) bool {
	for _, first := range p.first {
		if from <= first && first < from+count {
			return true
		}
	}
	return false
}

// Of returns an instance's port; instances count from 1. A type that is unknown
// or takes no ports has none.
func (p Ports) Of(typ string, instance int) (port int, ok bool) {
	first, ok := p.first[typ]
	if !ok {
		return 0, false
	}
	if p.shared[typ] {
		return first, true
	}
	return first + instance - 1, true
}

// count is how many ports some instances of a type have.
func (p Ports) count(typ string, instances int) int {
	if p.shared[typ] {
		return min(instances, 1)
	}
	return instances
}

// Span is how many ports there are from the base on to the last one that a type has: of each so
// many as there are instances, and at least one, since what does not run may be started.
func (p Ports) Span(base int, counts map[string]int) int {
	last := base
	for typ, first := range p.first {
		last = max(last, first+max(p.count(typ, counts[typ]), 1)-1)
	}
	return last - base + 1
}

// Pin returns the same ports but for those of one type, which start at base. A
// type that has no ports gets none by it.
func (p Ports) Pin(typ string, base int) Ports {
	if _, ok := p.first[typ]; !ok {
		return p
	}
	p.first = maps.Clone(p.first)
	p.first[typ] = base
	p.vars = p.portVars()
	return p
}

// Share returns the same ports but for those of one type, whose instances all get its first.
func (p Ports) Share(typ string) Ports {
	shared := map[string]bool{typ: true}
	maps.Copy(shared, p.shared)
	p.shared = shared
	return p
}

// portPrefix is what the variables begin with that tell other types' ports.
const portPrefix = "REEVE_PORT_"

// SlotVariable tells the checkouts of an app apart that run side by side. It is 0 in the
// main one.
const SlotVariable = "REEVE_SLOT"

// IsAssigned reports whether a variable is one that is known to env files before there is
// any process: the base port, the ports of types, the slot, and where processes run.
func IsAssigned(key string) bool {
	return key == "PWD" || key == "PORT" || key == SlotVariable || strings.HasPrefix(key, portPrefix)
}

// PortVariable is the variable that tells other types a type's first port.
func PortVariable(typ string) string {
	return portPrefix + strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		case 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
			return r
		}
		return '_'
	}, typ)
}

// Environ returns [PortVariable]=port of every type but self, sorted. It does not
// matter what runs. Of types that share a variable the first in the Procfile
// has it, for everyone: the name means the same port in each process.
func (p Ports) Environ(self string) Environ {
	environ := make(Environ, 0, len(p.vars))
	for _, v := range p.vars {
		if v.typ != self {
			environ = append(environ, v.entry)
		}
	}
	return environ
}

// portVars makes the variables of all types.
func (p Ports) portVars() []portVar {
	owners := map[string]string{}
	for _, typ := range p.types {
		if name := PortVariable(typ); owners[name] == "" {
			owners[name] = typ
		}
	}
	var vars []portVar
	for _, name := range slices.Sorted(maps.Keys(owners)) {
		typ := owners[name]
		vars = append(vars, portVar{typ, fmt.Sprintf("%s=%d", name, p.first[typ])})
	}
	return vars
}

// Check reports everything that is wrong with the ports of a formation, one
// line each: ports that there are not, and ports that two instances would share.
func (p Ports) Check(counts map[string]int) error {
	var spans []span
	for _, typ := range p.types {
		if counts[typ] > 0 {
			spans = append(spans, span{typ, p.first[typ], p.count(typ, counts[typ])})
		}
	}
	var problems []error
	for i, s := range spans {
		if err := s.check(); err != nil {
			problems = append(problems, err)
		}
		for _, other := range spans[i+1:] {
			// There are many pairs, so none is kept that is fine.
			if err := s.overlap(other); err != nil {
				problems = append(problems, err)
			}
		}
	}
	return errors.Join(problems...)
}

// span is the ports of the instances of a type: count of them from first on.
type span struct {
	typ          string
	first, count int
}

// check reports the instances whose ports do not exist.
func (s span) check() error {
	const real = "ports are 1 to 65535"
	var low, high error
	if s.first < 1 {
		bad := min(s.count, 1-s.first)
		low = fmt.Errorf("%s would get %s: %s; use a higher --port",
			s.instances(s.first, bad), s.ports(s.first, bad), real)
	}
	if good := max(0, maxPort-s.first+1); s.count > good {
		high = fmt.Errorf("%s would get %s: %s; use a lower --port, a smaller --port-step or fewer instances",
			s.instances(s.first+good, s.count-good), s.ports(s.first+good, s.count-good), real)
	}
	return errors.Join(low, high)
}

// overlap reports the instances of two types that would get the same ports.
func (s span) overlap(t span) error {
	from := max(s.first, t.first)
	count := min(s.first-from+s.count, t.first-from+t.count)
	if count <= 0 {
		return nil
	}
	return fmt.Errorf("%s and %s would both get %s: use a larger --port-step, another --port or fewer instances",
		s.instances(from, count), t.instances(from, count), s.ports(from, count))
}

// instances names those of the count ports from port on: "web.3 to web.5".
func (s span) instances(port, count int) string {
	instance := port - s.first + 1
	if count == 1 {
		return fmt.Sprintf("%s.%d", s.typ, instance)
	}
	return fmt.Sprintf("%s.%d to %s.%d", s.typ, instance, s.typ, instance+count-1)
}

func (span) ports(port, count int) string {
	if count == 1 {
		return fmt.Sprintf("port %d", port)
	}
	return fmt.Sprintf("ports %d to %d", port, port+count-1)
}
