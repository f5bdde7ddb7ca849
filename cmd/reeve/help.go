package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/settings"
	"reeve/procfile"
	"reeve/procfile/export"
)

// help explains a command or a topic.
func help(args []string) (exitCode int) {
	if len(args) == 0 {
		printUsage(os.Stdout)
		return diag.ExitOK
	}
	if len(args) > 1 {
		return diag.Fail(diag.ExitUsage, "help takes one command or topic")
	}
	var known []string
	for _, c := range commands() {
		if c.name == args[0] {
			printCommand(os.Stdout, c)
			return diag.ExitOK
		}
		known = append(known, c.name)
	}
	for _, t := range topics {
		if t.name == args[0] {
			fmt.Fprint(os.Stdout, t.text())
			switch t.name {
			case "settings":
				printSettings(os.Stdout)
			case "exports":
				printFormats(os.Stdout)
			}
			return diag.ExitOK
		}
		known = append(known, t.name)
	}
	return diag.Fail(diag.ExitUsage, "no help on %q: %s", args[0], procfile.Suggest(args[0], known, "see: reeve help"))
}

// printUsage lists the commands and topics.
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
	on := settings.Commands[c.name]
	if on == 0 {
		return
	}
	rows := settings.Rows(on)
	heading := settings.Group("Flags")
	for n, row := range rows {
		if len(rows) > ungrouped {
			heading = row.Group
		}
		if n == 0 || heading != "Flags" && heading != rows[n-1].Group {
			fmt.Fprintf(w, "\n%s:\n", heading)
		}
		printFlag(w, row)
	}
}

// ungrouped is how many flags need no headings.
const ungrouped = 12

// helpWidth is the width of a terminal that nobody has made wider.
const helpWidth = 80

// indented breaks a text into lines that begin in a column.
func indented(text string, column int) string {
	lines, width := "", column
	for word := range strings.FieldsSeq(text) {
		switch length := utf8.RuneCountInString(word); {
		case lines == "":
			width += length
		case width+1+length > helpWidth:
			lines, width = lines+"\n"+strings.Repeat(" ", column), column+length
		default:
			lines, width = lines+" ", width+1+length
		}
		lines += word
	}
	return lines
}

// usage is the command line without reeve.
func (c command) usage() string {
	usage := c.name
	if settings.Commands[c.name] != 0 {
		usage += " [FLAG…]"
	}
	return strings.TrimSpace(usage + " " + c.args)
}

// sentence makes one of a summary.
func sentence(summary string) string {
	return strings.ToUpper(summary[:1]) + summary[1:] + "."
}

// flagColumn is where the explanations of flags begin.
const flagColumn = 28

// printFlag explains one flag.
func printFlag(w io.Writer, row settings.Row) {
	left := "      --" + row.Name
	if row.Short != "" {
		left = "  -" + row.Short + ", --" + row.Name
	}
	switch {
	case row.Bare != "":
		left += "[=" + row.Arg.String() + "]"
	case row.TakesValue():
		left += " " + row.Arg.String()
	}
	if len(left) >= flagColumn-1 {
		left += "\n" + strings.Repeat(" ", flagColumn)
	}
	fmt.Fprintf(w, "%-*s%s\n", flagColumn, left, indented(row.Meaning(), flagColumn))
}

// switchValues are the values of a flag that takes no argument.
const switchValues = "true|false"

// printSettings lists all settings.
func printSettings(w io.Writer) {
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, "KEY AND FLAG\tVARIABLE\tVALUE\tDEFAULT")
	for _, name := range settings.Keys() {
		row := settings.RowOf(settings.OnSettings, name)
		value, standard := row.Arg.String(), row.Standard()
		if !row.TakesValue() {
			value, standard = switchValues, "false"
		}
		variable := settings.Variable(name)
		if settings.IsNeighbour(name) {
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
