package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"reeve/cmd/reeve/internal/settings"
	"reeve/env"
	"reeve/supervisor"
	"reeve/supervisor/control"
)

// While a formation runs, whatever else is started for its app uses its ports: consoles,
// tests and one-offs talk to what runs, on whichever ports that was started.

// askWithin bounds how long the running formation is asked for its ports.
const askWithin = time.Second

// askRunning finds out what runs for the app, unless its ports do not matter.
func (a *app) askRunning(o *settings.Options) {
	if o.PortsOnLine {
		return
	}
	client, err := control.Dial(a.root)
	var suspended control.SuspendedError
	if errors.As(err, &suspended) {
		o.Ignored = append(o.Ignored, suspendedText(suspended.Pid)+"; until then its ports are not known")
	}
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	f, err := client.Formation(ctx)
	if err != nil {
		o.Ignored = append(o.Ignored, "the ports of the formation that runs are not known: "+err.Error())
		return
	}
	a.running = &f
	a.noPort = f.Port == 0
}

// runningPorts are those of the running formation. Of a type that it does not know, the port
// is what its base would give. A process of the formation keeps the PORT that it has.
func (a *app) runningPorts(e *env.Env) (base int, ports env.Ports) {
	base = a.running.Port
	if own, err := basePort(e); err == nil && os.Getenv(supervisor.MarkerKey) != "" {
		base = own
	}
	ports = env.NewPorts(a.types(), a.running.Port, a.running.PortStep)
	for _, t := range a.running.Types {
		if port, ok := ports.Of(t.Name, 1); ok && t.Port != 0 && t.Port != port {
			ports = ports.Pin(t.Name, t.Port)
		}
	}
	return base, ports
}

// runningUses says whether the running formation has a port for one of its instances.
func (a *app) runningUses(port int) bool {
	if a.running == nil {
		return false
	}
	for _, i := range a.running.Instances {
		if i.Port == port {
			return true
		}
	}
	return false
}

// runningVariables are the assigned ones that say where the running formation listens.
func (a *app) runningVariables() env.Environ {
	if a.running == nil {
		return nil
	}
	return a.assigned("", runName).Only(isPortKey)
}

func isPortKey(key string) bool { return env.IsAssigned(key) && key != env.SlotVariable }

// nameRunning names the running formation as the source of its ports.
func (a *app) nameRunning(vars []variable) {
	for i, v := range vars {
		if a.running != nil && v.source == assignedSource && isPortKey(v.key) {
			vars[i].source = formationText(a.running.Pid)
		}
	}
}

// formationText names the formation that runs, as the source of ports.
func formationText(pid int) string {
	return fmt.Sprintf("the running formation (pid %d)", pid)
}

// webType is the process type that people's browsers talk to.
const webType = "web"

// urlOf is where an instance of web serves; empty: it is none of web, or has no port.
func (a *app) urlOf(typ string, instance int) string {
	port, ok := a.ports.Of(typ, instance)
	if typ != webType || !ok {
		return ""
	}
	return fmt.Sprintf("http://localhost:%d", port)
}
