package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// set gives a flag some values, from sources that get stronger where "|" stands between.
func set(v interface{ Set(string) error }, values string) error {
	for n, source := range strings.Split(values, "|") {
		if s, ok := v.(newSource); ok && n > 0 {
			s.newSource()
		}
		for value := range strings.FieldsSeq(source) {
			if err := v.Set(strings.ReplaceAll(value, "_", " ")); err != nil {
				return err
			}
		}
	}
	return nil
}

func TestPerTypeValue(t *testing.T) {
	for _, tt := range []struct{ values, want string }{
		{"", "5s map[]"},
		{"30", "30s map[]"},
		{"1m30s", "1m30s map[]"},
		{"web=30s", "5s map[web:30s]"},
		{"web=30,worker=.5,7", "7s map[web:30s worker:500ms]"},
		{"web=30 7 web=1", "7s map[web:1s]"},
		{"_web_=_30_,_7_", "7s map[web:30s]"},
		{"0", "0s map[]"},

		{"7,web=30 | 8", "8s map[]"},
		{"7,web=30 | web=1", "7s map[web:1s]"},
		{"7,web=30,job=3 | web=1,8", "8s map[web:1s]"},
		{"7,web=30,job=3 | 8,web=1", "8s map[web:1s]"},
		{"web=30 | job=1 | 8", "8s map[]"},
		{"web=30 | job=1 | web=2", "5s map[job:1s web:2s]"},
		{"| web=1 8", "8s map[web:1s]"},

		{",", "must not be empty"},
		{"web", "must be a number of seconds"},
		{"web=", "must be a number of seconds"},
		{"web=-1", "must be a number of seconds"},
		{"=3", "needs a process type before the ="},
		{"web=1,job", "must be a number of seconds"},
	} {
		p := perType[time.Duration]{all: 5 * time.Second}
		err := set(&perTypeValue[time.Duration]{of: &p, parse: parseDuration}, tt.values)
		if got := fmt.Sprint(p.all, " ", p.types); err == nil && got != tt.want || err != nil && !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%q: %s, %v; want %s", tt.values, got, err, tt.want)
		}
	}
	p := perType[int]{all: 1, types: map[string]int{"web": 2, "job": 3}}
	if p.of("web") != 2 || p.of("job") != 3 || p.of("clock") != 1 || fmt.Sprint(p.names()) != "[job web]" {
		t.Errorf("%d %d %d %v", p.of("web"), p.of("job"), p.of("clock"), p.names())
	}
}

func TestOrderValue(t *testing.T) {
	const form = "must be TYPE=TYPE+TYPE, as in web=db+redis"
	for _, tt := range []struct{ values, want string }{
		{"web=db", "map[web:[db]]"},
		{"web=db+redis,worker=db", "map[web:[db redis] worker:[db]]"},
		{"web=db web=redis", "map[web:[db redis]]"},
		{"_web_=_db_+_redis_", "map[web:[db redis]]"},
		{"web=db,job=db | web=redis web=cache", "map[job:[db] web:[redis cache]]"},
		{",", "must not be empty"},
		{"web", form},
		{"web=", form},
		{"=db", form},
		{"web=db+", form},
		{"web=+db", form},
	} {
		var after map[string][]string
		err := set(&orderValue{after: &after}, tt.values)
		if got := fmt.Sprint(after); err == nil && got != tt.want || err != nil && err.Error() != tt.want {
			t.Errorf("%q: %s, %v; want %s", tt.values, got, err, tt.want)
		}
	}
}

func TestProbeValue(t *testing.T) {
	for _, tt := range []struct{ value, want string }{
		{"web=tcp", "tcp localhost:$PORT"},
		{" web = log:^listening,=", "log ^listening,="},

		{"tcp", "must be TYPE=PROBE, as in web=tcp"},
		{"=tcp", "must be TYPE=PROBE, as in web=tcp"},
		{"web=", "a probe is tcp, "},
	} {
		var v probeValue
		err := v.Set(tt.value)
		if err != nil {
			if !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("%q: %v, want %s", tt.value, err, tt.want)
			}
			continue
		}
		if got := fmt.Sprint(v["web"].Kind, " ", v["web"].Text); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.value, got, tt.want)
		}
	}
}

func TestExpandProbe(t *testing.T) {
	environ := []string{"PORT=5000", "EMPTY="}
	for _, tt := range []struct{ text, want string }{
		{"localhost:$PORT", "localhost:5000"},
		{"http://localhost:${PORT}/a$EMPTY", "http://localhost:5000/a"},
		{"localhost:5432", "localhost:5432"},
		{"$HOST:$PORT", "$HOST:$PORT: HOST is not set"},
	} {
		got, err := expand(tt.text, environ)
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.text, got, tt.want)
		}
	}
}
