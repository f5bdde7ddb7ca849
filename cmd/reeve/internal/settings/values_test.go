package settings

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"reeve/procfile/probe"
)

// set puts values into one that has others already, from sources that get stronger where "|"
// stands between; fresh makes a value of one source.
func set[V value](into V, fresh func() V, values string) error {
	for said := range strings.SplitSeq(values, "|") {
		source := fresh()
		for text := range strings.FieldsSeq(said) {
			if err := source.Set(strings.ReplaceAll(text, "_", " ")); err != nil {
				return err
			}
		}
		into.put(source)
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
		p := PerType[time.Duration]{all: 5 * time.Second}
		in := func(p *PerType[time.Duration]) *perTypeValue[time.Duration] {
			return &perTypeValue[time.Duration]{of: p, parse: parseDuration, show: showDuration}
		}
		err := set(in(&p), func() *perTypeValue[time.Duration] { return in(&PerType[time.Duration]{}) }, tt.values)
		if got := fmt.Sprint(p.all, " ", p.types); err == nil && got != tt.want || err != nil && !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%q: %s, %v; want %s", tt.values, got, err, tt.want)
		}
	}
	p := PerType[int]{all: 1, types: map[string]int{"web": 2, "job": 3}}
	if p.Of("web") != 2 || p.Of("job") != 3 || p.Of("clock") != 1 {
		t.Errorf("%d %d %d", p.Of("web"), p.Of("job"), p.Of("clock"))
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
		after := orderValue{}
		err := set(&after, func() *orderValue { return &orderValue{} }, tt.values)
		if got := fmt.Sprint(after); err == nil && got != tt.want || err != nil && err.Error() != tt.want {
			t.Errorf("%q: %s, %v; want %s", tt.values, got, err, tt.want)
		}
	}
}

func TestOfTypeValue(t *testing.T) {
	for _, tt := range []struct{ value, want string }{
		{"web=tcp", "tcp localhost:$PORT"},
		{" web = log:^listening,=", "log ^listening,="},

		{"tcp", "must be TYPE=PROBE, as in web=tcp"},
		{"=tcp", "must be TYPE=PROBE, as in web=tcp"},
		{"web=", "must be tcp, "},
	} {
		var probes map[string]probe.Probe
		err := ofTypeVar(&probes, probe.Readiness.Parse, "TYPE=PROBE, as in web=tcp").Set(tt.value)
		if err != nil {
			if !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("%q: %v, want %s", tt.value, err, tt.want)
			}
			continue
		}
		if got := fmt.Sprint(probes["web"].Kind, " ", probes["web"].Text); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.value, got, tt.want)
		}
	}
}

// TestWithout takes a type out of every flag that can name it: the options that are left say
// nothing of it, and the others say what they said.
func TestWithout(t *testing.T) {
	for _, row := range Table() {
		if !row.Arg.ForTypes() {
			continue
		}
		_, text := samples(row)
		switch {
		case row.Arg.Defines():
			text = "some=web"
		case row.Arg.IsTypes():
			text = "web"
		case row.Arg.TypeIsOptional():
			text = "web=" + text
		}
		o := Defaults()
		if err := row.value(o).Set(text); err != nil {
			t.Fatalf("--%s %s: %v", row.Name, text, err)
		}
		before := said(o)
		if left := said(o.Without(map[string]bool{"web": true})); strings.Contains(left, "web") {
			t.Errorf("--%s %s: %s", row.Name, text, left)
		}
		if after := said(o); after != before {
			t.Errorf("--%s %s: the options change from %s to %s", row.Name, text, before, after)
		}
	}
}

func TestPortValue(t *testing.T) {
	for _, tt := range []struct{ values, want string }{
		{"", "0"},
		{"1", "1"},
		{"65535", "65535"},
		{"auto", "auto"},
		{"6000 | auto", "auto"},
		{"auto | 6000", "6000"},
		{"0", "must be a whole number from 1 to 65535, or auto"},
		{"-1", "must be a whole number from 1 to 65535, or auto"},
		{"65536", "must be a whole number from 1 to 65535, or auto"},
		{"Auto", "must be a whole number from 1 to 65535, or auto"},
		{"99999999999999999999", "must be a whole number from 1 to 65535, or auto"},
	} {
		var v portValue
		err := set(&v, func() *portValue { return new(portValue) }, tt.values)
		if got := v.String(); err == nil && got != tt.want || err != nil && err.Error() != tt.want {
			t.Errorf("%q: %s, %v; want %s", tt.values, got, err, tt.want)
		}
	}
}
