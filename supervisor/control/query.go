package control

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"regexp/syntax"
	"strconv"
	"time"
)

// values are the parameters of a query.
func (q LogQuery) values() url.Values {
	v := url.Values{"name": q.Names}
	set := func(key, value string, needed bool) {
		if needed {
			v.Set(key, value)
		}
	}
	set("n", strconv.Itoa(q.Lines), q.Lines >= 0)
	set("since", q.Since.String(), q.Since > 0)
	set("until", q.Until.String(), q.Until > 0)
	set("follow", "true", q.Follow)
	set("stderr", "true", q.Stderr)
	for key, line := range map[string]*regexp.Regexp{"grep": q.Grep, "not": q.Not} {
		if line != nil {
			v.Set(key, line.String())
		}
	}
	set("format", "json", q.JSON)
	set("timestamp", q.Timestamp, q.Timestamp != "")
	set("prefix", "false", q.NoPrefix)
	set("color", q.Color, q.Color != "")
	set("terminal", "true", q.Terminal)
	return v
}

// parseLogQuery reads the parameters of a query.
func parseLogQuery(v url.Values) (q LogQuery, err error) {
	q = LogQuery{Names: v["name"], Lines: -1, Timestamp: v.Get("timestamp"), Color: v.Get("color")}
	prefix := true
	known := map[string]func(string) error{
		"n":         func(s string) (err error) { q.Lines, err = strconv.Atoi(s); return err },
		"since":     ageInto(&q.Since),
		"until":     ageInto(&q.Until),
		"grep":      func(s string) (err error) { q.Grep, err = regexp.Compile(s); return err },
		"not":       func(s string) (err error) { q.Not, err = regexp.Compile(s); return err },
		"stderr":    boolInto(&q.Stderr),
		"follow":    boolInto(&q.Follow),
		"prefix":    boolInto(&prefix),
		"terminal":  boolInto(&q.Terminal),
		"format":    func(s string) error { q.JSON = s == "json"; return oneOf(s, "json", "text") },
		"color":     func(s string) error { return oneOf(s, "", "basic", "rich") },
		"name":      func(string) error { return nil },
		"timestamp": func(string) error { return nil },
	}
	for key := range v {
		set, ok := known[key]
		if !ok {
			return q, fmt.Errorf("there is no parameter %q", key)
		}
		if err := set(v.Get(key)); err != nil {
			return q, invalid(key, v.Get(key), err)
		}
	}
	q.NoPrefix = !prefix
	return q, q.check()
}

// invalid says what is wrong with a parameter, of a regular expression also why.
func invalid(key, value string, err error) error {
	text := fmt.Sprintf("%s=%s is invalid", key, value)
	if why := new(syntax.Error); errors.As(err, &why) {
		text += ": " + why.Code.String()
	}
	return errors.New(text)
}

// check reports parts of the log of which there can be none.
func (q LogQuery) check() error {
	switch {
	case q.Until > 0 && q.Follow:
		return errors.New("until and follow exclude each other")
	case q.Until > 0 && q.Since > 0 && q.Since <= q.Until:
		return fmt.Errorf("since=%v must be more than until=%v: both are ages", q.Since, q.Until)
	}
	return nil
}

// ageInto reads an age as the command line does: 5m, or a number of seconds.
func ageInto(to *time.Duration) func(string) error {
	return func(s string) (err error) {
		if seconds, notOne := strconv.ParseFloat(s, 64); notOne == nil && seconds <= maxSeconds {
			s = strconv.FormatFloat(seconds, 'f', -1, 64) + "s"
		}
		if *to, err = time.ParseDuration(s); err == nil && *to < 0 {
			err = errors.New("it must not be negative")
		}
		return err
	}
}

// maxSeconds is about as many as a duration can have.
const maxSeconds = 9e9

func boolInto(to *bool) func(string) error {
	return func(s string) (err error) { *to, err = strconv.ParseBool(s); return err }
}

func oneOf(s string, choices ...string) error {
	for _, c := range choices {
		if s == c {
			return nil
		}
	}
	return fmt.Errorf("it must be one of %q", choices)
}
