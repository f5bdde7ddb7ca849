package service

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"time"
)

// How often a service is tried, when it is said that it is waited for, and how often
// that is said again.
const (
	firstRetry = 50 * time.Millisecond
	lastRetry  = time.Second
	sayFirst   = time.Second
	SayAgain   = 5 * time.Second
)

// Wait is a wait for services.
type Wait struct {
	Within time.Duration
	// Say is told what is waited for, and since when, and tells when it wants to be told
	// again.
	Say func(text string, since time.Duration) (next time.Duration)
	// Dial tries an address; nil: connects to it.
	Dial func(ctx context.Context, network, address string) error
}

// For waits until all services accept connections or the context ends.
func (w Wait) For(ctx context.Context, services []Service) error {
	if w.Dial == nil {
		w.Dial = dial
	}
	within, cancel := context.WithTimeout(ctx, w.Within)
	defer cancel()
	done := make(chan result, len(services)) // so that nobody hangs who is not waited for any longer
	waiting := map[string]Service{}
	for _, s := range services {
		waiting[s.key] = s
		go w.one(within, s, done)
	}
	began := time.Now()
	reminder := time.NewTimer(sayFirst)
	defer reminder.Stop()
	failed := map[string]error{}
	for len(waiting) > 0 {
		select {
		case r := <-done:
			delete(waiting, r.key)
			if r.err != nil {
				failed[r.key] = fmt.Errorf("gave up on %s after %v: %w", r.key, w.Within, r.err)
			}
		case <-reminder.C:
			reminder.Reset(w.Say(waitingText(waiting), time.Since(began)))
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return inOrder(failed, services)
}

// inOrder joins what has failed in the order in which it was asked for, however it came.
func inOrder(failed map[string]error, services []Service) error {
	var all []error
	for _, s := range services {
		all = append(all, failed[s.key])
	}
	return errors.Join(all...)
}

// waitingText says which services are waited for: the variable, and where it points.
func waitingText(waiting map[string]Service) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(waiting)) {
		parts = append(parts, waiting[key].shown())
	}
	return "waiting for " + strings.Join(parts, ", ")
}

// result is how waiting for one service ended.
type result struct {
	key string
	err error
}

// one tries a service until it accepts connections or the time is up; the error is then that
// of the last try.
func (w Wait) one(ctx context.Context, s Service, done chan<- result) {
	err := w.untilUp(ctx, s)
	if err != nil && !s.showable {
		err = Reason(err)
	}
	done <- result{s.key, err}
}

func (w Wait) untilUp(ctx context.Context, s Service) (err error) {
	for retry := firstRetry; ; retry = min(2*retry, lastRetry) {
		now := w.try(ctx, s)
		if now == nil {
			return nil
		}
		if err == nil || ctx.Err() == nil {
			err = now // a try that the end of the time cut short says nothing
		}
		select {
		case <-time.After(retry):
		case <-ctx.Done():
			return err
		}
	}
}

// try tries every address of a service once, until one accepts.
func (w Wait) try(ctx context.Context, s Service) (err error) {
	for _, a := range s.addresses {
		if err = w.Dial(ctx, a.network, a.at); err == nil {
			return nil
		}
	}
	return err
}

func dial(ctx context.Context, network, address string) error {
	conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, network, address)
	if err != nil {
		return err
	}
	return conn.Close()
}
