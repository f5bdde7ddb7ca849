package env

import (
	"slices"
	"strings"
	"testing"
)

func TestPorts(t *testing.T) {
	procfile := []string{"release", "worker", "web", "my-clock"}
	ports := NewPorts(procfile, 5000, 100)
	tests := []struct {
		ports    Ports
		typ      string
		instance int
		want     int // 0: none
	}{
		{ports, "web", 1, 5000},
		{ports, "web", 3, 5002},
		{ports, "worker", 1, 5100},
		{ports, "worker", 2, 5101},
		{ports, "my-clock", 1, 5200},
		{ports, "release", 1, 0},
		{ports, "unknown", 1, 0},
		{Ports{}, "web", 1, 0},

		{NewPorts([]string{"b", "a"}, 3000, 10), "b", 1, 3000}, // no web: the first has place 0
		{NewPorts([]string{"b", "a"}, 3000, 10), "a", 1, 3010},
		{NewPorts([]string{"a", "a", "b"}, 3000, 10), "b", 1, 3010},

		{ports.Pin("worker", 4000), "worker", 2, 4001},
		{ports.Pin("worker", 4000), "web", 1, 5000},
		{ports.Pin("worker", 4000), "my-clock", 1, 5200},
		{ports.Pin("release", 4000), "release", 1, 0},
		{ports.Pin("unknown", 4000), "unknown", 1, 0},
		{Ports{}.Pin("web", 4000), "web", 1, 0},
		{ports, "worker", 1, 5100}, // a pinned copy leaves the original alone
	}
	for _, test := range tests {
		got, ok := test.ports.Of(test.typ, test.instance)
		if got != test.want || ok != (test.want != 0) {
			t.Errorf("%s.%d: %d, %v; want %d", test.typ, test.instance, got, ok, test.want)
		}
	}
}

func TestPortsCheck(t *testing.T) {
	const (
		overlap = ": use a larger --port-step, another --port or fewer instances"
		low     = ": ports are 1 to 65535; use a higher --port"
		high    = ": ports are 1 to 65535; use a lower --port, a smaller --port-step or fewer instances"
	)
	types := []string{"web", "release", "a", "b"}
	at := func(base, step int) Ports { return NewPorts(types, base, step) }
	tests := []struct {
		name   string
		ports  Ports
		counts map[string]int
		want   []string
	}{
		{"one of each", at(5000, 100), map[string]int{"web": 1, "a": 1, "b": 1, "release": 1}, nil},
		{"just fits", at(5000, 100), map[string]int{"web": 100, "a": 100, "b": 9999}, nil},
		{"one too many", at(5000, 100), map[string]int{"web": 101, "a": 1}, []string{
			"web.101 and a.1 would both get port 5100" + overlap}},
		{"several", at(5000, 2), map[string]int{"web": 5, "a": 4, "b": 1}, []string{
			"web.3 to web.5 and a.1 to a.3 would both get ports 5002 to 5004" + overlap,
			"web.5 and b.1 would both get port 5004" + overlap,
			"a.3 and b.1 would both get port 5004" + overlap}},
		{"what does not run", at(5000, 2), map[string]int{"web": 5, "a": 0, "none": 7}, nil},
		{"no step", at(5000, 0), map[string]int{"a": 1, "b": 1}, []string{
			"a.1 and b.1 would both get port 5000" + overlap}},
		{"pinned", at(5000, 100).Pin("a", 4999), map[string]int{"web": 1, "a": 2}, []string{
			"web.1 and a.2 would both get port 5000" + overlap}},
		{"the last port", at(65535, 100), map[string]int{"web": 1}, nil},
		{"past it", at(65535, 100), map[string]int{"web": 2, "a": 2}, []string{
			"web.2 would get port 65536" + high,
			"a.1 to a.2 would get ports 65635 to 65636" + high}},
		{"below", at(-1, 100), map[string]int{"web": 4}, []string{
			"web.1 to web.2 would get ports -1 to 0" + low}},
		{"both", at(0, 100), map[string]int{"web": 65537, "a": 0}, []string{
			"web.1 would get port 0" + low,
			"web.65537 would get port 65536" + high}},
		{"a step that overflows", at(5000, 1<<62), map[string]int{"b": 1}, []string{
			"b.1 would get port 136072" + high}},
	}
	for _, test := range tests {
		got := ""
		if err := test.ports.Check(test.counts); err != nil {
			got = err.Error()
		}
		if want := strings.Join(test.want, "\n"); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", test.name, got, want)
		}
	}
}

func TestPortsEnviron(t *testing.T) {
	ports := NewPorts([]string{"my-clock", "web", "release", "my_clock", "Api2"}, 5000, 100)
	tests := []struct {
		self string
		want []string
	}{
		{"web", []string{"REEVE_PORT_API2=5300", "REEVE_PORT_MY_CLOCK=5100"}},
		{"my_clock", []string{"REEVE_PORT_API2=5300", "REEVE_PORT_MY_CLOCK=5100", "REEVE_PORT_WEB=5000"}},
		{"my-clock", []string{"REEVE_PORT_API2=5300", "REEVE_PORT_WEB=5000"}},
		{"", []string{"REEVE_PORT_API2=5300", "REEVE_PORT_MY_CLOCK=5100", "REEVE_PORT_WEB=5000"}},
	}
	for _, test := range tests {
		if got := ports.Environ(test.self); !slices.Equal(got, test.want) {
			t.Errorf("%q: %q, want %q", test.self, got, test.want)
		}
	}
	if got := ports.Pin("web", 80).Environ("Api2"); !slices.Contains(got, "REEVE_PORT_WEB=80") {
		t.Errorf("pinned: %q", got)
	}
	if got := PortVariable("a.Z-é_9"); got != "REEVE_PORT_A_Z___9" {
		t.Error(got)
	}
}

func TestSpan(t *testing.T) {
	for _, c := range []struct {
		types  []string
		step   int
		counts map[string]int
		want   int
	}{
		{nil, 100, nil, 1},
		{[]string{"web"}, 100, map[string]int{"web": 1}, 1},
		{[]string{"web"}, 100, map[string]int{"web": 150}, 150},
		{[]string{"web", "worker"}, 100, map[string]int{"web": 1, "worker": 1}, 101},
		{[]string{"web", "worker"}, 100, map[string]int{"web": 1}, 101}, // it may be started
		{[]string{"worker", "web"}, 100, map[string]int{"worker": 3}, 103},
		{[]string{"web", "worker", "release"}, 100, map[string]int{"release": 1}, 101},
		{[]string{"a", "b", "c", "d"}, 1, nil, 4},
		{[]string{"a", "b"}, 65535, nil, 65536},
	} {
		for _, base := range []int{1, 5000} {
			if got := NewPorts(c.types, base, c.step).Span(base, c.counts); got != c.want {
				t.Errorf("%v, step %d, %v: %d, want %d", c.types, c.step, c.counts, got, c.want)
			}
		}
	}
}

// TestShare gives all instances of a type one port, which then is no longer than that.
func TestShare(t *testing.T) {
	plain := NewPorts([]string{"web", "worker"}, 5000, 2)
	p := plain.Share("web").Share("nobody")
	for instance, want := range map[int]int{1: 5000, 2: 5000, 9: 5000} {
		if got, _ := p.Of("web", instance); got != want {
			t.Errorf("web.%d has %d", instance, got)
		}
	}
	if got, _ := p.Of("worker", 2); got != 5003 {
		t.Errorf("worker.2 has %d", got)
	}
	counts := map[string]int{"web": 9, "worker": 1}
	if err := p.Check(counts); err != nil {
		t.Error(err)
	}
	if got := p.Span(5000, counts); got != 3 {
		t.Errorf("a span of %d", got)
	}
	if plain.Check(counts) == nil {
		t.Error("the others have changed")
	}
}

// Nobody's port moves when there are other types, and nobody gets that of a type that is gone.
func TestPortsGrow(t *testing.T) {
	p := NewPorts([]string{"worker", "web", "clock"}, 5000, 100).Pin("clock", 4000)
	p = p.Grow([]string{"api", "web", "clock", "release"}, Room{First: 5000, Step: 100})
	p = p.Grow([]string{"jobs", "api", "web", "worker"}, Room{First: 5000, Step: 100})
	for typ, want := range map[string]int{"web": 5000, "worker": 5100, "clock": 4000, "api": 5200, "jobs": 5300} {
		if port, _ := p.Of(typ, 1); port != want {
			t.Errorf("%s has %d, not %d", typ, port, want)
		}
	}
	want := Environ{"REEVE_PORT_API=5200", "REEVE_PORT_JOBS=5300", "REEVE_PORT_WEB=5000", "REEVE_PORT_WORKER=5100"}
	if got := p.Environ(""); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

// Where ports are few, a new type shares a place with another one.
func TestPortsGrowInARoom(t *testing.T) {
	in := Room{First: 5000, Step: 100, Last: 5199}
	p := NewPorts([]string{"web", "worker"}, 5000, 100).Grow([]string{"a", "b", "web", "worker", "c", "d", "e"}, in)
	for typ, want := range map[string]int{"web": 5000, "worker": 5100, "a": 5050, "b": 5150, "c": 5025, "d": 5075, "e": 5125} {
		if port, _ := p.Of(typ, 1); port != want {
			t.Errorf("%s has %d, not %d", typ, port, want)
		}
	}
	full := NewPorts([]string{"web", "worker"}, 5000, 1).Grow([]string{"web", "worker", "a"}, Room{First: 5000, Step: 1, Last: 5001})
	if port, _ := full.Of("a", 1); port != 5002 {
		t.Errorf("a has %d", port)
	}
}
