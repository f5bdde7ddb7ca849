package slot

import (
	"slices"
	"strconv"
	"testing"

	"reeve/env"
)

func TestBlocks(t *testing.T) {
	for _, c := range []struct {
		base, ports int
		slots       int
		first       Block // slot 1, or 0 where there is none
		last        Block
	}{
		{5000, 1, 606, Block{1, 5100, 5199}, Block{605, 65500, 65535}},
		{5000, 100, 605, Block{1, 5100, 5199}, Block{604, 65400, 65499}},
		{5000, 101, 303, Block{1, 5200, 5399}, Block{302, 65400, 65535}},
		{5000, 201, 202, Block{1, 5300, 5599}, Block{201, 65300, 65535}},
		{5000, 4001, 14, Block{1, 9100, 13199}, Block{13, 58300, 62399}},
		{1, 65535, 1, Block{0, 1, 65535}, Block{0, 1, 65535}},
		{65535, 1, 1, Block{0, 65535, 65535}, Block{0, 65535, 65535}},
		{65535, 2, 0, Block{}, Block{}},
	} {
		w := Wish{Base: c.base, Ports: c.ports}
		if got := w.slots(); got != c.slots || w.Exists() != (c.slots > 0) {
			t.Errorf("%+v has %d slots, want %d", w, got, c.slots)
			continue
		}
		if c.slots == 0 {
			continue
		}
		if got := w.block(min(1, c.slots-1)); got != c.first {
			t.Errorf("%+v: %v, want %v", w, got, c.first)
		}
		if got := w.block(c.slots - 1); got != c.last {
			t.Errorf("%+v ends with %v, want %v", w, got, c.last)
		}
	}
}

// TestTurn wants each slot to be tried once, from the preferred one on.
func TestTurn(t *testing.T) {
	for _, base := range []int{5000, 63000, 65000, 65300, 65400} {
		w := Wish{Base: base, Ports: 101}
		main := w.turn("")
		if !slices.IsSorted(main) || main[0] != 0 || len(main) != w.slots() {
			t.Errorf("the main checkout tries %v", main)
		}
		for n := range 100 {
			path := "/home/me/trees/" + strconv.Itoa(n)
			turn := w.turn(path)
			if !slices.Equal(turn, w.turn(path)) {
				t.Errorf("%s is not the same each time", path)
			}
			if sorted := slices.Sorted(slices.Values(turn)); !slices.Equal(sorted, main) {
				t.Errorf("%s tries %v", path, turn)
			}
			if len(turn) > 1 && (turn[0] == 0 || turn[0] > favoured || turn[len(turn)-1] != 0) {
				t.Errorf("%s tries %v", path, turn)
			}
		}
	}
}

// TestTurnSpreads wants worktrees to prefer different slots, as far as there are enough.
func TestTurnSpreads(t *testing.T) {
	preferred := map[int]int{}
	for n := range 1500 {
		preferred[Wish{Base: 5000, Ports: 1}.turn("/home/me/shop-" + strconv.Itoa(n))[0]]++
	}
	for n := 1; n <= favoured; n++ {
		if preferred[n] < 50 || preferred[n] > 200 {
			t.Errorf("%d of 1500 prefer slot %d", preferred[n], n)
		}
	}
}

func TestChoose(t *testing.T) {
	w := Wish{Base: 5000, Ports: 201}
	held := func(slots ...int) func(Block) *Obstacle {
		return func(b Block) *Obstacle {
			if slices.Contains(slots, b.Slot) {
				return &Obstacle{Holder: env.Owner{Port: b.Last}}
			}
			return nil
		}
	}
	const tree = "/home/me/trees/one"
	own := w.turn(tree)[0]
	after := w.turn(tree)[1]
	for _, c := range []struct {
		worktree string
		held     []int
		slot     int
		obstacle int // the port
	}{
		{"", nil, 0, 0},
		{"", []int{1}, 0, 0},
		{"", []int{0}, 1, 5299},
		{"", []int{0, 1, 2}, 3, 5299},
		{tree, nil, own, 0},
		{tree, []int{0}, own, 0},
		{tree, []int{own}, after, w.block(own).Last},
		{tree, []int{own, after}, w.turn(tree)[2], w.block(own).Last},
	} {
		got, ok := choose(w, c.worktree, held(c.held...))
		if !ok || got.Block != w.block(c.slot) || got.Linked != (c.worktree != "") {
			t.Errorf("%q with %v held gets %+v", c.worktree, c.held, got)
		}
		if port := 0; got.Obstacle != nil {
			port = got.Obstacle.Holder.Port
			if port != c.obstacle {
				t.Errorf("%q with %v held names port %d", c.worktree, c.held, port)
			}
		} else if c.obstacle != 0 {
			t.Errorf("%q with %v held names no obstacle", c.worktree, c.held)
		}
	}
	all := w.turn("")
	if got, ok := choose(w, "", held(all...)); ok || got.Obstacle == nil || got.Obstacle.Holder.Port != 5299 {
		t.Errorf("where all is held it gets %+v", got)
	}
}
