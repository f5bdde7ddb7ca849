package sorting

import (
	"cmp"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestNobodySortsOtherwise reads the program: nothing is sorted by what is compiled anew for
// each type.
func TestNobodySortsOtherwise(t *testing.T) {
	other := regexp.MustCompile(`slices\.Sort\w*Func\(`)
	for _, part := range []string{"cmd", "env", "internal", "output", "procfile", "supervisor", "watch"} {
		err := filepath.WalkDir(filepath.Join("..", "..", part), func(path string, e fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			if other.Match(text) {
				t.Errorf("%s: use sorting.Stable", path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestStable(t *testing.T) {
	type pair struct{ key, place int }
	list := make([]pair, 1000)
	for i := range list {
		list[i] = pair{rand.IntN(100), i}
	}
	byKey := func(a, b pair) int { return cmp.Compare(a.key, b.key) }
	want := slices.Clone(list)
	slices.SortStableFunc(want, byKey)
	if Stable(list, byKey); !slices.Equal(list, want) {
		t.Error("it is another order than that of slices.SortStableFunc")
	}
	Stable(nil, byKey)
}
