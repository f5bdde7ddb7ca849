package main

import (
	"embed"
	"fmt"
	"strings"

	"reeve/cmd/reeve/internal/ui"
	"reeve/procfile/probe"
)

// topic is something other than a command that help explains. Its text is in topics/NAME.txt,
// as it is shown on a terminal, which may be 80 columns wide.
type topic struct{ name, summary string }

var topics = []topic{
	{"settings", "every key of reeve.toml, with its flag and its variable"},
	{"procfile", "what a Procfile looks like"},
	{"formation", "how many instances of each process type run"},
	{"restarts", "what is restarted, and what ends the formation"},
	{"schedules", "how to run process types on a schedule"},
	{"watching", "what happens when files change"},
	{"order", "what starts after what, and when a process is ready"},
	{"environment", "where the variables of a process come from"},
	{"config", "config that the app needs, and what --clean-env keeps"},
	{"services", "what --wait-for and --release do before the start"},
	{"one-offs", "how a command runs in the app's environment"},
	{"ports", "which PORT an instance gets"},
	{"exports", "the formats of reeve export, and what is exported"},
	{"signals", "what signals do, and how processes are stopped"},
	{"exit-codes", "what the exit code of start means"},
	{"control", "how to talk to the running formation"},
	{"output", "what the log looks like"},
	{"keys", "the keys of reeve ui"},
	{"agents", "lines for an AGENTS.md, and what scripts should know"},
}

//go:embed topics
var topicTexts embed.FS

// probesWord, on a line of its own, stands for the forms of probes.
const probesWord = "PROBES\n"

// text is what help says about the topic.
func (t topic) text() string {
	text, err := topicTexts.ReadFile("topics/" + t.name + ".txt")
	if err != nil {
		panic(err) // a row without its text
	}
	return strings.NewReplacer(probesWord, probeForms(), keysWord, uiKeys()).Replace(string(text))
}

// keysWord, on a line of its own, stands for the keys of reeve ui.
const keysWord = "KEYS\n"

// uiKeys explains the keys, a line for each.
func uiKeys() (text string) {
	for _, k := range ui.Keys() {
		text += fmt.Sprintf("    %-9s %s\n", k[0], k[1])
	}
	return text
}

// probeForms explains the probes, a line for each.
func probeForms() string {
	text := ""
	for _, form := range probe.Readiness.Forms() {
		text += fmt.Sprintf("    %-25s %s\n", form.Usage, form.Summary)
	}
	return text
}
