package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"reeve/procfile"
	"reeve/procfile/probe"
	"reeve/supervisor"
)

// The types of flags. Each one's Set says what would have been right.

// textValue is any text but none.
type textValue string

func (v *textValue) String() string { return string(*v) }
func (*textValue) Type() string     { return "text" }
func (v *textValue) Set(s string) error {
	if s == "" {
		return fmt.Errorf("must not be empty")
	}
	*v = textValue(s)
	return nil
}

// listValue is a comma-separated list. Given again, it gets longer.
type listValue struct {
	list *[]string
	old  bool // what is there comes from a weaker source
}

func (v *listValue) newSource()     { v.old = true }
func (v *listValue) String() string { return strings.Join(*v.list, ",") }
func (*listValue) Type() string     { return "list" }
func (v *listValue) Set(s string) error {
	items := splitList(s)
	if len(items) == 0 {
		return fmt.Errorf("must not be empty")
	}
	if v.old {
		*v.list, v.old = nil, false
	}
	*v.list = append(*v.list, items...)
	return nil
}

// formationValue is a formation; procfile reads it. Given again, it gets longer.
type formationValue struct {
	spec   *string // all of it
	weaker string  // what comes from weaker sources, and still counts
	own    string
}

func (v *formationValue) newSource()     { v.weaker, v.own = *v.spec, "" }
func (*formationValue) Type() string     { return "formation" }
func (v *formationValue) String() string { return *v.spec }

func (v *formationValue) Set(s string) error {
	if len(splitList(s)) == 0 {
		return fmt.Errorf("must not be empty")
	}
	// What this source says of a type counts, and all=N is said of every type.
	asked, _ := procfile.ParseFormation(s)
	var kept []string
	for _, item := range splitList(v.weaker) {
		name, _, _ := strings.Cut(item, "=")
		_, again := asked.Count(strings.TrimSpace(name))
		if _, all := asked.Count(procfile.All); !again && !all {
			kept = append(kept, item)
		}
	}
	v.weaker = strings.Join(kept, ",")
	v.own = strings.Trim(v.own+","+s, ",")
	*v.spec = strings.Trim(v.weaker+","+v.own, ",")
	return nil
}

// switchValue is on or off.
type switchValue bool

func (v *switchValue) String() string { return strconv.FormatBool(bool(*v)) }
func (*switchValue) Type() string     { return "bool" }
func (v *switchValue) Set(s string) error {
	on, err := strconv.ParseBool(s)
	if err != nil {
		return fmt.Errorf("must be true or false")
	}
	*v = switchValue(on)
	return nil
}

// numberValue is a whole number within bounds.
type numberValue struct {
	n        *int
	min, max int
}

func (v *numberValue) String() string { return strconv.Itoa(*v.n) }
func (*numberValue) Type() string     { return "number" }
func (v *numberValue) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil || n < v.min || n > v.max {
		return fmt.Errorf("must be a whole number from %d to %d", v.min, v.max)
	}
	*v.n = n
	return nil
}

// sizeValue is a number of bytes.
type sizeValue int

func (v *sizeValue) String() string { return strconv.Itoa(int(*v)) }
func (*sizeValue) Type() string     { return "size" }
func (v *sizeValue) Set(s string) error {
	number := strings.TrimRight(strings.ToLower(s), "kmgib")
	factor, known := map[string]int{"": 1, "b": 1, "k": 1 << 10, "kb": 1 << 10, "kib": 1 << 10,
		"m": 1 << 20, "mb": 1 << 20, "mib": 1 << 20, "g": 1 << 30, "gb": 1 << 30, "gib": 1 << 30}[strings.ToLower(s[len(number):])]
	n, err := strconv.Atoi(number)
	if err != nil || !known || n < 0 || n > math.MaxInt32/factor {
		return fmt.Errorf("must be a number of bytes, such as 65536, 64KiB or 4MiB")
	}
	*v = sizeValue(n * factor)
	return nil
}

// durationValue is a number of seconds, or a duration such as 1m30s.
type durationValue time.Duration

func (v *durationValue) String() string { return time.Duration(*v).String() }
func (*durationValue) Type() string     { return "duration" }
func (v *durationValue) Set(s string) error {
	d, err := parseDuration(s)
	if err == nil {
		*v = durationValue(d)
	}
	return err
}

func parseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if seconds, numErr := strconv.ParseFloat(s, 64); numErr == nil && seconds < math.MaxInt32 {
		d, err = time.Duration(seconds*float64(time.Second)), nil
	}
	if err != nil || d < 0 {
		return 0, fmt.Errorf("must be a number of seconds, at least 0, or a duration such as 1m30s")
	}
	return d, nil
}

// parseSignal reads the name of a signal, with or without SIG, or its number.
func parseSignal(s string) (syscall.Signal, error) {
	sig, ok := supervisor.ParseSignal(s)
	if !ok {
		return 0, fmt.Errorf("must be the name of a signal, such as TERM or INT")
	}
	return sig, nil
}

// choiceValue is one of a few words.
type choiceValue struct {
	s       *string
	choices []string
}

func (v *choiceValue) String() string { return *v.s }
func (*choiceValue) Type() string     { return "choice" }
func (v *choiceValue) Set(s string) (err error) {
	word, err := oneOf(v.choices...)(s)
	if err == nil {
		*v.s = word
	}
	return err
}

// oneOf reads one of a few words.
func oneOf(choices ...string) func(string) (string, error) {
	return func(s string) (string, error) {
		if !slices.Contains(choices, s) {
			return "", fmt.Errorf("must be one of %s", strings.Join(choices, ", "))
		}
		return s, nil
	}
}

// noColorValue is foreman's spelling of --color=never.
type noColorValue string

func (v *noColorValue) String() string { return strconv.FormatBool(*v == "never") }
func (*noColorValue) Type() string     { return "bool" }
func (v *noColorValue) Set(s string) error {
	on, err := strconv.ParseBool(s)
	if err == nil && on {
		*v = "never"
	}
	return err
}

// perType is a setting that can differ between process types.
type perType[T any] struct {
	all   T // where a type has none of its own
	types map[string]T
}

// of gives the setting of a type.
func (p perType[T]) of(typ string) T {
	if v, ok := p.types[typ]; ok {
		return v
	}
	return p.all
}

// names are the types that have a setting of their own.
func (p perType[T]) names() []string { return slices.Sorted(maps.Keys(p.types)) }

// perTypeValue is VALUE or TYPE=VALUE, or several of them with commas.
type perTypeValue[T any] struct {
	of    *perType[T]
	parse func(string) (T, error)
	old   []string // the types of which what is there comes from a weaker source
}

func (v *perTypeValue[T]) newSource() { v.old = v.of.names() }

func (v *perTypeValue[T]) String() string { return fmt.Sprint(v.of.all) }
func (*perTypeValue[T]) Type() string     { return "per type" }
func (v *perTypeValue[T]) Set(s string) error {
	items := splitList(s)
	if len(items) == 0 {
		return fmt.Errorf("must not be empty")
	}
	for _, item := range items {
		typ, text, named := strings.Cut(item, "=")
		if !named {
			text = item
		}
		typ = strings.TrimSpace(typ)
		value, err := v.parse(strings.TrimSpace(text))
		switch {
		case err != nil:
			return err
		case !named:
			v.setAll(value)
		case typ == "":
			return fmt.Errorf("needs a process type before the =")
		default:
			v.setType(typ, value)
		}
	}
	return nil
}

// setAll sets what holds for all types, also for those of which a weaker source says
// something else.
func (v *perTypeValue[T]) setAll(value T) {
	v.of.all = value
	for _, typ := range v.old {
		delete(v.of.types, typ)
	}
	v.old = nil
}

func (v *perTypeValue[T]) setType(typ string, value T) {
	if v.of.types == nil {
		v.of.types = map[string]T{}
	}
	v.of.types[typ] = value
	v.old = slices.DeleteFunc(v.old, func(t string) bool { return t == typ })
}

// orderValue is TYPE=TYPE+TYPE, or several of them with commas.
type orderValue struct {
	after *map[string][]string
	old   map[string]bool // the types of which what is there comes from a weaker source
}

func (v *orderValue) newSource() {
	v.old = map[string]bool{}
	for typ := range *v.after {
		v.old[typ] = true
	}
}

func (v *orderValue) String() string { return "" }
func (*orderValue) Type() string     { return "order" }
func (v *orderValue) Set(s string) error {
	items := splitList(s)
	if len(items) == 0 {
		return fmt.Errorf("must not be empty")
	}
	for _, item := range items {
		typ, list, _ := strings.Cut(item, "=")
		typ = strings.TrimSpace(typ)
		var before []string
		for name := range strings.SplitSeq(list, "+") {
			before = append(before, strings.TrimSpace(name))
		}
		if typ == "" || slices.Contains(before, "") {
			return fmt.Errorf("must be TYPE=TYPE+TYPE, as in web=db+redis")
		}
		if *v.after == nil {
			*v.after = map[string][]string{}
		}
		if v.old[typ] {
			delete(*v.after, typ)
			delete(v.old, typ)
		}
		(*v.after)[typ] = append((*v.after)[typ], before...)
	}
	return nil
}

// probeValue is TYPE=PROBE. A probe may hold anything, so there is one a flag.
type probeValue map[string]probe.Probe

func (v *probeValue) String() string { return "" }
func (*probeValue) Type() string     { return "probe" }
func (v *probeValue) Set(s string) error {
	typ, text, ok := strings.Cut(s, "=")
	if typ = strings.TrimSpace(typ); !ok || typ == "" {
		return fmt.Errorf("must be TYPE=PROBE, as in web=tcp")
	}
	p, err := probe.Parse(strings.TrimSpace(text))
	if err != nil {
		return err
	}
	if *v == nil {
		*v = probeValue{}
	}
	(*v)[typ] = p
	return nil
}
