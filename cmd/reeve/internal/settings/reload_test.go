package settings

import (
	"slices"
	"testing"
)

// reread are settings that are no process's own: what follows from them is seen elsewhere, in the
// Procfile, the environments or the specs.
var reread = []string{
	"procfile", "env", "no-env", "env-override", "clean-env", "keep", "strict",
	"with-deps", "ready-timeout", "restart-limit", "no-watch",
}

// TestReloadOfEverySetting walks the settings: of each it is known what becomes of it when it is read
// again, and it is seen to have changed.
func TestReloadOfEverySetting(t *testing.T) {
	for _, row := range Rows(OnStart) {
		_, value := samples(row) // the other one may be the default
		switch {
		case row.Arg.IsTypes():
			value = "web"
		case row.Arg.TypeIsOptional():
			value = "web=" + value
		case row.Name == "release" || !row.TakesValue():
			value = "true"
		}
		now, former := Defaults(), Defaults()
		if err := row.value(now).Set(value); err != nil {
			t.Fatalf("--%s %s: %v", row.Name, value, err)
		}
		flag := "--" + row.Name
		later := slices.Contains(lasting, row.Name)
		soon := slices.Contains(now.Immediate(former), flag)
		restarts := slices.Contains(now.Differing(former, "web"), flag)
		if others := now.Differing(former, "other"); len(others) > 0 && row.Name != "release" {
			t.Errorf("%s %s restarts other types: %v", flag, value, others)
		}
		ways := 0
		for _, way := range []bool{later, soon, restarts, slices.Contains(reread, row.Name) && !soon} {
			if way {
				ways++
			}
		}
		if ways != 1 {
			t.Errorf("%s %s: at the next start %v, at once %v, by restarts %v: which?", flag, value, later, soon, restarts)
		}
		if !later || row.Name == "no-color" {
			continue
		}
		if kept := now.KeepLasting(former); !slices.Contains(kept, flag) || row.described(now) != row.described(former) {
			t.Errorf("%s %s is not kept: %v", flag, value, kept)
		}
	}
}

// What differs for a type is what holds for it, wherever that is said.
func TestDiffering(t *testing.T) {
	of := func(toml string) *Options {
		o, err := parseIn(t, toml)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	former := of("stdin = ['null', 'web=open']\n[worker]\nready = 'tcp'\n")
	for toml, want := range map[string][]string{
		"stdin = 'null'\n[worker]\nready = 'tcp'\n":                             {"--stdin"},
		"[web]\nstdin = 'open'\n[worker]\nstdin = 'null'\nready = 'tcp'\n":      nil,
		"stdin = ['null', 'web=open']\n[worker]\nready = 'tcp://localhost:1'\n": nil,
		"stdin = ['null', 'web=open']\nstop-signal = 'INT'\n":                   {"--stop-signal"},
		"stdin = ['null', 'web=open']\n[web]\nready = 'log:a'\n":                {"--ready"},
		"timeout = 3\nstdin = ['null', 'web=open']\n":                           nil,
	} {
		if got := of(toml).Differing(former, "web"); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", toml, got, want)
		}
	}
	probe := of("[web]\nready = 'log:a+b'\n")
	if again := of("[web]\nready = 'log:a+b'\n").Differing(probe, "web"); len(again) > 0 {
		t.Errorf("the same differs: %v", again)
	}
}
