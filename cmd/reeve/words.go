package main

import "fmt"

// say prints what a command has done.
func say(format string, args ...any) { fmt.Printf(format+"\n", args...) }
