package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"reeve/env"
	"reeve/supervisor"
	"reeve/supervisor/control"
)

// While a formation runs, whatever else is started for its app uses its ports: consoles,
// tests and one-offs talk to what runs, on whichever ports that was started.

// askWithin is how long the running formation has to tell its ports.
const askWithin = time.Second

// askRunning finds out what runs for the app, unless its ports do not matter.
func (a *App) askRunning() {
	if a.Settings.PortsOnLine {
		return
	}
	client, err := control.Dial(a.Root)
	var suspended control.SuspendedError
	if errors.As(err, &suspended) {
		a.Settings.Ignored = append(a.Settings.Ignored, SuspendedText(suspended.Pid)+"; until then its ports are unknown")
	}
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	f, err := client.Formation(ctx)
	if err != nil {
		a.Settings.Ignored = append(a.Settings.Ignored, "the running formation's ports are unknown: "+err.Error())
		return
	}
	a.Running = &f
	a.NoPort = f.Port == 0
}

// runningPorts are those of the running formation. Of a type that it does not know, the port
// is what its base would give. A process of the formation keeps the PORT that it has.
func (a *App) runningPorts(e *env.Env) (base int, ports env.Ports) {
	base = a.Running.Port
	if own, err := basePort(e); err == nil && os.Getenv(supervisor.MarkerKey) != "" {
		base = own
	}
	ports = a.shared(env.NewPorts(a.Types(), a.Running.Port, a.Running.PortStep))
	for _, t := range a.Running.Types {
		if port, ok := ports.Of(t.Name, 1); ok && t.Port != 0 && t.Port != port {
			ports = ports.Pin(t.Name, t.Port)
		}
	}
	return base, ports
}

// runningUses reports whether the running formation has a port for one of its instances.
func (a *App) runningUses(port int) bool {
	if a.Running == nil {
		return false
	}
	for _, i := range a.Running.Instances {
		if i.Port == port {
			return true
		}
	}
	return false
}

// IsPortKey reports whether a variable that reeve assigns says where something listens.
func IsPortKey(key string) bool {
	return env.IsAssigned(key) && key != env.SlotVariable && key != "PWD"
}

// WebType is the process type that people's browsers talk to.
const WebType = "web"

// URLOf is where an instance of web serves; empty: it is not one of web, or has no port.
func (a *App) URLOf(typ string, instance int) string {
	if typ != WebType {
		return ""
	}
	if at, _ := a.Held(typ); a.ListensElsewhere(typ) {
		return urlOf(at)
	}
	port, ok := a.Ports.Of(typ, instance)
	if !ok {
		return ""
	}
	return fmt.Sprintf("http://localhost:%d", port)
}
