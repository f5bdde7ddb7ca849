//go:build darwin || freebsd

package watch

import (
	"os"
	"strconv"
	"testing"
)

func TestBudget(t *testing.T) {
	var b budget
	dir := t.TempDir()
	for n := range 9 {
		if err := os.WriteFile(dir+"/"+strconv.Itoa(n), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := b.take(dir); err != nil || b.open != 10 {
			t.Errorf("%d open, %v", b.open, err)
		}
	}
	b.most = 15
	other := t.TempDir()
	if err := b.take(other + "/"); err != nil || b.open != 11 {
		t.Errorf("%d open, %v", b.open, err)
	}
	if err := b.take(dir + "/."); err == nil || b.open != 11 {
		t.Errorf("%d open, %v", b.open, err)
	}
	b.give(dir)
	if b.give(dir); b.open != 1 {
		t.Errorf("%d open", b.open)
	}
}
