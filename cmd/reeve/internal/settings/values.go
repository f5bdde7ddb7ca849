package settings

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"reeve/procfile"
	"reeve/procfile/probe"
	"reeve/supervisor"
)

// value is what a row reads and writes: a flag's value, of one source. Its Set says what
// would have been right. Its String is for people.
type value interface {
	pflag.Value
	// put puts what a stronger source says, which is a value of the same type, over what
	// is there.
	put(stronger value)
}

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

func (v *textValue) put(stronger value) { *v = *stronger.(*textValue) }

// listValue is a comma-separated list. Given again, it gets longer.
type listValue []string

func (v *listValue) put(stronger value) { *v = *stronger.(*listValue) }
func (v *listValue) String() string     { return strings.Join(*v, ",") }
func (*listValue) Type() string         { return "list" }
func (v *listValue) Set(s string) error {
	items := splitList(s)
	if len(items) == 0 {
		return fmt.Errorf("must not be empty")
	}
	*v = append(*v, items...)
	return nil
}

// formationValue is a formation; procfile reads it. Given again, it gets longer.
type formationValue string

func (*formationValue) Type() string     { return "formation" }
func (v *formationValue) String() string { return string(*v) }

func (v *formationValue) Set(s string) error {
	if len(splitList(s)) == 0 {
		return fmt.Errorf("must not be empty")
	}
	*v = formationValue(strings.Trim(string(*v)+","+s, ","))
	return nil
}

// put keeps of a weaker source the types of which the stronger one says nothing; all=N is
// said of every type.
func (v *formationValue) put(stronger value) {
	s := stronger.(*formationValue)
	said := s.names()
	var all []string
	if !slices.Contains(said, procfile.All) {
		for _, item := range splitList(string(*v)) {
			if !slices.Contains(said, typeIn(item)) {
				all = append(all, item)
			}
		}
	}
	*v = formationValue(strings.Trim(strings.Join(all, ",")+","+string(*s), ","))
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

func (v *switchValue) put(stronger value) { *v = *stronger.(*switchValue) }

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

func (v *numberValue) put(stronger value) { *v.n = *stronger.(*numberValue).n }

// sizeValue is a number of bytes.
type sizeValue int

func (v *sizeValue) String() string {
	const mebibyte = 1 << 20
	if n := int(*v); n == 0 || n%mebibyte != 0 {
		return strconv.Itoa(n)
	}
	return strconv.Itoa(int(*v)/mebibyte) + "MiB"
}
func (*sizeValue) Type() string { return "size" }
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

func (v *sizeValue) put(stronger value) { *v = *stronger.(*sizeValue) }

// durationValue is a number of seconds, or a duration such as 1m30s.
type durationValue time.Duration

func (v *durationValue) String() string { return showDuration(time.Duration(*v)) }
func (*durationValue) Type() string     { return "duration" }
func (v *durationValue) Set(s string) error {
	d, err := parseDuration(s)
	if err == nil {
		*v = durationValue(d)
	}
	return err
}

func (v *durationValue) put(stronger value) { *v = *stronger.(*durationValue) }

// showDuration is a duration as one would write it: in seconds.
func showDuration(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'g', -1, 64) }

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

// showSignal is the name of a signal without SIG.
func showSignal(s syscall.Signal) string { return strings.TrimPrefix(supervisor.SignalName(s), "SIG") }

func asIs(s string) string { return s }

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

func (v *choiceValue) put(stronger value) {
	if s := *stronger.(*choiceValue).s; s != "" { // else it was no-color=false
		*v.s = s
	}
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

func (v *noColorValue) put(stronger value) {
	if *stronger.(*noColorValue) != "" {
		*v = *stronger.(*noColorValue)
	}
}

// PerType is a setting that can differ between process types.
type PerType[T any] struct {
	all   T    // where a type has none of its own
	said  bool // all has been set
	Types map[string]T
}

// Of gives the setting of a type.
func (p PerType[T]) Of(typ string) T {
	if v, ok := p.Types[typ]; ok {
		return v
	}
	return p.all
}

// Named are the types that have a setting of their own.
func (p PerType[T]) Named() []string { return slices.Sorted(maps.Keys(p.Types)) }

// perTypeValue is VALUE or TYPE=VALUE, or several of them with commas.
type perTypeValue[T any] struct {
	of    *PerType[T]
	parse func(string) (T, error)
	show  func(T) string
}

func (v *perTypeValue[T]) String() string { return v.show(v.of.all) }
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
			v.of.all, v.of.said = value, true
		case typ == "":
			return fmt.Errorf("needs a process type before the =")
		default:
			v.setType(typ, value)
		}
	}
	return nil
}

// put lets what is said of all types hold also for those of which a weaker source says
// something else.
func (v *perTypeValue[T]) put(stronger value) {
	s := stronger.(*perTypeValue[T]).of
	if s.said {
		*v.of = PerType[T]{all: s.all, said: true}
	}
	for typ, value := range s.Types {
		v.setType(typ, value)
	}
}

func (v *perTypeValue[T]) setType(typ string, value T) {
	if v.of.Types == nil {
		v.of.Types = map[string]T{}
	}
	v.of.Types[typ] = value
}

// orderValue is TYPE=TYPE+TYPE, or several of them with commas.
type orderValue map[string][]string

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
		if *v == nil {
			*v = orderValue{}
		}
		(*v)[typ] = append((*v)[typ], before...)
	}
	return nil
}

// put replaces what is said of a type.
func (v *orderValue) put(stronger value) { putAll((*map[string][]string)(v), *stronger.(*orderValue)) }

// putAll puts the entries of one map into another.
func putAll[V any](into *map[string]V, from map[string]V) {
	if *into == nil {
		*into = map[string]V{}
	}
	maps.Copy(*into, from)
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

// put replaces what is said of a type.
func (v *probeValue) put(stronger value) {
	putAll((*map[string]probe.Probe)(v), *stronger.(*probeValue))
}

// splitList splits a comma-separated list; blanks around its items do not matter.
func splitList(s string) []string {
	var items []string
	for item := range strings.SplitSeq(s, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}
