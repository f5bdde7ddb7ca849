package app

import (
	"reeve/cmd/reeve/internal/slot"
	"reeve/procfile"
)

// freeBase is the base port of the ports that reeve chooses for the formation, where it would
// usually have others. It is chosen once. Whoever starts nothing is told what could be had now.
func (a *App) freeBase(usual int) (base int, err error) {
	if a.Chosen != nil {
		return a.Chosen.First, nil
	}
	w := slot.Wish{Root: a.Root, Base: usual, Ports: a.portsFrom(usual).Span(usual, a.wantedCounts())}
	if !w.Exists() {
		return usual, nil // which is reported when it is known what runs
	}
	claims := slot.Open(a.request.Ports)
	c, ok := claims.Choose(w)
	if a.request.Ports == slot.Look {
		claims.Close()
	}
	if !ok {
		return 0, noSlotText(usual, c)
	}
	a.Chosen, a.claims = &c, claims
	return c.First, nil
}

// ReleasePorts lets others have the ports that were chosen. Until then they are claimed for as long
// as reeve runs.
func (a *App) ReleasePorts() {
	if a.claims != nil {
		a.claims.Close()
	}
}

// slot is the number of the formation's ports among those of several checkouts; 0: the usual ones.
func (a *App) slot() int {
	switch {
	case a.Running != nil:
		return a.Running.Slot
	case a.Chosen != nil:
		return a.Chosen.Slot
	}
	return 0
}

// wantedCounts are the numbers of instances, before it is checked whether they can be had.
func (a *App) wantedCounts() map[string]int {
	if a.Procfile == nil {
		return nil
	}
	f, _ := a.Procfile.Formation(a.selection())
	return countsOf(f)
}

// selection says what of the Procfile runs.
func (a *App) selection() procfile.Selection {
	return procfile.Selection{Quantities: a.quantities(), Only: a.Named(), Exclude: a.Settings.Exclude}
}

// CheckPorts reports ports that there are not, that two instances would share, or that are not
// among those that were chosen.
func (a *App) CheckPorts(counts map[string]int) error {
	if err := a.Ports.Check(counts); err != nil || a.Chosen == nil {
		return err
	}
	if last := a.Base + a.Ports.Span(a.Base, counts) - 1; last > a.Chosen.Last {
		return outsideText(last, a.Chosen.Block)
	}
	return nil
}

func countsOf(f procfile.Formation) map[string]int {
	counts := map[string]int{}
	for _, m := range f {
		counts[m.Type] = m.Count
	}
	return counts
}
