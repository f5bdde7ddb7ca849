package schedule

import (
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// Field is one of the five fields of a schedule: a bit for each value, and two flags.
type Field uint64

const (
	star      Field = 1 << 63 // it begins with a *, which decides how day fields combine
	all       Field = 1 << 62 // it has all values
	allValues       = all - 1
)

func (f Field) is(what Field) bool { return f&what != 0 }
func (f Field) has(value int) bool { return f.is(1 << value) }

// Values are those of the field, in order.
func (f Field) Values() []int {
	values := make([]int, 0, bits.OnesCount64(uint64(f)))
	for left := uint64(f & allValues); left != 0; left &= left - 1 {
		values = append(values, bits.TrailingZeros64(left))
	}
	return values
}

// String writes the values in a way that every cron understands: as numbers, with Sunday as 0.
func (f Field) String() string {
	if f.is(all) {
		return "*"
	}
	var items []string
	for values := f.Values(); len(values) > 0; {
		step, run := 1, 1
		if len(values) > 2 {
			step = values[1] - values[0]
			for run < len(values) && values[run]-values[run-1] == step {
				run++
			}
		}
		if run < 3 {
			step, run = 1, 1
		}
		item := strconv.Itoa(values[0])
		if run > 1 {
			item += "-" + strconv.Itoa(values[run-1])
		}
		if step > 1 {
			item += "/" + strconv.Itoa(step)
		}
		items, values = append(items, item), values[run:]
	}
	return strings.Join(items, ",")
}

// kind is what a field is about.
type kind struct {
	name        string
	first, last int
	names       string // of the values, three letters each
	from        int    // the value of the first of them
}

const (
	monthNames   = "janfebmaraprmayjunjulaugsepoctnovdec"
	weekdayNames = "sunmontuewedthufrisat"
)

// kinds are those of the five fields. Day 7 of the week is day 0 again.
var kinds = [...]kind{
	{"minute", 0, 59, "", 0},
	{"hour", 0, 23, "", 0},
	{"day of month", 1, 31, "", 0},
	{"month", 1, 12, monthNames, 1},
	{"day of week", 0, 7, weekdayNames, 0},
}

// parse reads a field.
func (k kind) parse(text string) (f Field, err error) {
	for item := range strings.SplitSeq(text, ",") {
		values, reason := k.item(item)
		if reason != "" {
			return f, fmt.Errorf("%s %s: %s", k.name, text, reason)
		}
		f |= values
	}
	if f == k.span(k.first, k.last, 1) {
		f |= all
	}
	if strings.HasPrefix(text, "*") {
		f |= star
	}
	return f, nil
}

// item reads one value or range, and says what is wrong with it.
func (k kind) item(text string) (values Field, wrong string) {
	text, stepText, hasStep := strings.Cut(text, "/")
	low, high, isRange := strings.Cut(text, "-")
	from, to, step := k.first, k.last, 1
	if k.names == weekdayNames {
		to = 6
	}
	if text != "*" {
		if from, wrong = k.value(low); wrong != "" {
			return 0, wrong
		}
		to = from
	}
	if isRange {
		if to, wrong = k.value(high); wrong != "" {
			return 0, wrong
		}
		if to == 0 && from > 0 && k.names == weekdayNames {
			to = 7
		}
	}
	switch {
	case from > to:
		return 0, fmt.Sprintf("the range ends before it begins: write %s-%s,%s-%s", low, k.show(k.last), k.show(k.first), high)
	case hasStep && text != "*" && !isRange:
		return 0, fmt.Sprintf("some crons read this as a single value: write %s-%s/%s", text, k.show(k.last), stepText)
	}
	if hasStep {
		n, ok := number(stepText)
		if !ok || n < 1 || n > k.last {
			return 0, fmt.Sprintf("a step must be from 1 to %d; for other intervals use every, as in every 90m", k.last)
		}
		step = n
	}
	return k.span(from, to, step), ""
}

// show writes a bound of a field.
func (k kind) show(value int) string {
	if k.names == weekdayNames && value == 7 {
		value = 6
	}
	return strconv.Itoa(value)
}

// span are the bits of a range.
func (k kind) span(from, to, step int) (values Field) {
	for v := from; v <= to; v += step {
		at := v
		if k.names == weekdayNames {
			at %= 7
		}
		values |= 1 << at
	}
	return values
}

// value reads a number or a name.
func (k kind) value(text string) (value int, wrong string) {
	if n, ok := number(text); ok && n >= k.first && n <= k.last {
		return n, ""
	}
	if at := strings.Index(k.names, strings.ToLower(text)); len(text) == 3 && at >= 0 && at%3 == 0 {
		return at/3 + k.from, ""
	}
	return 0, k.remedy(text)
}

// remedy says what to write instead of something that is not a value.
func (k kind) remedy(text string) string {
	upper := strings.ToUpper(text)
	switch {
	case text == "":
		return "a value is missing"
	case text == "?":
		return "write * instead"
	case strings.Contains(text, "#"):
		return "# is not supported: write the weekday alone, and have the command check the date"
	case upper == "L", strings.HasSuffix(upper, "L") && isNumber(text[:len(text)-1]):
		return "L is not supported: write 28-31, and have the command check whether tomorrow is the 1st"
	case strings.HasSuffix(upper, "W") && (upper == "LW" || isNumber(text[:len(text)-1])):
		return "W is not supported: list days, and have the command check the weekday"
	case upper == "H", strings.ContainsAny(text, "~()"):
		return "random times are not supported: choose one"
	}
	for at := 0; len(text) > 3 && at < len(k.names); at += 3 {
		if short := k.names[at : at+3]; strings.HasPrefix(strings.ToLower(text), short) {
			return "write " + short
		}
	}
	must := fmt.Sprintf("must be from %d to %d", k.first, k.last)
	if k.names != "" {
		must += fmt.Sprintf(", or from %s to %s", k.names[:3], k.names[len(k.names)-3:])
	}
	return must
}

// number reads digits and nothing else.
func number(text string) (n int, ok bool) {
	if !isNumber(text) {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

func isNumber(text string) bool {
	return text != "" && !slices.ContainsFunc([]byte(text), func(c byte) bool { return c < '0' || c > '9' })
}
