//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"os"

	"reeve/cmd/reeve/internal/diag"
)

func (h *child) problems(args []string) {
	text, err := os.ReadFile(args[0])
	h.check(err)
	var problems []diag.Problem
	h.check(json.Unmarshal(text, &problems))
	for _, p := range problems {
		fmt.Printf("%s%s: %s\n", p.Place(), p.Severity, p.Message)
	}
}
