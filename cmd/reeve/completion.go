package main

import (
	"embed"
	"fmt"
	"strings"

	"reeve/cmd/reeve/internal/diag"
	"reeve/procfile"
)

// The completion scripts know nothing of reeve: they ask it, with the words of the line,
// what may come next, so all of that is known in one place.
//
//go:embed completion
var completionScripts embed.FS

// shells have a completion script.
var shells = []string{"bash", "zsh", "fish", "powershell"}

// completion prints a shell's completion script.
func completion(args []string) (exitCode int) {
	if len(args) != 1 {
		return diag.Fail(diag.ExitUsage, "completion needs a shell: one of %s", strings.Join(shells, ", "))
	}
	script, err := completionScripts.ReadFile("completion/reeve." + args[0])
	if err != nil {
		return diag.Fail(diag.ExitUsage, "no completion for %q: %s", args[0],
			procfile.Suggest(args[0], shells, "choose one of "+strings.Join(shells, ", ")))
	}
	fmt.Print(string(script))
	return diag.ExitOK
}

// complete prints what the last of the words after -- could be, one
// candidate a line, with an explanation after a tab. A last line that begins with a colon
// says what else may: files, directories or commands; or, nospace, that a candidate is only
// the beginning of a word.
func complete(args []string) (exitCode int) {
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		args = []string{""}
	}
	found := (&completer{}).complete(args)
	for _, c := range found.candidates {
		fmt.Printf("%s\t%s\n", c.value, c.text)
	}
	if found.directive != "" {
		fmt.Println(":" + found.directive)
	}
	return diag.ExitOK
}
