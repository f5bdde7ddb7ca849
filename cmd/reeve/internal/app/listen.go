package app

import (
	"errors"
	"net"
	"slices"
	"strconv"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/held"
	"reeve/env"
	"reeve/internal/pattern"
	"reeve/procfile"
	"reeve/supervisor/control"
)

// Held is where reeve holds the socket of a process type, if it does.
func (a *App) Held(typ string) (at held.Address, ok bool) {
	at, ok = a.Settings.Listen[typ]
	port, _ := a.Ports.Of(typ, 1)
	return at.In(a.Root, port), ok
}

// holdsPort reports whether reeve listens on the PORT of a type itself.
func (a *App) holdsPort(typ string) bool {
	at, ok := a.Settings.Listen[typ]
	return ok && at.IsOwnPort()
}

// ListensElsewhere reports whether reeve holds a socket for a type that is not at its PORT.
func (a *App) ListensElsewhere(typ string) bool {
	at, ok := a.Settings.Listen[typ]
	return ok && !at.IsOwnPort()
}

// heldPorts are those on which reeve itself listens for types of the formation.
func (a *App) heldPorts() map[int]bool {
	ports := map[int]bool{}
	for _, typ := range a.HeldTypes() {
		at, _ := a.Held(typ)
		ports[at.Port()] = true
	}
	return ports
}

// HeldTypes are the types of the formation whose sockets reeve holds, in the order of the Procfile.
func (a *App) HeldTypes() (types []string) {
	if len(a.Settings.Listen) == 0 {
		return nil
	}
	for _, m := range a.Formation {
		if _, ok := a.Settings.Listen[m.Type]; ok && m.Count > 0 {
			types = append(types, m.Type)
		}
	}
	return types
}

// shared gives the instances of a type that share the socket at its PORT one port.
func (a *App) shared(ports env.Ports) env.Ports {
	for typ := range a.Settings.Listen {
		if a.holdsPort(typ) {
			ports = ports.Share(typ)
		}
	}
	return ports
}

// checkListen reports sockets that no process could take over.
func (a *App) checkListen() error {
	var errs []error
	var before []string
	for _, e := range a.entries() {
		at, ok := a.Held(e.Type)
		if !ok {
			continue
		}
		if a.holdsPort(e.Type) && at.Port() == 0 {
			errs = append(errs, noPortToHold(e.Type, a.NoPort))
			continue
		}
		for _, other := range before {
			if place, _ := a.Held(other); place.Overlaps(at) {
				errs = append(errs, sameSocket(other, e.Type, at))
			}
		}
		before = append(before, e.Type)
		if a.staysInShell(e) && !a.NamesSocket(e.Type) {
			errs = append(errs, a.at(e, diag.Error, shellHoldsText(e.Type)))
		}
	}
	return errors.Join(errs...)
}

// NamesSocket reports whether the command of a type names the descriptor of its socket itself, as
// gunicorn's --bind fd://3 does. It takes none over then by what variables say: gunicorn would try to
// do both with the one socket, and fail.
func (a *App) NamesSocket(typ string) bool {
	e, _ := a.Lookup(typ)
	return namesSocket.Get().MatchString(e.Command)
}

var namesSocket = pattern.New(`\bfd://3\b`)

// entries are those of the Procfile, if there is one.
func (a *App) entries() []procfile.Entry {
	if a.Procfile == nil || len(a.Settings.Listen) == 0 {
		return nil
	}
	return a.Procfile.Entries
}

// staysInShell reports whether a shell stays between reeve and the program of a type.
func (a *App) staysInShell(e procfile.Entry) bool {
	if e.Command == "" || a.Env == nil {
		return false
	}
	environ := a.EnvOf(e.Type).Environ().With(a.Assigned(e.Type, procfile.InstanceName(e.Type, 1))...)
	_, invocation := a.Command(e, environ)
	return invocation.Shell && !procfile.HandsOver(e.Command)
}

// listenProblems are about addresses that reeve could not have now, and about probes that a held
// socket answers.
func (a *App) listenProblems() (found []diag.Problem) {
	for _, typ := range a.HeldTypes() {
		e, _ := a.Lookup(typ)
		at, _ := a.Held(typ)
		if err := a.tryHeld(typ, at); err != nil {
			found = append(found, a.at(e, diag.Error, HeldText(typ, at, err)))
		}
		if p, ok := a.Settings.Ready[typ]; ok && a.holdsPort(typ) && p.OwnPort() && !p.HasURL() {
			found = append(found, a.at(e, diag.Warning, heldProbeText(typ)))
		}
	}
	return found
}

// tryHeld reports why reeve could not have an address now, unless the running formation has it.
func (a *App) tryHeld(typ string, at held.Address) error {
	if a.Running != nil && slices.ContainsFunc(a.Running.Types, func(t control.Type) bool { return t.Name == typ && t.Listen == at.String() }) {
		return nil
	}
	return held.Try(at)
}

// urlOf is where a held socket serves; empty: there is no such URL.
func urlOf(at held.Address) string {
	if at.Port() == 0 {
		return ""
	}
	return "http://" + net.JoinHostPort(at.Host(), strconv.Itoa(at.Port()))
}
