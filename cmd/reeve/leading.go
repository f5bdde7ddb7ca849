package main

import (
	"fmt"
	"strings"

	"reeve/cmd/reeve/internal/settings"
)

// A flag may also come before the command: reeve -f Procfile.dev start. Its name is
// the one that start has for it, else that of whichever command has it.

// leading is the front of a command line.
type leading struct {
	flags   []string     // in their long form, since -f is also --follow, and their values
	rest    []string     // the command, and what comes after it
	unknown string       // a flag that no command has
	waits   settings.Row // a flag whose value is missing
	help    bool         // --help is among them
}

// takeLeading takes a command line apart.
func takeLeading(args []string) (l leading) {
	for l.rest = args; len(l.rest) > 0 && len(l.rest[0]) > 1 && l.rest[0][0] == '-'; {
		words := longForms(l.rest[0])
		l.rest = l.rest[1:]
		for _, word := range words {
			name, _, hasValue := strings.Cut(word, "=")
			row := leadingRow(func(row settings.Row) bool { return "--"+row.Name == name })
			switch {
			case name == "--help":
				l.help = true
			case row.Name == "":
				l.unknown = name
				return l
			case !row.TakesValue() || row.Bare != "" || hasValue:
				l.flags = append(l.flags, word)
			case len(l.rest) == 0:
				l.waits = row
			default:
				l.flags, l.rest = append(l.flags, word, l.rest[0]), l.rest[1:]
			}
		}
	}
	return l
}

// longForms spells out the flags in a word: -Dfx is --detach and
// --procfile=x.
func longForms(word string) (long []string) {
	if strings.HasPrefix(word, "--") {
		return []string{word}
	}
	for letters := word[1:]; letters != ""; {
		letter := letters[:1]
		letters = letters[1:]
		row := leadingRow(func(row settings.Row) bool { return row.Short == letter })
		name := "--" + row.Name
		switch {
		case letter == "h":
			name = "--help"
		case row.Name == "":
			return append(long, "-"+letter)
		case letters != "" && (letters[0] == '=' || row.TakesValue() && row.Bare == ""):
			return append(long, name+"="+strings.TrimPrefix(letters, "="))
		}
		long = append(long, name)
	}
	return long
}

// leadingRow finds the flag that is meant before a command.
func leadingRow(is func(settings.Row) bool) (found settings.Row) {
	for _, row := range settings.Table() {
		if is(row) && (row.On&settings.OnStart != 0 || found.Name == "") {
			found = row
		}
	}
	return found
}

// commandFirst moves flags that come before the command after it.
func commandFirst(args []string) (ordered []string, err error) {
	l := takeLeading(args)
	switch {
	case l.help:
		return append([]string{"help"}, l.rest...), nil
	case l.unknown != "":
		return nil, fmt.Errorf("unknown flag %s: see: reeve help", l.unknown)
	case l.waits.Name != "":
		return nil, settings.NeedsValue(l.waits)
	case len(l.flags) == 0:
		return args, nil
	case len(l.rest) == 0:
		return nil, fmt.Errorf("%s needs a command, as in: reeve %s start", l.flags[0], strings.Join(args, " "))
	case commandNamed(l.rest[0]).name != "" && settings.Commands[l.rest[0]] == 0:
		return nil, fmt.Errorf("%s takes no flags: see: reeve help %s", l.rest[0], l.rest[0])
	}
	return append(append([]string{l.rest[0]}, l.flags...), l.rest[1:]...), nil
}
