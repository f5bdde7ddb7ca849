package app

import (
	"errors"
	"fmt"
	"strings"

	"reeve/env/service"
	"reeve/procfile"
)

// autoWait stands for all local and private services in --wait-for.
const autoWait = "auto"

// Services finds the services to wait for.
func (a *App) Services(keys []string) ([]service.Service, error) {
	var found []service.Service
	var errs []error
	for _, key := range keys {
		if key == autoWait {
			found = append(found, a.localServices()...)
			continue
		}
		value, ok := a.Env.Lookup(key)
		if !ok || value == "" {
			errs = append(errs, fmt.Errorf("--wait-for %s: not set in the app's environment", key))
			continue
		}
		s, err := service.Parse(key, value)
		if err != nil {
			errs = append(errs, fmt.Errorf("--wait-for: %w", err))
		}
		found = append(found, s)
	}
	return found, errors.Join(errs...)
}

// localServices finds every nearby service that a variable ending in _URL names.
func (a *App) localServices() []service.Service {
	var found []service.Service
	for _, key := range a.Env.Keys() {
		value, _ := a.Env.Lookup(key)
		if !strings.HasSuffix(key, "_URL") {
			continue
		}
		if s, err := service.Parse(key, value); err == nil && s.IsLocal() && !s.IsOwn(a.ownPorts()) {
			found = append(found, s)
		}
	}
	return found
}

// ownPorts are those that the formation's instances get.
func (a *App) ownPorts() []int {
	ports := []int{a.Base}
	for name, entry := range a.Formation.Instances() {
		_, number := procfile.ParseInstance(name)
		if port, ok := a.Ports.Of(entry.Type, number); ok {
			ports = append(ports, port)
		}
	}
	return ports
}
