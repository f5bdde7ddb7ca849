//go:build unix

package main

import (
	"errors"
	"os/exec"
	"testing"
)

func TestInterrupted(t *testing.T) {
	for command, want := range map[string]bool{
		"kill -INT $$": true, "kill -TERM $$": true, "kill -KILL $$": false, "exit 1": false, "exit 130": false,
	} {
		var exit *exec.ExitError
		if err := exec.Command("/bin/sh", "-c", command).Run(); !errors.As(err, &exit) || isInterrupted(exit) != want {
			t.Errorf("%s: %v, want %v", command, err, want)
		}
	}
}
