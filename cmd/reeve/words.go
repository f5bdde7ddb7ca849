package main

import (
	"fmt"

	"reeve/cmd/reeve/internal/diag"
)

// say prints what a command has done.
func say(format string, args ...any) { fmt.Printf(format+"\n", args...) }

// leftOut says that a variable cannot be written in a format.
func leftOut(key, format, why string) {
	fmt.Fprintf(diag.Stderr, "reeve: %q is left out of %s: %s\n", key, format, why)
}
