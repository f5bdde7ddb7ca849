package app

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"reeve/cmd/reeve/internal/place"
	"reeve/env"
)

// keepPorts gives the app the ports of what runs. Nobody's moves while it does; what is new gets some
// that are free.
func (a *App) keepPorts() {
	former := a.request.Former
	if former == nil {
		return
	}
	a.Chosen, a.NoPort = former.Chosen, former.NoPort
	if !a.NoPort {
		room := env.Room{First: former.Base, Step: former.Settings.PortStep}
		if a.Chosen != nil {
			room.Last = a.Chosen.Last
		}
		a.Base, a.Ports = former.Base, a.shared(former.Ports.Grow(a.Types(), room))
	}
}

// CannotReload says why the app's files cannot be read again.
func (a *App) CannotReload() error {
	switch {
	case a.Settings.Procfile == "-":
		return errors.New("the Procfile came from standard input, which cannot be read again")
	case isPipe(a.Procfile.Path):
		return fmt.Errorf("%s is a pipe, which cannot be read again", a.Procfile.Path)
	case !a.Reloadable():
		return fmt.Errorf("an env file is a pipe, which cannot be read again: %s", strings.Join(append(a.EnvFiles(), a.typeEnvFiles()...), ", "))
	}
	return nil
}

// isPipe reports a file that is there and cannot be read twice.
func isPipe(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.Mode().IsRegular()
}

// SameRoot reports an app that has moved.
func (a *App) SameRoot(former *App) error {
	if a.Root == former.Root {
		return nil
	}
	return fmt.Errorf("the root would be %s, and this formation runs in %s: it takes another start", place.Shorten(a.Root, place.WorkingDir()), former.Root)
}

// MovesBase reports whether the environment asks for another base port than the formation has.
func (a *App) MovesBase(former *App) bool {
	if a.NoPort || a.Settings.Port != 0 {
		return false
	}
	return a.envBase != former.envBase
}
