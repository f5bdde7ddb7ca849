package sorting

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

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
