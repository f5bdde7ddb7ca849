package settings

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"reeve/supervisor"
)

// showDuration is a duration as one would write it: in seconds.
func showDuration(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'g', -1, 64) }

func parseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if seconds, numErr := strconv.ParseFloat(s, 64); numErr == nil && seconds < math.MaxInt32 {
		d, err = time.Duration(seconds*float64(time.Second)), nil
	}
	if err != nil || d < 0 {
		return 0, fmt.Errorf("must be a number of seconds, at least 0, or a duration such as 1m30s")
	}
	return d, nil
}

// parseText reads any text but none.
func parseText(text string) (string, error) {
	if text == "" {
		return "", errEmpty
	}
	return text, nil
}

// parseInterval reads how often something happens.
func parseInterval(s string) (time.Duration, error) {
	d, err := parseDuration(s)
	if err == nil && d == 0 {
		err = errors.New("must be more than 0")
	}
	return d, err
}

// parseCount reads how often something must happen.
func parseCount(s string) (n int, err error) {
	err = (&numberValue{&n, 1, math.MaxInt32}).Set(s)
	return n, err
}

// parseSignal reads the name of a signal, with or without SIG, or its number.
func parseSignal(s string) (syscall.Signal, error) {
	sig, ok := supervisor.ParseSignal(s)
	if !ok {
		return 0, fmt.Errorf("must be the name of a signal, such as TERM or INT")
	}
	return sig, nil
}

// showSignal is the name of a signal without SIG.
func showSignal(s syscall.Signal) string { return strings.TrimPrefix(supervisor.SignalName(s), "SIG") }

func asIs(s string) string { return s }

// oneOf reads one of a few words.
func oneOf(choices ...string) func(string) (string, error) {
	return func(s string) (string, error) {
		if !slices.Contains(choices, s) {
			return "", fmt.Errorf("must be one of %s", strings.Join(choices, ", "))
		}
		return s, nil
	}
}

// splitList splits a comma-separated list; blanks around its items do not matter.
func splitList(s string) []string {
	var items []string
	for item := range strings.SplitSeq(s, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}
