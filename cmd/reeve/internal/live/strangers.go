package live

import (
	"net"
	"net/url"
	"strconv"

	"reeve/env"
	"reeve/procfile/probe"
	"reeve/supervisor"
)

// A probe that connects to this machine asks whoever listens there, which may be somebody
// else's server, while one's own is about to fail for its port. So a run is ready only when
// something listens there that did not before it began.

// listener is a port at which a probe asks an instance.
type listener struct {
	instance string
	port     int
}

// rememberListeners records what listens on the ports of its probes before a run begins. Where reeve
// holds the socket itself, who answers there is no stranger.
func (w *prober) rememberListeners(s supervisor.Spec, environ env.Environ) {
	for _, p := range []probe.Probe{w.plans.options().Ready[s.Type], w.plans.options().Health[s.Type]} {
		port, ok := localPort(p, environ)
		if _, held := w.sockets.holds(port); ok && !held {
			w.listeners.Store(listener{s.Name, port}, env.ListeningOn(port))
		}
	}
}

// stranger names who answers an instance's probe in its place; empty: nobody does.
func (w *prober) stranger(instance string, p probe.Probe, environ env.Environ) (port int, who string) {
	port, ok := localPort(p, environ)
	before, known := w.listeners.Load(listener{instance, port})
	if !ok || !known {
		return 0, ""
	}
	return port, before.(env.Listening).StrangerOn(port)
}

// localPort is the port of this machine that a probe connects to.
func localPort(p probe.Probe, environ env.Environ) (port int, ok bool) {
	if p.Kind != probe.TCP && p.Kind != probe.HTTP {
		return 0, false
	}
	address, err := expand(p.Text, environ)
	if err != nil {
		return 0, false
	}
	if p.Kind == probe.HTTP {
		u, err := url.Parse(address)
		if err != nil {
			return 0, false
		}
		address = net.JoinHostPort(u.Hostname(), portOf(u))
	}
	host, text, err := net.SplitHostPort(address)
	if err != nil || !isLocal(host) {
		return 0, false
	}
	port, err = strconv.Atoi(text)
	return port, err == nil && port > 0 && port <= 65535
}

// portOf is the port of a URL, which may be that of its scheme.
func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}

// isLocal reports whether a host of a probe is this machine, as far as its name tells.
func isLocal(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && (ip.IsLoopback() || ip.IsUnspecified())
}
