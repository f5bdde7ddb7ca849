package live

import (
	"errors"
	"maps"
	"slices"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/held"
	"reeve/supervisor"
)

// sockets are those that reeve holds for process types (--listen). Before the loop runs they are the
// starter's, then the loop's.
type sockets struct {
	plans plans
	keep  func(files ...string)   // has the guardian remove them
	of    map[string]*held.Socket // by process type
}

// bindAll makes those of all types that run.
func (h *sockets) bindAll() error {
	for _, typ := range h.plans.app().HeldTypes() {
		if err := h.bind(typ); err != nil {
			return err
		}
	}
	return nil
}

// bind makes that of a type.
func (h *sockets) bind(typ string) error {
	at, _ := h.plans.app().Held(typ)
	s, err := held.Bind(at)
	if err != nil {
		return errors.New(app.HeldText(typ, at, err))
	}
	if h.of == nil {
		h.of = map[string]*held.Socket{}
	}
	h.of[typ] = s
	h.keep(h.files()...)
	return nil
}

// wanted is what an app that has been read again wants of sockets. One stays as long as somebody is to
// have it, also if that is another type.
type wanted struct {
	kept    map[string]*held.Socket // by process type
	lacking []string                // process types
	leaving []*held.Socket
}

func (h *sockets) wantedBy(a *app.App) (w wanted) {
	former, running := map[held.Address]*held.Socket{}, a.HeldTypes()
	for _, s := range h.of {
		former[s.At()] = s
	}
	w.kept = map[string]*held.Socket{}
	for _, typ := range a.Types() {
		at, holds := a.Held(typ)
		s, kept := former[at]
		switch {
		case !holds:
		case kept:
			w.kept[typ] = s
			delete(former, at)
		case slices.Contains(running, typ) || h.of[typ] != nil:
			w.lacking = append(w.lacking, typ)
		}
	}
	w.leaving = slices.Collect(maps.Values(former))
	return w
}

// try reports why what an app wants could not be had. Leaves reports whether what is in the way is
// about to be gone.
func (h *sockets) try(a *app.App, leaves func(typ string, err error) bool) error {
	w := h.wantedBy(a)
	for _, typ := range w.lacking {
		at, _ := a.Held(typ)
		if err := held.Try(at, w.leaving...); err != nil && !leaves(typ, err) {
			return errors.New(app.HeldText(typ, at, err))
		}
	}
	return nil
}

// follow holds what an app wants. Whatever fails, nothing has changed. What is to be had only when a run
// has ended that is in the way is bound then.
func (h *sockets) follow(a *app.App, leaves func(typ string, err error) bool) error {
	w, fresh := h.wantedBy(a), sockets{of: map[string]*held.Socket{}}
	for _, typ := range w.lacking {
		at, _ := a.Held(typ)
		s, err := held.Bind(at, w.leaving...)
		switch {
		case err == nil:
			fresh.of[typ] = s
		case !leaves(typ, err):
			fresh.remove()
			return errors.New(app.HeldText(typ, at, err))
		}
	}
	for _, s := range w.leaving {
		s.Close()
		s.Remove()
	}
	maps.Copy(w.kept, fresh.of)
	h.of = w.kept
	h.keep(h.files()...)
	return nil
}

// files are those of Unix sockets.
func (h *sockets) files() (paths []string) {
	for _, s := range h.of {
		if file := s.At().File(); file != "" {
			paths = append(paths, file)
		}
	}
	return paths
}

// handTo gives a command the socket of its type, if there is one. That of a type of which nothing
// was to run at the start is made now. RunsOf tells what other runs of the type have it.
func (h *sockets) handTo(c *supervisor.Command, typ string, runsOf func(typ string) []string) error {
	if _, holds := h.plans.app().Held(typ); !holds {
		return nil
	}
	s := h.of[typ]
	if s == nil {
		if err := h.bind(typ); err != nil {
			return err
		}
		s = h.of[typ]
	}
	if err := s.Mend(); err != nil {
		return errors.New(app.HeldText(typ, s.At(), err))
	}
	if len(runsOf(typ)) == 0 {
		s.Block()
	}
	c.Sockets, c.Names = []supervisor.Socket{{Name: typ, File: s.File()}}, h.plans.app().NamesSocket(typ)
	return nil
}

// mend makes good what a run of a type may have done to its socket, so that nobody is refused.
func (h *sockets) mend(typ string) {
	if s := h.of[typ]; s != nil {
		_ = s.Mend() // the next run tells
	}
}

// holds reports whether reeve listens on a TCP port itself, and for which type.
func (h *sockets) holds(port int) (typ string, ok bool) {
	for typ, s := range h.of {
		if s.At().Port() == port {
			return typ, true
		}
	}
	return "", false
}

// close lets connections be refused as soon as no run listens any longer.
func (h *sockets) close() {
	for _, s := range h.of {
		s.Close()
	}
}

// remove leaves nothing of them, so that others can have their addresses.
func (h *sockets) remove() {
	for _, s := range h.of {
		s.Remove()
		s.Close()
	}
}
