package settings

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// value is what a row reads and writes: a flag's value, of one source. Its Set says what
// would have been right. Its String is for people.
type value interface {
	pflag.Value
	// put overrides this with what a stronger source says, a value of the same type.
	put(stronger value)
}

// errEmpty is the error of a value that says nothing.
var errEmpty = errors.New("must not be empty")

// textValue is any text that is not empty.
type textValue string

func (v *textValue) String() string { return string(*v) }
func (*textValue) Type() string     { return "text" }
func (v *textValue) Set(s string) error {
	if s == "" {
		return errEmpty
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
		return errEmpty
	}
	*v = append(*v, items...)
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

// AutoPort is the base port of a formation whose ports reeve chooses.
const AutoPort = -1

// autoPort is how that is written.
const autoPort = "auto"

// portValue is a port, or auto.
type portValue int

func (*portValue) Type() string { return "port" }
func (v *portValue) String() string {
	if *v == AutoPort {
		return autoPort
	}
	return strconv.Itoa(int(*v))
}

func (v *portValue) Set(s string) error {
	if s == autoPort {
		*v = AutoPort
		return nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 65535 {
		return fmt.Errorf("must be a whole number from 1 to 65535, or %s", autoPort)
	}
	*v = portValue(n)
	return nil
}

func (v *portValue) put(stronger value) { *v = *stronger.(*portValue) }

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
