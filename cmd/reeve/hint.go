package main

import (
	"net"
	"strconv"
	"time"

	"reeve/output"
	"reeve/procfile"
)

// A server that ignores PORT is a common mistake, and hard to see. But many processes
// need no port, so this is said once, as a hint, and only if some do listen.

// hintAfter is how long a process may take to listen.
const hintAfter = 10 * time.Second

// instancePorts are the ports of the instances that run.
func (a *app) instancePorts() map[string]int {
	ports := map[string]int{}
	if a.noPort {
		return ports
	}
	for name, entry := range a.formation.Instances() {
		_, number := procfile.ParseInstance(name)
		if port, ok := a.ports.Of(entry.Type, number); ok {
			ports[name] = port
		}
	}
	return ports
}

// hintPorts says which instances do not listen on their ports while others do.
func hintPorts(mux *output.Mux, ports map[string]int) {
	var deaf []string
	for name, port := range ports {
		if !listens(port) {
			deaf = append(deaf, name+" ("+strconv.Itoa(port)+")")
		}
	}
	if len(deaf) == 0 || len(deaf) == len(ports) {
		return
	}
	mux.Notice(hintNotice(deaf))
}

// listens says whether somebody accepts connections on a port of this machine.
func listens(port int) bool {
	conn, err := net.DialTimeout("tcp", net.JoinHostPort("localhost", strconv.Itoa(port)), time.Second)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}
