package export

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"reeve/procfile/probe"
)

// Probes of Kubernetes: which it can ask, and how it is told.

func foreignProbe(t Type) bool { return asksElsewhere(t) || asksElsewhere(t.ByHealth()) }

func asksElsewhere(t Type) bool { return t.asksServer() && !t.Ready.OwnPort() && probeHost(t) != "" }

// forHealth is a page about a type, by the probe of its health.
func forHealth(p Page) Page {
	t := p.Type.ByHealth()
	p.Type = &t
	return p
}

// checkProbe reports what Kubernetes cannot ask.
func checkProbe(flag string, t Type) error {
	if !t.asksServer() {
		return nil
	}
	if t.Ready.HasURL() && strings.Contains(t.Ready.Path(), "$") {
		return fmt.Errorf("%s %s: Kubernetes replaces no variables in the path of a probe", flag, t.Name)
	}
	if _, err := findProbePort(t); err != nil {
		return fmt.Errorf("%s %s: %w", flag, t.Name, err)
	}
	return nil
}

// probeCommand is the command of an exec probe, in which the kubelet replaces nothing
// that is not in the container's own list of variables.
func probeCommand(t Type) []string {
	return mapped(t.Ready.command().words, func(word string) string { return strings.ReplaceAll(word, "$", "$$") })
}

// probePort is the port that a tcp or http probe asks.
func probePort(t Type) int {
	port, _ := findProbePort(t)
	return port
}

func findProbePort(t Type) (int, error) {
	if t.Ready.OwnPort() && t.Port != 0 {
		return t.Port, nil
	}
	_, port := t.Ready.Server()
	if name, ok := strings.CutPrefix(port, "$"); ok {
		name = strings.Trim(name, "{}")
		for _, v := range t.Shared() {
			if v.Key == name {
				port = v.Value
			}
		}
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return 0, fmt.Errorf("must contain the port's number, since Kubernetes replaces no variables")
	}
	return n, nil
}

// probeHost is the host that a tcp or http probe asks; empty: the pod.
func probeHost(t Type) string {
	host, _ := t.Ready.Server()
	if probe.IsLocal(host) {
		return ""
	}
	return host
}

// portName is the name of a type's port.
func portName(t Type) string {
	if t.Name == "web" || t.Ready != nil && t.Ready.HasURL() || t.Health != nil && t.Health.HasURL() {
		return "http"
	}
	return "tcp"
}

// jobTries is how often a task is run again before it has failed.
func jobTries(t Type) int {
	switch {
	case t.Restart == "never":
		return 0
	case t.Limit > 0:
		return t.Limit
	}
	return math.MaxInt32
}

// probeTries is how often a probe that is made every two seconds may fail at the start.
func probeTries(t Type) int { return max(1, int((t.ReadyTimeout.Seconds()+1)/2)) }
