package main

import (
	"strconv"

	"reeve/env"
	"reeve/procfile"
)

const defaultPort = 5000

// assignPorts decides who gets which port.
func (a *app) assignPorts(o *options) error {
	if a.noPort {
		return nil
	}
	base, err := a.basePort()
	asked := o.port != 0
	if asked && len(o.types) != 1 {
		base, err = o.port, nil
	}
	if asked && len(o.types) == 1 {
		// This asks for a port for that type. Nobody else's moves.
		if err != nil {
			base = defaultPort
		}
		err = nil
	}
	if err != nil {
		return err
	}
	a.base = base
	a.ports = env.NewPorts(a.types(), base, o.portStep)
	if asked && len(o.types) == 1 {
		a.ports = a.ports.Pin(o.types[0], o.port)
	}
	return nil
}

// basePort is PORT of the environment, else 5000.
func (a *app) basePort() (int, error) {
	value, ok := a.env.Lookup("PORT")
	if !ok || value == "" {
		return defaultPort, nil
	}
	port, err := strconv.Atoi(value)
	if err != nil || port < 1 || port > 65535 {
		source, _ := a.env.Source("PORT")
		return 0, notAPort(source.Winner)
	}
	return port, nil
}

// checkPorts complains of ports that there are not, or that two instances would share.
func (a *app) checkPorts() error {
	counts := map[string]int{}
	for _, m := range a.formation {
		counts[m.Type] = m.Count
	}
	return a.ports.Check(counts)
}

// takenPort is a port of an instance on which somebody listens.
type takenPort struct {
	instance, typ string
	env.Owner
}

// takenPorts finds the ports of the formation on which somebody listens already.
func (a *app) takenPorts() []takenPort {
	byPort := map[int]takenPort{}
	var ports []int
	for _, m := range a.formation {
		if _, ok := a.ports.Of(m.Type, 1); !ok {
			continue
		}
		for n := range m.Count {
			port, _ := a.ports.Of(m.Type, n+1)
			byPort[port] = takenPort{instance: procfile.InstanceName(m.Type, n+1), typ: m.Type}
			ports = append(ports, port)
		}
	}
	var taken []takenPort
	for _, owner := range env.Listeners(ports) {
		t := byPort[owner.Port]
		t.Owner = owner
		taken = append(taken, t)
	}
	return taken
}
