package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/place"
	"reeve/cmd/reeve/internal/settings"
)

// The manual pages say what reeve help says: they are made of the same tables of
// commands, topics and flags. A new row of those is in them, too.

// manPage is a page of the manual.
type manPage struct {
	name, section string
	summary       string
	body          func(*roff)
}

// manual has every page.
func manual() []manPage {
	pages := []manPage{{"reeve", "1", shortlyReeve, programPage}}
	for _, c := range commands() {
		pages = append(pages, manPage{"reeve-" + c.name, "1", c.summary, c.page})
	}
	return append(pages,
		manPage{place.SettingsFile, "5", "settings of reeve for an app", settingsPage},
		manPage{"procfile", "5", "the process types of an app", topicsPage("procfile")},
	)
}

// man writes the manual into a directory, laid out as man looks for it.
func man(args []string) (exitCode int) {
	if len(args) != 1 || strings.HasPrefix(args[0], "-") {
		return diag.Fail(diag.ExitUsage, "man needs a directory, as in: reeve man ~/.local/share/man")
	}
	for _, p := range manual() {
		if err := p.write(args[0]); err != nil {
			return diag.Fail(diag.ExitFailure, "cannot write %s: %w", p.file(), diag.Reason(err))
		}
	}
	return diag.ExitOK
}

// file is where a page stands under the directory of all.
func (p manPage) file() string {
	return filepath.Join("man"+p.section, p.name+"."+p.section)
}

func (p manPage) write(dir string) error {
	path := filepath.Join(dir, p.file())
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(p.source(thisBuild())), 0o644)
}

// build is which reeve it is, and of which day.
type build struct{ version, date string }

// thisBuild has no date where the go command has not found one in git.
func thisBuild() build {
	b := build{version: buildVersion()}
	info, _ := debug.ReadBuildInfo()
	for _, s := range info.Settings {
		if s.Key == "vcs.time" {
			b.date, _, _ = strings.Cut(s.Value, "T")
		}
	}
	return b
}

// source is the page in roff.
func (p manPage) source(b build) string {
	r := &roff{}
	r.title(p, b)
	r.heading("NAME")
	r.line(roffText(p.name) + ` \- ` + roffText(p.summary))
	p.body(r)
	r.seeAlso(p)
	return r.String()
}

// programPage is the page of reeve itself. It has the topics that no other page has.
func programPage(r *roff) {
	r.synopsis("COMMAND [ARG…]")
	r.heading("DESCRIPTION")
	r.paragraph(whatReeveIs)
	r.paragraph(firstSteps)
	r.heading("COMMANDS")
	for _, c := range commands() {
		r.item(strings.TrimSpace(roffBold("reeve "+c.name)+" "+roffUsage(c.args)), sentence(c.summary))
	}
	for _, t := range topics {
		if topicPlaces[t.name] == "" {
			r.topic(t)
		}
	}
	r.standardExitStatus()
}

// topicPlaces says which topics stand on the page of a command or a file. All others are
// about reeve as a whole.
var topicPlaces = map[string]string{
	"settings":   place.SettingsFile,
	"procfile":   "procfile",
	"formation":  "start",
	"restarts":   "start",
	"order":      "start",
	"services":   "start",
	"ports":      "start",
	"signals":    "start",
	"output":     "start",
	"exit-codes": "start",
	"one-offs":   "run",
}

// page is the page of a command.
func (c command) page(r *roff) {
	r.synopsis(c.usage())
	r.heading("DESCRIPTION")
	r.paragraph(sentence(c.summary))
	on := settings.Commands[c.name]
	if on != 0 {
		r.heading("OPTIONS")
		r.options(on)
	}
	r.topicsOf(c.name)
	if c.name != "start" {
		r.standardExitStatus()
	}
	if on != 0 {
		r.environment(on)
		r.files()
	}
}

func (r *roff) synopsis(usage string) {
	name, rest, _ := strings.Cut(usage, " ")
	if strings.ToUpper(name) == name {
		name, rest = "", usage
	}
	r.heading("SYNOPSIS")
	r.line(strings.TrimSpace(roffBold(strings.TrimSpace("reeve "+name)) + " " + roffUsage(rest)))
}

// options lists the flags of a command.
func (r *roff) options(on settings.CommandSet) {
	for _, row := range settings.Table {
		if row.On&on != 0 {
			r.item(flagTerm(row), sentence(row.Meaning()))
		}
	}
}

// flagTerm is the flag with its argument.
func flagTerm(row settings.Row) string {
	term := roffBold("--" + row.Name)
	if row.Short != "" {
		term = roffBold("-"+row.Short) + ", " + term
	}
	switch {
	case row.Bare != "":
		return term + "[=" + roffItalic(row.Arg.String()) + "]"
	case row.TakesValue():
		return term + " " + roffItalic(row.Arg.String())
	}
	return term
}

// topicsOf sets the topics that stand on a command's page.
func (r *roff) topicsOf(name string) {
	for _, t := range topics {
		if topicPlaces[t.name] == name {
			r.topic(t)
		}
	}
}

func (r *roff) topic(t topic) {
	r.heading(cmp.Or(map[string]string{"exit-codes": "EXIT STATUS"}[t.name], strings.ToUpper(t.name)))
	r.prose(t.text)
}

// topicsPage is a page whose description are topics.
func topicsPage(place string) func(*roff) {
	return func(r *roff) {
		r.heading("DESCRIPTION")
		for _, t := range topics {
			if topicPlaces[t.name] == place {
				r.prose(t.text)
			}
		}
	}
}

// settingsPage is the page of reeve.toml.
func settingsPage(r *roff) {
	topicsPage(place.SettingsFile)(r)
	r.heading("KEYS")
	for _, name := range settings.Keys() {
		row := settings.RowOf(settings.OnSettings, name)
		r.item(roffBold(name)+" = "+roffItalic(cmp.Or(row.Arg.String(), switchValues)), sentence(row.Meaning()))
	}
}

// standardExitStatus is that of what runs nothing.
func (r *roff) standardExitStatus() {
	r.heading("EXIT STATUS")
	r.item(fmt.Sprint(diag.ExitOK), "Success.")
	r.item(fmt.Sprint(diag.ExitFailure), "Something went wrong in reeve or on the system.")
	r.item(fmt.Sprint(diag.ExitUsage), "The command line, a Procfile, an env file or a setting is wrong.")
	r.paragraph("Commands that reeve runs have exit codes of their own, see reeve-start(1) and reeve-run(1).")
}

// environmentRows says which variables matter to a command that has a flag.
var environmentRows = []struct{ flag, variable, text string }{
	{"root", "REEVE_<FLAG>", "Sets a flag that is not on the command line, as REEVE_CAN_DIE sets --can-die: see " + place.SettingsFile + "(5)."},
	{"port", "PORT", "The base port, unless --port is given."},
	{"color", "NO_COLOR, FORCE_COLOR", "Whether to use colours, unless --color is given."},
}

func (r *roff) environment(on settings.CommandSet) {
	r.heading("ENVIRONMENT")
	for _, row := range environmentRows {
		if settings.RowOf(on, row.flag).Name != "" {
			r.item(roffBold(row.variable), row.text)
		}
	}
	r.paragraph("For the environment of an app's processes, see reeve(1).")
}

// appFiles are what reeve reads.
var appFiles = []column{
	{place.Procfile, "What runs: see procfile(5)."},
	{place.SettingsFile, "Settings: see " + place.SettingsFile + "(5)."},
	{".env", "The app's environment: see reeve(1)."},
	{strings.Join(app.ExampleFiles, ", "), "The config that the app needs. The first one that exists is used."},
	{app.ManifestFile, "The same, and how many instances of each process type run."},
}

func (r *roff) files() {
	r.heading("FILES")
	for _, f := range appFiles {
		r.item(roffItalic(f.term), f.text)
	}
}

// seeAlso names the other pages: all of them on that of reeve, the general ones elsewhere.
func (r *roff) seeAlso(p manPage) {
	var others []string
	for _, q := range manual() {
		if q.name != p.name && (p.name == "reeve" || q.name == "reeve" || q.name == "reeve-start" || q.section == "5") {
			others = append(others, roffBold(q.name)+"("+q.section+")")
		}
	}
	r.heading("SEE ALSO")
	r.fill(strings.Join(others, ", "))
}
