package schedule

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Shorthands are words that stand for five fields.
var Shorthands = []string{"@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"}

// shorthandFields are what they stand for.
var shorthandFields = []string{"0 * * * *", "0 0 * * *", "0 0 * * *", "0 0 * * 0", "0 0 1 * *", "0 0 1 1 *", "0 0 1 1 *"}

const everyWord = "every"

// shortest is the least time between two runs.
const shortest = time.Second

// Parse reads a schedule: five fields, a shorthand, or "every" and a duration.
func Parse(text string) (s Schedule, err error) {
	words := strings.Fields(text)
	s.text = strings.Join(words, " ")
	switch {
	case len(words) == 0:
		return s, errors.New("must not be empty")
	case words[0] == everyWord:
		s.Every, err = parseEvery(words[1:])
		return s, err
	case strings.HasPrefix(words[0], "@"):
		words, err = expand(words)
	case strings.HasPrefix(words[0], "CRON_TZ="), strings.HasPrefix(words[0], "TZ="):
		err = errors.New("a schedule has no time zone of its own: set cron-zone, which applies to all, and leave it out here")
	}
	if err != nil {
		return s, err
	}
	if err := checkCount(len(words)); err != nil {
		return s, err
	}
	for n, field := range []*Field{&s.Times.Minute, &s.Times.Hour, &s.Times.Day, &s.Times.Month, &s.Times.Weekday} {
		if *field, err = kinds[n].parse(words[n]); err != nil {
			return s, err
		}
	}
	return s, s.Times.check()
}

// parseEvery reads the time between two runs.
func parseEvery(words []string) (time.Duration, error) {
	d, err := time.ParseDuration(strings.Join(words, ""))
	switch {
	case err != nil || len(words) != 1:
		return 0, errors.New("every needs a duration, as in every 30s, every 5m or every 1h30m")
	case d < shortest:
		return 0, fmt.Errorf("must be at least %v", shortest)
	}
	return d, nil
}

// expand returns the fields that a shorthand stands for.
func expand(words []string) ([]string, error) {
	for n, word := range Shorthands {
		if len(words) == 1 && words[0] == word {
			return strings.Fields(shorthandFields[n]), nil
		}
	}
	switch words[0] {
	case "@reboot":
		return nil, errors.New("what runs once at the start is a task, not a schedule: use --ready TYPE=exit")
	case "@every":
		return nil, fmt.Errorf("write %s without the @, as in every 30s", everyWord)
	}
	return nil, fmt.Errorf("%s is not one of %s", strings.Join(words, " "), strings.Join(Shorthands, ", "))
}

// checkCount reports a number of fields other than five.
func checkCount(n int) error {
	switch {
	case n == len(kinds):
		return nil
	case n > len(kinds):
		return fmt.Errorf("must have five fields, not %d: seconds and years are not supported; for seconds use every, as in every 30s", n)
	}
	return fmt.Errorf("must have five fields, not %d: minute, hour, day of month, month, day of week; or every and a duration, as in every 30s; or one of %s",
		n, strings.Join(Shorthands, ", "))
}

// longestMonths are how many days each month has at most.
var longestMonths = [...]int{1: 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// check reports schedules that name only dates that never come.
func (t Times) check() error {
	if t.EitherDay() {
		return nil // it runs on days of the week
	}
	var months []string
	day := t.Day.Values()[0]
	for _, m := range t.Month.Values() {
		if day <= longestMonths[m] {
			return nil
		}
		months = append(months, monthNames[3*m-3:3*m])
	}
	return fmt.Errorf("would never run: there is no day %d in %s", day, strings.Join(months, ", "))
}
