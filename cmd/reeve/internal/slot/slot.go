// Package slot chooses the ports of a formation, so that several checkouts of an app can run side
// by side.
//
// The ports of a formation are a block: all of them from the base port on, rounded up to a
// multiple of 100. Slot 0 is the block that begins at the usual base port, slot 1 is the next one,
// and so on. Which slot a formation prefers depends on where its app is: a linked worktree of git
// has one of its own, which its path tells, and everything else prefers slot 0.
//
// A slot is taken only when nobody holds any of its ports, and no other formation has claimed
// one of them: that may not listen yet, or may just be restarting what does. See [Claims] for how
// long a claim lasts.
package slot

import (
	"hash/fnv"

	"reeve/env"
	"reeve/internal/checkout"
)

const (
	// unit is what the number of ports in a slot is a multiple of.
	unit = 100
	// favoured is how many slots worktrees prefer. With slot 0 there are as many as a Redis
	// server has databases, which are often chosen by the slot.
	favoured = 15
	maxPort  = 65535
)

// Wish says what is asked for.
type Wish struct {
	Root  string // of the app
	Base  int    // the first port of slot 0
	Ports int    // how many from there on are used, at least 1
}

// Block is the ports of a slot.
type Block struct{ Slot, First, Last int }

// Choice is what has been chosen.
type Choice struct {
	Block
	Linked   bool      // the app is in a linked worktree of git
	Obstacle *Obstacle // in the slot that it prefers; nil: it has that one
}

// Obstacle is why a slot cannot be had: somebody holds a port of it, or another formation has
// claimed ports there.
type Obstacle struct {
	Holder  env.Owner // of the port; without one it is the formation
	Block             // its ports
	Claimer int       // the pid of its reeve; 0: it is not known
}

// Choose takes the first slot that can be had, in the formation's turn. Where there is none, the
// choice has only the obstacle.
func (c *Claims) Choose(w Wish) (chosen Choice, ok bool) {
	c.lock()
	defer c.unlock()
	return choose(w, checkout.Worktree(w.Root), c.obstacle)
}

// obstacle claims a block, or says why it cannot be had. It looks at claims first: a port that
// another formation is about to listen on is not even tried.
func (c *Claims) obstacle(b Block) *Obstacle {
	if by, ok := c.claim(b); !ok {
		return &by
	}
	if holder, held := env.FirstHeld(b.First, b.Last); held {
		c.drop(b)
		return &Obstacle{Holder: holder}
	}
	return nil
}

// choose asks for one slot after the other until there is no obstacle.
func choose(w Wish, worktree string, obstacle func(Block) *Obstacle) (c Choice, ok bool) {
	c = Choice{Linked: worktree != ""}
	for _, n := range w.turn(worktree) {
		b := w.block(n)
		o := obstacle(b)
		if o == nil {
			c.Block = b
			return c, true
		}
		if c.Obstacle == nil {
			c.Obstacle = o
		}
	}
	return c, false
}

// Exists reports whether there are such ports at all.
func (w Wish) Exists() bool { return w.slots() > 0 }

// turn is the order in which slots are tried. The main checkout begins with the first. A linked
// worktree begins with its own and goes round those that worktrees prefer, then through the rest;
// slot 0 comes last, for that is the main checkout's.
func (w Wish) turn(worktree string) (slots []int) {
	all := w.slots()
	if worktree == "" || all < 2 {
		for n := range all {
			slots = append(slots, n)
		}
		return slots
	}
	preferred := min(favoured, all-1)
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(worktree))
	own := int(hash.Sum32() % uint32(preferred))
	for n := range preferred {
		slots = append(slots, 1+(own+n)%preferred)
	}
	for n := preferred + 1; n < all; n++ {
		slots = append(slots, n)
	}
	return append(slots, 0)
}

// slots is how many there are: ports end at 65535.
func (w Wish) slots() int {
	if room := maxPort + 1 - w.Base - w.Ports; room >= 0 {
		return room/w.size() + 1
	}
	return 0
}

// size is how many ports a slot has.
func (w Wish) size() int { return (w.Ports + unit - 1) / unit * unit }

// block is the ports of a slot. Those of the last one may end before they are all there; those
// that are used are.
func (w Wish) block(slot int) Block {
	first := w.Base + slot*w.size()
	return Block{Slot: slot, First: first, Last: min(first+w.size()-1, maxPort)}
}
