package settings

import (
	"strings"

	"reeve/procfile"
	"reeve/procfile/probe"
	"reeve/procfile/schedule"
)

// Arg is the argument of a flag: how it is written, and what it is a value of.
type Arg struct {
	form form
	Of   kind
	more string // a word that may stand there as well, or in place of a type
}

// form is how the values of a flag are written.
type form uint8

const (
	noArgument  form = iota
	oneValue         // VALUE
	listForm         // VALUE[,VALUE]
	perTypeForm      // [TYPE=]VALUE
	ofTypeForm       // TYPE=VALUE
	ofTypeList       // TYPE=VALUE[,VALUE]
	typeMayForm      // TYPE[=VALUE]
	typeOrLine       // TYPE[=REGEX]; a list has commas only before the =
	typesForm        // TYPE[,TYPE]
	typeWith         // TYPE[,WORD]
	orderForm        // TYPE=TYPE+TYPE
	countsForm       // TYPE=N[,TYPE=N]
	groupForm        // NAME=TYPE+TYPE
)

// kind is what a value is, for help and for completion.
type kind struct {
	name  string
	Words []string    // what it may be, or often is
	all   bool        // it is one of them
	Begun bool        // something has to come after them
	From  valueSource // where else values are found
}

// valueSource says where completion finds values.
type valueSource uint8

const (
	nowhere valueSource = iota
	Files
	Directories
	VariableKeys
)

// Kinds of values.
var (
	file        = kind{name: "FILE", From: Files}
	directory   = kind{name: "DIR", From: Directories}
	variableKey = kind{name: "KEY", From: VariableKeys}
	layout      = kind{name: "LAYOUT", Words: []string{"15:04:05", "rfc3339", "unix", "relative"}}
	seconds     = free("SECONDS")
	signalName  = kind{name: "SIGNAL", Words: []string{"TERM", "INT", "QUIT", "HUP", "USR1", "USR2", "KILL"}}
	policy      = kind{name: "POLICY", Words: []string{"never", "on-failure", "always"}}
	probeText   = kind{name: "PROBE", Words: probeStarts(probe.Readiness), Begun: true}
	healthText  = kind{name: "PROBE", Words: probeStarts(probe.Health), Begun: true}
	when        = words("auto", "always", "never")
	textOrJSON  = words("text", "json")
	envFormat   = words("text", "dotenv", "json", "shell")
	input       = words(openInput, NoInput)
	portNumber  = kind{name: "N|auto", Words: []string{autoPort}}
	glob        = kind{name: "GLOB", From: Files}
	command     = free("COMMAND")
	schedules   = kind{name: "SCHEDULE", Words: append(schedule.Shorthands, "every 30s")}
	zone        = kind{name: "ZONE", Words: []string{"UTC", "Local"}}
	onChange    = kind{name: restartWord + "|SIGNAL", Words: append([]string{restartWord}, signalName.Words...)}
	address     = kind{name: "ADDRESS", Words: []string{"127.0.0.1:$PORT", "[::]:$PORT"}, From: Files}
	pollEvery   = kind{name: "SECONDS|" + autoWord, Words: []string{autoWord}}
)

// free is a kind whose values nobody can list.
func free(name string) kind { return kind{name: name} }

// words is a kind with only a few values.
func words(all ...string) kind { return kind{name: strings.Join(all, "|"), Words: all, all: true} }

func probeStarts(of probe.Use) (starts []string) {
	for _, form := range of.Forms() {
		starts = append(starts, form.Start)
	}
	return starts
}

func one(of kind) Arg        { return Arg{form: oneValue, Of: of} }
func listOf(of kind) Arg     { return Arg{form: listForm, Of: of} }
func perTypeOf(of kind) Arg  { return Arg{form: perTypeForm, Of: of} }
func ofType(of kind) Arg     { return Arg{form: ofTypeForm, Of: of} }
func listOfType(of kind) Arg { return Arg{form: ofTypeList, Of: of} }
func typeMay(of kind) Arg    { return Arg{form: typeMayForm, Of: of} }
func linesOf(of kind) Arg    { return Arg{form: typeOrLine, Of: of} }

// Arguments that are about process types alone.
var (
	types  = Arg{form: typesForm}
	order  = Arg{form: orderForm}
	counts = Arg{form: countsForm, more: procfile.All}
	group  = Arg{form: groupForm}
)

// or allows a word in place of the values.
func (a Arg) or(word string) Arg {
	a.more = word
	return a
}

// with allows a word after the one type.
func (a Arg) with(word string) Arg { return Arg{form: typeWith, more: word} }

// String is the argument as help shows it.
func (a Arg) String() string {
	text := ""
	switch a.form {
	case oneValue:
		text = a.Of.name
	case listForm:
		text = a.Of.name + "[," + a.Of.name + "]"
	case perTypeForm:
		text = "[TYPE=]" + a.Of.name
	case ofTypeForm:
		text = "TYPE=" + a.Of.name
	case typeMayForm, typeOrLine:
		text = "TYPE[=" + a.Of.name + "]"
	case ofTypeList:
		text = "TYPE=" + a.Of.name + "[," + a.Of.name + "]"
	case typesForm:
		text = "TYPE[,TYPE]"
	case typeWith:
		return "TYPE[," + a.more + "]"
	case orderForm:
		text = "TYPE=TYPE+TYPE"
	case countsForm:
		return "TYPE=N[,TYPE=N]"
	case groupForm:
		text = "NAME=TYPE+TYPE"
	}
	if a.more != "" {
		text += "|" + a.more
	}
	return text
}

// WordsAt are the words allowed in place of a value, by its position in a list.
func (a Arg) WordsAt(item int) []string {
	if a.more == "" || item == 0 && a.form == typeWith {
		return nil
	}
	return []string{a.more}
}

// ForTypes reports whether values are about process types.
func (a Arg) ForTypes() bool { return a.form >= perTypeForm }

// TypeIsOptional reports whether a value is about all types unless it names one.
func (a Arg) TypeIsOptional() bool { return a.form == perTypeForm }

// ValueIsOptional reports whether a process type may stand there without a value.
func (a Arg) ValueIsOptional() bool { return a.form == typeMayForm || a.form == typeOrLine }

// IsTypes reports whether values are process types alone.
func (a Arg) IsTypes() bool { return a.form == typesForm || a.form == typeWith }

// Defines reports whether values give a name to what comes after a =.
func (a Arg) Defines() bool { return a.form == groupForm }

// Assigns reports whether a value comes after a type and a =.
func (a Arg) Assigns() bool {
	return a.form == perTypeForm || a.form == ofTypeForm || a.form == ofTypeList || a.ValueIsOptional() || a.form == countsForm || a.form == groupForm
}
