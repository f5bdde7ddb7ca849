package app

import (
	"slices"
	"strconv"

	"reeve/cmd/reeve/internal/settings"
	"reeve/env"
	"reeve/procfile"
)

const defaultPort = 5000

// assignPorts decides who gets which port.
func (a *App) assignPorts() (err error) {
	a.envBase, _ = basePort(a.Env)
	a.Base, a.Ports, err = a.choosePorts(a.Env)
	return err
}

// choosePorts says who gets which port in an environment. This is the one place where
// that is decided: for processes, and for env files that refer to ports.
func (a *App) choosePorts(e *env.Env) (base int, ports env.Ports, err error) {
	if a.NoPort {
		return 0, ports, nil
	}
	if a.request.Former != nil {
		return a.Base, a.Ports, nil
	}
	if a.Running != nil {
		base, ports = a.runningPorts(e)
		return base, ports, nil
	}
	base, err = basePort(e)
	asked, auto := a.Settings.Port, a.Settings.Port == settings.AutoPort
	switch {
	case (asked == 0 || auto) && err != nil:
		return 0, ports, err
	case auto:
		if base, err = a.freeBase(base); err != nil {
			return 0, ports, err
		}
		return base, a.portsFrom(base), nil
	case asked == 0:
		return base, a.portsFrom(base), nil
	case len(a.named) != 1:
		return asked, a.portsFrom(asked), nil
	case err != nil:
		base = defaultPort
	}
	// This asks for a port for that type. Nobody else's moves.
	return base, a.portsFrom(base).Pin(a.named[0], asked), nil
}

// portsFrom are the ports of all types, from a base port on.
func (a *App) portsFrom(base int) env.Ports {
	return a.shared(env.NewPorts(a.Types(), base, a.Settings.PortStep))
}

// assignedToFiles makes known to env files what reeve assigns and what does not differ
// between processes. Once ports have been given out they stay.
func (a *App) assignedToFiles() func(*env.Env) env.Lookup {
	return func(without *env.Env) env.Lookup {
		base, ports := a.Base, a.Ports
		if base == 0 {
			base, ports, _ = a.choosePorts(without) // what is wrong is said when ports are assigned
		}
		known := env.Environ{env.SlotVariable + "=" + strconv.Itoa(a.slot()), "PWD=" + a.Root}
		if base != 0 {
			known = slices.Concat(known, ports.Environ(""), env.Environ{"PORT=" + strconv.Itoa(base)})
		}
		return known.Lookup
	}
}

// basePort is PORT of an environment, else 5000.
func basePort(e *env.Env) (int, error) {
	value, ok := e.Lookup("PORT")
	if !ok || value == "" {
		return defaultPort, nil
	}
	port, err := strconv.Atoi(value)
	if err != nil || port < 1 || port > 65535 {
		source, _ := e.Source("PORT")
		return 0, notAPort(source.Winner)
	}
	return port, nil
}

// checkPorts reports ports that do not exist, or that two instances would share.
func (a *App) checkPorts() error { return a.CheckPorts(countsOf(a.Formation)) }

// TakenPort is a port of an instance on which somebody listens.
type TakenPort struct {
	Instance, Type string
	env.Owner
}

// TakenPorts finds the ports of instances on which somebody listens already. Those on which reeve
// itself does for a type are not looked at.
func (a *App) TakenPorts(instances []string) []TakenPort {
	byPort, held := map[int]TakenPort{}, a.heldPorts()
	var ports []int
	for _, name := range instances {
		typ, n := procfile.ParseInstance(name)
		if port, ok := a.Ports.Of(typ, n); ok && !held[port] {
			byPort[port] = TakenPort{Instance: name, Type: typ}
			ports = append(ports, port)
		}
	}
	var taken []TakenPort
	for _, owner := range env.Listeners(ports) {
		if a.runningUses(owner.Port) {
			continue
		}
		t := byPort[owner.Port]
		t.Owner = owner
		taken = append(taken, t)
	}
	return taken
}

// Instances names those of the formation.
func (a *App) Instances() (names []string) {
	for name := range a.Formation.Instances() {
		names = append(names, name)
	}
	return names
}
