package control

import (
	"context"
	"testing"
	"time"

	"reeve/internal/trial"
)

// TestEverywhere finds who answers and who does not, wherever their sockets are, each once; what is
// nobody's is left out, and nobody holds the others up.
func TestEverywhere(t *testing.T) {
	_, _, _ = serve(t) // which says that its root is /app
	dir := Directories()[0]
	populate(t, dir)
	var mute, answering Found
	longer(t, func(limit time.Duration) (enough bool) {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		began := time.Now()
		all := Everywhere(ctx)
		if took := time.Since(began); took > limit+trial.Patience {
			t.Errorf("it took %v", took)
		}
		if len(all) != 2 {
			t.Fatalf("found %+v", all)
		}
		mute, answering = all[0], all[1]
		return answering.Formation != nil
	})
	if mute.Name != "deaf-1" || mute.Root != "" || mute.Formation != nil || mute.Suspended {
		t.Errorf("got %+v", mute)
	}
	if answering.Root != "/app" || answering.Formation == nil || len(answering.Formation.Instances) != 1 {
		t.Errorf("got %+v", answering)
	}
	if f, err := answering.Client().Formation(t.Context()); err != nil || f.Root != "/app" {
		t.Errorf("got %+v, %v", f, err)
	}
}

func TestNamesOfRoots(t *testing.T) {
	root := t.TempDir()
	alone, own := socketNames(root)
	for _, name := range []string{alone, own} {
		if !isNameOf(name, root) || isNameOf(name, root+"x") {
			t.Errorf("%s is not the name of %s alone", name, root)
		}
	}
}

// Outlines are asked for by a parameter, and others are mistakes.
func TestFormationParameters(t *testing.T) {
	_, _, c := serve(t)
	for what, ok := range map[string]bool{"formation?usage=false": true, "formation?usage=true": true, "formation?usage=x": false, "formation?other=1": false} {
		if _, err := c.formation(t.Context(), what); (err == nil) != ok {
			t.Errorf("%s: %v", what, err)
		}
	}
}
