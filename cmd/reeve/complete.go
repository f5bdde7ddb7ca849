package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/instances"
	"reeve/cmd/reeve/internal/settings"
	"reeve/procfile/export"
	"reeve/supervisor/control"
)

// completer finds candidates. What it has to look for in files, or to ask the running
// formation, it does once and only if it matters.
type completer struct {
	options *settings.Options
	app     *app.App
}

// complete finds what may stand in the place of the last word.
func (c *completer) complete(words []string) candidates {
	word := words[len(words)-1]
	front := takeLeading(words[:len(words)-1])
	switch {
	case front.waits.Name != "":
		c.options = settings.Guess("start", front.flags)
		return c.valuesLike(front.waits, word)
	case len(front.rest) == 0 && strings.HasPrefix(word, "-"):
		return flagsOf(settings.OnStart).startingWith(word)
	case len(front.rest) == 0:
		return c.commands().startingWith(word)
	}
	words = append(append(front.rest[:1:1], front.flags...), append(front.rest[1:], word)...)
	verb := commandNamed(words[0])
	on := settings.Commands[verb.name]
	given, before := words[1:len(words)-1], ""
	if len(given) > 0 {
		before = given[len(given)-1]
	}
	c.options = settings.Guess(verb.name, given)
	if row, ok := needsValue(on, before); ok {
		return c.valuesLike(row, word)
	}
	if name, value, ok := strings.Cut(word, "="); ok && strings.HasPrefix(name, "--") {
		return c.valuesLike(settings.RowOf(on, strings.TrimPrefix(name, "--")), value).after(name + "=")
	}
	if strings.HasPrefix(word, "-") {
		return flagsOf(on).startingWith(word)
	}
	return c.arguments(verb, argumentsIn(on, given)).startingWith(word)
}

// commandNamed finds a command.
func commandNamed(name string) command {
	for _, c := range commands() {
		if c.name == name {
			return c
		}
	}
	return command{}
}

// needsValue reports whether a word is a flag whose value is the next word.
func needsValue(on settings.CommandSet, word string) (row settings.Row, ok bool) {
	for _, row := range settings.Table() {
		if row.On&on == 0 || !row.TakesValue() || row.Bare != "" {
			continue
		}
		if word == "--"+row.Name || row.Short != "" && word == "-"+row.Short {
			return row, true
		}
	}
	return settings.Row{}, false
}

// argumentsIn returns the words that are neither flags nor their values.
func argumentsIn(on settings.CommandSet, given []string) (arguments []string) {
	for i, word := range given {
		isValue := false
		if i > 0 {
			_, isValue = needsValue(on, given[i-1])
		}
		if !isValue && !strings.HasPrefix(word, "-") {
			arguments = append(arguments, word)
		}
	}
	return arguments
}

// flagsOf lists a command's flags.
func flagsOf(on settings.CommandSet) (found candidates) {
	for _, row := range settings.Table() {
		if row.On&on != 0 {
			found.add("--"+row.Name, row.Meaning())
		}
	}
	found.add("--help", "explain the command")
	return found
}

// commands lists the commands.
func (c *completer) commands() (found candidates) {
	for _, command := range commands() {
		found.add(command.name, command.summary)
	}
	return found
}

// valuesLike lists the possible values of a flag that begin like a word.
func (c *completer) valuesLike(row settings.Row, word string) candidates {
	item := strings.LastIndexByte(word, ',') + 1
	if at := strings.IndexByte(word[item:], '='); at >= 0 && row.Arg.Assigns() {
		return c.kind(row.Arg).startingWith(word[item+at+1:]).after(word[:item+at+1])
	}
	return c.values(row, strings.Count(word, ",")).startingWith(word)
}

// kind lists the possible values of an argument, apart from process types.
func (c *completer) kind(arg settings.Arg) (found candidates) {
	switch arg.Of.From {
	case settings.Files:
		found.directive = "files"
	case settings.Directories:
		found.directive = "directories"
	case settings.VariableKeys:
		found = c.variables()
	}
	if arg.Of.Begun {
		found.directive = "nospace"
	}
	found.addAll(arg.Of.Words...)
	return found
}

// values lists what may come after a flag, as one of the items of a list.
func (c *completer) values(row settings.Row, item int) (found candidates) {
	words := row.Arg.WordsAt(item)
	switch {
	case row.Arg.Defines():
		return found
	case row.Arg.IsTypes():
		found = c.typesAndGroups()
	case row.Arg.TypeIsOptional():
		found = c.kind(row.Arg)
		found.append(c.typesAndGroups().with("="))
	case row.Arg.ValueIsOptional():
		found = c.typesAndGroups()
		if len(row.Arg.Of.Words) > 0 { // else nobody can tell what would follow
			found.append(c.typesAndGroups().with("="))
		}
	case row.Arg.ForTypes():
		found = c.typesAndGroups()
		found.addAll(words...)
		return found.with("=")
	default:
		found = c.kind(row.Arg)
	}
	found.addAll(words...)
	return found
}

// arguments lists what may come after a command, according to its usage line.
func (c *completer) arguments(verb command, before []string) (found candidates) {
	switch place := strings.Fields(verb.args); {
	case len(place) == 0:
	case place[0] == "FORMAT" && len(before) == 0:
		for _, f := range export.Formats {
			found.add(f.Name, f.Summary)
		}
	case place[0] == "SHELL" && len(before) == 0:
		found.addAll(shells...)
	case place[0] == "[COMMAND|TOPIC]" && len(before) == 0:
		found = c.commands()
		for _, t := range topics {
			found.add(t.name, t.summary)
		}
	case place[0] == "COMMAND":
		if found.directive = "files"; len(before) == 0 {
			found = c.types()
			found.directive = "commands"
		}
	case strings.HasPrefix(place[0], "TYPE=N"):
		found = c.typesAndGroups().with("=")
	case place[0] == "[TYPE]":
		found = c.types()
	case strings.Contains(place[0], "TYPE"):
		found = c.typesAndGroups()
	case strings.Contains(place[0], "NAME"):
		if found = c.instances(); len(found.candidates) == 0 && verb.name == "wait" {
			found = c.types() // which may still be started
		}
	case len(place) == 2 && place[1] == "LOCATION" && len(before) == 1:
		found.directive = "directories"
	}
	return found
}

// load reads the app, as far as it can be read.
func (c *completer) load() *app.App {
	if c.app == nil {
		c.app, _ = app.LoadForOneOff(c.options, app.Request{NoPipes: true})
	}
	return c.app
}

// types lists the process types of the Procfile.
func (c *completer) types() (found candidates) {
	if a := c.load(); a != nil && a.Procfile != nil {
		for _, e := range a.Procfile.Entries {
			found.add(e.Type, e.Command)
		}
	}
	return found
}

// typesAndGroups lists what may stand for process types.
func (c *completer) typesAndGroups() (found candidates) {
	found = c.types()
	found.addGroups(c.options.FindGroups())
	return found
}

// addGroups adds groups, with what they have.
func (c *candidates) addGroups(groups settings.Groups) {
	for _, name := range groups.Names() {
		types, _ := groups.Types([]string{name})
		c.add(name, strings.Join(types, ", "))
	}
}

// variables lists those of the app's environment.
func (c *completer) variables() (found candidates) {
	if a := c.load(); a != nil {
		found.addAll(a.Env.Keys()...)
	}
	return found
}

// completeWithin is how long the running formation has to answer.
const completeWithin = time.Second

// instances lists those of the running formation, and their types.
func (c *completer) instances() (found candidates) {
	client, err := dialFormation(c.options.Place)
	if err != nil {
		return found
	}
	ctx, cancel := context.WithTimeout(context.Background(), completeWithin)
	defer cancel()
	f, err := client.Formation(ctx)
	if err != nil {
		return found
	}
	for _, t := range f.Types {
		if slices.ContainsFunc(f.Instances, func(i control.Instance) bool { return i.Type == t.Name }) {
			found.add(t.Name, t.Command)
		}
	}
	for _, i := range f.Instances {
		found.add(i.Name, instances.State(i))
	}
	found.addGroups(f.Groups)
	return found
}
