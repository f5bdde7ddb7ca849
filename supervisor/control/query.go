package control

import (
	"fmt"
	"net/url"
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
	set("follow", "true", q.Follow)
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
		"since":     func(s string) (err error) { q.Since, err = time.ParseDuration(s); return err },
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
		if set(v.Get(key)) != nil {
			return q, fmt.Errorf("%s=%s is invalid", key, v.Get(key))
		}
	}
	q.NoPrefix = !prefix
	return q, nil
}

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
