package live

import (
	"context"
	"net"
	"slices"
	"strconv"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/env"
	"reeve/internal/pattern"
	"reeve/output"
	"reeve/procfile"
	"reeve/supervisor"
)

// A server that ignores PORT is a common mistake, and hard to see. But most processes need no
// port. So it is said, once, only of those that listen on another one, and of those that are
// there to listen while some do: web, and commands that name $PORT.

// hintAfter is how long a process may take to listen.
const hintAfter = 10 * time.Second

// wantsPort matches a command that names its port.
var wantsPort = pattern.New(`\$(PORT\b|\{PORT\b)`)

// missed are the instances that do not listen on their ports.
type missed struct {
	silent    []string // "web.1 (5000)"
	elsewhere []string // "web.1 listens on 3000, not on its port 5000"
}

// portHint says what is wrong with the ports that instances listen on, if anything is.
type portHint struct{ app *app.App }

func (h portHint) run(ctx context.Context, ask *requests) {
	select {
	case <-time.After(hintAfter):
	case <-ctx.Done():
		return
	}
	var running []supervisor.Snapshot
	var leaders []int
	for _, s := range ask.snapshot() {
		if s.Pid != 0 && s.State == supervisor.Running && !s.Task {
			running, leaders = append(running, s), append(leaders, s.Pid)
		}
	}
	var m missed
	members, some := supervisor.Members(leaders), false
	for _, s := range running {
		_, number := procfile.ParseInstance(s.Name)
		port, ok := h.app.Ports.Of(s.Type, number)
		if !ok || h.app.ListensElsewhere(s.Type) {
			continue
		}
		entry, _ := h.app.Procfile.Lookup(s.Type)
		switch ports := portsOf(members[s.Pid]); {
		case slices.Contains(ports, port) || len(ports) == 0 && listens(port):
			some = true
		case len(ports) > 0:
			some = true
			m.elsewhere = append(m.elsewhere, otherPortText(s.Name, ports, port))
		case s.Type == app.WebType || wantsPort.Get().MatchString(entry.Command):
			m.silent = append(m.silent, s.Name+" ("+strconv.Itoa(port)+")")
		}
	}
	if !some {
		return
	}
	if text := missedText(m); text != "" {
		ask.say(output.Notice{Event: "hint", Text: text})
	}
}

// portsOf gives the ports that some processes listen on, each once.
func portsOf(pids []int) (ports []int) {
	for _, of := range env.PortsOf(pids) {
		ports = append(ports, of...)
	}
	slices.Sort(ports)
	return slices.Compact(ports)
}

// listens reports whether somebody accepts connections on a port of this machine.
func listens(port int) bool {
	conn, err := net.DialTimeout("tcp", net.JoinHostPort("localhost", strconv.Itoa(port)), time.Second)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}
