package live

import (
	"sync/atomic"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/settings"
)

// plan is what the files said when they were read last. It is replaced as a whole, by the loop, when they
// are read again; whoever asks twice may get two answers. The environments in its app are the
// loop's.
type plan struct {
	app    *app.App
	places map[string]int // of the process types, also of those that are gone

	watching *watching // nil: nothing is watched
}

// plans is the plan that holds.
type plans struct{ now *atomic.Pointer[plan] }

func newPlans(a *app.App) plans {
	p := plans{&atomic.Pointer[plan]{}}
	p.now.Store(&plan{app: a, places: places(a.Procfile.Types())})
	return p
}

func (p plans) app() *app.App              { return p.now.Load().app }
func (p plans) options() *settings.Options { return p.app().Settings }
func (p plans) places() map[string]int     { return p.now.Load().places }
func (p plans) watching() *watching        { return p.now.Load().watching }

// after is the plan of an app that has been read again. A process type keeps its place, and with that its
// colour.
func (p plans) after(a *app.App) *plan {
	types := make([]string, len(p.places()))
	for typ, place := range p.places() {
		types[place] = typ
	}
	for _, typ := range a.Types() {
		if _, known := p.places()[typ]; !known {
			types = append(types, typ)
		}
	}
	return &plan{app: a, places: places(types)}
}

// places numbers process types.
func places(types []string) map[string]int {
	places := map[string]int{}
	for i, t := range types {
		places[t] = i
	}
	return places
}
