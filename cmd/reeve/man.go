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
	"reeve/cmd/reeve/internal/roff"
	"reeve/cmd/reeve/internal/settings"
)

// The manual pages say what reeve help says: they are made of the same tables of
// commands, topics and flags, so a new row appears in them as well.

// page is a page of the manual in the making.
type page struct{ roff.Page }

// manPage is a page of the manual.
type manPage struct {
	name, section string
	summary       string
	body          func(*page)
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

// file is the path of a page in the manual's directory.
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

// build is the version and the date of this reeve.
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
	r := &page{}
	r.Begin(roff.Title{Name: p.name, Section: p.section, Version: b.version, Date: b.date}, p.summary)
	p.body(r)
	r.seeAlso(p)
	return r.String()
}

// programPage is the page of reeve itself. It has the topics that no other page has.
func programPage(r *page) {
	r.synopsis("COMMAND [ARG…]")
	r.Heading("DESCRIPTION")
	r.Paragraph(whatReeveIs)
	r.Paragraph(firstSteps)
	r.Heading("COMMANDS")
	for _, c := range commands() {
		r.Item(strings.TrimSpace(roff.Bold("reeve "+c.name)+" "+roff.Usage(c.args)), sentence(c.summary))
	}
	for _, t := range topics {
		if topicPlaces[t.name] == "" {
			r.topic(t)
		}
	}
	r.standardExitStatus()
}

// topicPlaces says which topics are on the page of a command or a file. All others are
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
	"keys":       "ui",
}

// page is the page of a command.
func (c command) page(r *page) {
	r.synopsis(c.usage())
	r.Heading("DESCRIPTION")
	r.Paragraph(sentence(c.summary))
	on := settings.Commands[c.name]
	if on != 0 {
		r.Heading("OPTIONS")
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

func (r *page) synopsis(usage string) {
	name, rest, _ := strings.Cut(usage, " ")
	if strings.ToUpper(name) == name {
		name, rest = "", usage
	}
	r.Synopsis(strings.TrimSpace("reeve "+name), rest)
}

// options lists the flags of a command.
func (r *page) options(on settings.CommandSet) {
	for _, row := range settings.Table() {
		if row.On&on != 0 {
			r.Item(flagTerm(row), sentence(row.Meaning()))
		}
	}
}

// flagTerm is the flag with its argument.
func flagTerm(row settings.Row) string {
	term := roff.Bold("--" + row.Name)
	if row.Short != "" {
		term = roff.Bold("-"+row.Short) + ", " + term
	}
	switch {
	case row.Bare != "":
		return term + "[=" + roff.Italic(row.Arg.String()) + "]"
	case row.TakesValue():
		return term + " " + roff.Italic(row.Arg.String())
	}
	return term
}

// topicsOf sets the topics of a command's page.
func (r *page) topicsOf(name string) {
	for _, t := range topics {
		if topicPlaces[t.name] == name {
			r.topic(t)
		}
	}
}

func (r *page) topic(t topic) {
	r.Heading(cmp.Or(map[string]string{"exit-codes": "EXIT STATUS"}[t.name], strings.ToUpper(t.name)))
	r.Prose(t.text())
}

// topicsPage is a page whose description consists of topics.
func topicsPage(place string) func(*page) {
	return func(r *page) {
		r.Heading("DESCRIPTION")
		for _, t := range topics {
			if topicPlaces[t.name] == place {
				r.Prose(t.text())
			}
		}
	}
}

// settingsPage is the page of reeve.toml.
func settingsPage(r *page) {
	topicsPage(place.SettingsFile)(r)
	r.Heading("KEYS")
	for _, name := range settings.Keys() {
		row := settings.RowOf(settings.OnSettings, name)
		r.Item(roff.Bold(name)+" = "+roff.Italic(cmp.Or(row.Arg.String(), switchValues)), sentence(row.Meaning()))
	}
}

// standardExitStatus is the section of commands that run nothing.
func (r *page) standardExitStatus() {
	r.Heading("EXIT STATUS")
	r.Item(fmt.Sprint(diag.ExitOK), "Success.")
	r.Item(fmt.Sprint(diag.ExitFailure), "It did not work, and standard error says why.")
	r.Item(fmt.Sprint(diag.ExitUsage), "The command line, a Procfile, an env file or a setting is wrong.")
	r.Paragraph("Commands that reeve runs have exit codes of their own, see reeve-start(1) and reeve-run(1).")
}

// environmentRows says which variables matter to a command that has a flag.
var environmentRows = []struct{ flag, variable, text string }{
	{"root", "REEVE_<FLAG>", "Sets a flag that is not on the command line, as REEVE_CAN_DIE sets --can-die: see " + place.SettingsFile + "(5)."},
	{"port", "PORT", "The base port, unless --port is given."},
	{"color", "NO_COLOR, FORCE_COLOR", "Whether to use colours, unless --color is given."},
}

func (r *page) environment(on settings.CommandSet) {
	r.Heading("ENVIRONMENT")
	for _, row := range environmentRows {
		if settings.RowOf(on, row.flag).Name != "" {
			r.Item(roff.Bold(row.variable), row.text)
		}
	}
	r.Paragraph("For the environment of an app's processes, see reeve(1).")
}

// appFiles are what reeve reads.
var appFiles = []struct{ name, text string }{
	{place.Procfile, "What runs: see procfile(5)."},
	{place.SettingsFile, "Settings: see " + place.SettingsFile + "(5)."},
	{".env", "The app's environment: see reeve(1)."},
	{strings.Join(app.ExampleFiles, ", "), "The config that the app needs. The first one that exists is used."},
	{app.ManifestFile, "The same, and how many instances of each process type run."},
}

func (r *page) files() {
	r.Heading("FILES")
	for _, f := range appFiles {
		r.Item(roff.Italic(f.name), f.text)
	}
}

// seeAlso names the other pages: all of them on the page of reeve, the general ones elsewhere.
func (r *page) seeAlso(p manPage) {
	var others []string
	for _, q := range manual() {
		if q.name != p.name && (p.name == "reeve" || q.name == "reeve" || q.name == "reeve-start" || q.section == "5") {
			others = append(others, roff.Bold(q.name)+"("+q.section+")")
		}
	}
	r.Heading("SEE ALSO")
	r.Fill(strings.Join(others, ", "))
}
