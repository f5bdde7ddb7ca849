package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"reeve/procfile"
	"reeve/supervisor"
)

// autoWait stands for all local and private services in --wait-for.
const autoWait = "auto"

// How often a service is tried, when it is said that it is waited for, and how often
// that is said again.
const (
	firstRetry = 50 * time.Millisecond
	lastRetry  = time.Second
	sayFirst   = time.Second
	sayAgain   = 5 * time.Second
)

// services finds what is to be waited for.
func (a *app) services(keys []string) ([]service, error) {
	var found []service
	var errs []error
	for _, key := range keys {
		if key == autoWait {
			found = append(found, a.localServices()...)
			continue
		}
		value, ok := a.env.Lookup(key)
		if !ok || value == "" {
			errs = append(errs, fmt.Errorf("--wait-for %s: it is not set in the app's environment", key))
			continue
		}
		s, err := parseService(key, value)
		if err != nil {
			errs = append(errs, fmt.Errorf("--wait-for: %w", err))
		}
		found = append(found, s)
	}
	return found, errors.Join(errs...)
}

// localServices finds every service near by that a variable ending in _URL names.
func (a *app) localServices() []service {
	var found []service
	for _, key := range a.env.Keys() {
		value, _ := a.env.Lookup(key)
		if !strings.HasSuffix(key, "_URL") {
			continue
		}
		if s, err := parseService(key, value); err == nil && s.isLocal() && !s.isOwn(a.ownPorts()) {
			found = append(found, s)
		}
	}
	return found
}

// ownPorts are those that the formation's instances get.
func (a *app) ownPorts() []int {
	ports := []int{a.base}
	for name, entry := range a.formation.Instances() {
		_, number := procfile.ParseInstance(name)
		if port, ok := a.ports.Of(entry.Type, number); ok {
			ports = append(ports, port)
		}
	}
	return ports
}

// interrupted says that a signal has ended a wait.
type interrupted syscall.Signal

func (interrupted) Error() string { return "interrupted" }

// waitFor waits until all services accept connections. It tells say what it waits for, and
// since when, and is told when to do so again. A signal that asks to stop ends it.
func waitFor(services []service, timeout time.Duration, signals <-chan os.Signal, say func(string, time.Duration) (next time.Duration)) error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	done := make(chan result)
	waiting := map[string]service{}
	for _, s := range services {
		waiting[s.key] = s
		go s.wait(ctx, done)
	}
	began := time.Now()
	reminder := time.NewTimer(sayFirst)
	defer reminder.Stop()
	var failed []error
	for len(waiting) > 0 {
		select {
		case r := <-done:
			delete(waiting, r.key)
			if r.err != nil {
				failed = append(failed, fmt.Errorf("gave up on %s after %v: %w", r.key, timeout, r.err))
			}
		case <-reminder.C:
			reminder.Reset(say(waitingText(waiting), time.Since(began)))
		case sig := <-signals:
			if n, ok := sig.(syscall.Signal); ok && supervisor.AsksToStop(n) {
				return interrupted(n)
			}
		}
	}
	return errors.Join(failed...)
}

// result is how waiting for one service ended.
type result struct {
	key string
	err error
}

// wait tries a service until it accepts connections or the time is up; the error is
// then that of the last try.
func (s service) wait(ctx context.Context, done chan<- result) {
	var err error
	for retry := firstRetry; ; retry = min(2*retry, lastRetry) {
		now := s.dial(ctx)
		if now == nil || err == nil || ctx.Err() == nil {
			err = now // a try that the end of the time cut short says nothing
		}
		if err == nil {
			break
		}
		select {
		case <-time.After(retry):
			continue
		case <-ctx.Done():
		}
		break
	}
	if err != nil && !s.showable {
		err = plainReason(err)
	}
	select {
	case done <- result{s.key, err}:
	case <-time.After(time.Second): // nobody waits any more
	}
}

// dial tries every address of the service once, until one accepts.
func (s service) dial(ctx context.Context) (err error) {
	dialer := net.Dialer{Timeout: 5 * time.Second}
	for _, a := range s.addresses {
		var conn net.Conn
		if conn, err = dialer.DialContext(ctx, a.network, a.at); err == nil {
			return conn.Close()
		}
	}
	return err
}
