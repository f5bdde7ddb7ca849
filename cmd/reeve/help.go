package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/pattern"
	"reeve/procfile"
	"reeve/procfile/export"
)

// help explains a command or a topic.
func help(args []string) (exitCode int) {
	if len(args) == 0 {
		printUsage(os.Stdout)
		return exitOK
	}
	if len(args) > 1 {
		return diag.Fail(exitUsage, "help takes one command or topic")
	}
	var known []string
	for _, c := range commands() {
		if c.name == args[0] {
			printCommand(os.Stdout, c)
			return exitOK
		}
		known = append(known, c.name)
	}
	for _, t := range topics {
		if t.name == args[0] {
			fmt.Fprint(os.Stdout, t.text)
			switch t.name {
			case "settings":
				printSettings(os.Stdout)
			case "exports":
				printFormats(os.Stdout)
			}
			return exitOK
		}
		known = append(known, t.name)
	}
	return diag.Fail(exitUsage, "no help on %q: %s", args[0], procfile.Suggest(args[0], known, "see: reeve help"))
}

// printUsage says what there is.
func printUsage(w io.Writer) {
	fmt.Fprintf(w, "%s\n\nCommands:\n", whatReeveIs)
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-24s %s\n", strings.TrimSpace(c.name+" "+c.args), c.summary)
	}
	fmt.Fprint(w, "\nTopics, with reeve help TOPIC:\n")
	for _, t := range topics {
		fmt.Fprintf(w, "  %-24s %s\n", t.name, t.summary)
	}
	fmt.Fprintf(w, "\n%s\n", firstSteps)
}

// What reeve is, and how to begin.
const (
	shortlyReeve = "run the processes that a Procfile declares"
	whatReeveIs  = "reeve runs the processes that a Procfile declares."
	firstSteps   = "To begin: reeve start, in a directory with a Procfile."
)

// printCommand explains one command.
func printCommand(w io.Writer, c command) {
	fmt.Fprintf(w, "usage: reeve %s\n\n%s\n", c.usage(), sentence(c.summary))
	on := optionCommands[c.name]
	if on == 0 {
		return
	}
	fmt.Fprint(w, "\nFlags:\n")
	for _, row := range optionTable {
		if row.on&on != 0 {
			printFlag(w, row)
		}
	}
}

// usage is the command line without reeve.
func (c command) usage() string {
	usage := c.name
	if optionCommands[c.name] != 0 {
		usage += " [FLAG…]"
	}
	return strings.TrimSpace(usage + " " + c.args)
}

// sentence makes one of a summary.
func sentence(summary string) string {
	return strings.ToUpper(summary[:1]) + summary[1:] + "."
}

// flagColumn is where the explanations of flags begin.
const flagColumn = 34

// printFlag explains one flag.
func printFlag(w io.Writer, row option) {
	left := "      --" + row.name
	if row.short != "" {
		left = "  -" + row.short + ", --" + row.name
	}
	switch {
	case row.bare != "":
		left += "[=" + row.arg + "]"
	case row.arg != "":
		left += " " + row.arg
	}
	if len(left) >= flagColumn {
		left += "\n" + strings.Repeat(" ", flagColumn)
	}
	fmt.Fprintf(w, "%-*s%s\n", flagColumn, left, row.usage)
}

// defaultIn finds the default that a flag's explanation ends with.
var defaultIn = pattern.New(`\(default (.*)\)$`)

// switchValues are those of a flag that takes no argument.
const switchValues = "true|false"

// printSettings lists all settings.
func printSettings(w io.Writer) {
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, "KEY AND FLAG\tVARIABLE\tVALUE\tDEFAULT")
	for _, name := range settingNames() {
		row := rowOf(onSettings, name)
		value, standard := cmp.Or(row.arg, switchValues), ""
		if row.arg == "" {
			standard = "false"
		}
		if found := defaultIn().FindStringSubmatch(row.usage); found != nil {
			standard = found[1]
		}
		variable := flagVariable(name)
		if isNeighbour(name) {
			variable = "-" // it means something else
		}
		fmt.Fprintf(columns, "%s\t%s\t%s\t%s\n", name, variable, value, standard)
	}
	_ = columns.Flush()
}

// printFormats lists the formats of export.
func printFormats(w io.Writer) {
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range export.Formats {
		fmt.Fprintf(columns, "%s\t%s\n", f.Name, f.Summary)
	}
	_ = columns.Flush()
}
