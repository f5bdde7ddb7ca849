package export

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"reeve/procfile/probe"
)

// examples are probes of each kind: of a process's own port, and of something else.
var examples = map[string][]string{
	probe.TCP:  {"tcp", "tcp://db:5432"},
	probe.HTTP: {"http://localhost:$PORT/health", "https://db.example.com/health"},
	probe.Log:  {"log:ready"},
	probe.Exec: {"exec:test -e ready"},
	probe.Exit: {"exit"},

	probe.Notify: {"notify"},
}

// TestProbes walks the kinds of probes and the formats: each format has a type's probe in
// its files, or says that it leaves it out. Whatever another program can try has a command.
func TestProbes(t *testing.T) {
	for _, kind := range probe.Kinds {
		if _, ok := commands[kind.Name]; ok != kind.Checkable {
			t.Errorf("%s: a command is in probe.go: %v, checkable: %v", kind.Name, ok, kind.Checkable)
		}
		if len(examples[kind.Name]) == 0 {
			t.Errorf("%s: there is no example of the kind here", kind.Name)
		}
		for _, example := range examples[kind.Name] {
			p, err := probe.Readiness.Parse(example)
			if err != nil || p.Kind != kind.Name {
				t.Fatalf("%s: %v", example, err)
			}
			for _, f := range keepers() {
				if !says(t, *f, func(t *Type, p *Probe) { t.Ready = p }, p) {
					t.Errorf("%s: a probe of the kind %s (%s) is neither written nor said to be left out: see limits.go", f.Name, kind.Name, example)
				}
				if kind.Lasting && !says(t, *f, func(t *Type, p *Probe) { t.Health = p }, p) {
					t.Errorf("%s: health by a probe of the kind %s (%s) is neither written nor said to be left out: see limits.go", f.Name, kind.Name, example)
				}
			}
		}
	}
}

// keepers are the formats that keep something running.
func keepers() []*Format {
	return slices.DeleteFunc(slices.Clone(Formats), func(f *Format) bool { return f.TimedOnly })
}

// TestStopCommands checks that each format writes a type's stop command, or says that it does not.
func TestStopCommands(t *testing.T) {
	set := func(t *Type, p *Probe) {
		if t.StopCommand = ""; p != nil {
			t.StopCommand = p.Text
		}
	}
	for _, f := range keepers() {
		if !says(t, *f, set, probe.Probe{Text: "docker stop web"}) {
			t.Errorf("%s: a stop command is neither written nor said to be left out: see limits.go", f.Name)
		}
	}
}

// says reports whether a format writes a probe of a type, has a notice of it, or refuses the type by name.
func says(t *testing.T, f Format, set func(*Type, *Probe), p probe.Probe) bool {
	t.Helper()
	bare, probed := fullApp(), fullApp()
	set(&bare.Types[0], nil)
	set(&probed.Types[0], &Probe{Probe: p})
	without, fewer, err := f.Export(bare, nil)
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	with, more, err := f.Export(probed, nil)
	if err != nil && strings.HasPrefix(err.Error(), probed.Types[0].Name+": "+f.Name) {
		return true
	}
	if err != nil {
		t.Fatalf("%s, %s: %v", f.Name, p.Text, err)
	}
	same := slices.EqualFunc(without, with, func(a, b File) bool { return a.Path == b.Path && bytes.Equal(a.Content, b.Content) })
	return !same || !slices.Equal(fewer, more)
}
