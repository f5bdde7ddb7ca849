package main

import (
	"fmt"
	"io"
	"os"
)

func help(args []string) int { printUsage(os.Stdout); return 0 }
func printUsage(w io.Writer) { fmt.Fprintln(w, "usage") }
