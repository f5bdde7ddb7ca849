package app

import (
	"slices"
	"testing"

	"reeve/procfile"
	"reeve/supervisor/control"
)

func TestProcfileChanges(t *testing.T) {
	p, err := procfile.Parse("Procfile", []byte("web: a\nworker: b\n"))
	if err != nil {
		t.Fatal(err)
	}
	a := &App{Procfile: p}
	web, worker, clock := control.Type{Name: "web", Command: "a"}, control.Type{Name: "worker", Command: "b"}, control.Type{Name: "clock", Command: "c"}
	other := control.Type{Name: "web", Command: "aa"}
	for _, tt := range []struct {
		name string
		was  []control.Type
		want []string
	}{
		{"the same", []control.Type{web, worker}, nil},
		{"a command", []control.Type{other, worker}, []string{"web in Procfile"}},
		{"one more", []control.Type{web}, []string{"worker in Procfile"}},
		{"one less", []control.Type{web, worker, clock}, []string{"clock in Procfile"}},
		{"another order", []control.Type{worker, web}, []string{"the order of types in Procfile"}},
	} {
		if got := a.procfileChanges(control.Formation{Types: tt.was}); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
