package main

// option is one row of the table that everything about a flag is made from: the flag, its
// variable, its key in reeve.toml, help, completion and the manual.
type option struct {
	group       group
	on          commandSet // the commands that have it
	name, short string
	arg         Arg
	bare        string // the value where the argument may be left out, and is
	usage       string
	unset       string // what holds if nobody sets it, where the default does not say so
	value       func(*options) value
}

// standard is what holds if nobody sets it, for people; empty: nothing worth a word.
func (row option) standard() string {
	if row.unset != "" || !row.takesValue() {
		return row.unset
	}
	return row.value(defaults()).String()
}

// takesValue says whether the flag has an argument.
func (row option) takesValue() bool { return row.arg.form != noArgument }

// meaning is what the flag does, and what holds without it.
func (row option) meaning() string {
	if standard := row.standard(); standard != "" {
		return row.usage + " (default " + standard + ")"
	}
	return row.usage
}

// commandSet is a set of commands that take options.
type commandSet uint32

const (
	onStart commandSet = 1 << iota
	onRun
	onEnv
	onCheck
	onExport
	onPs
	onRestart
	onStop
	onScale
	onLogs
	onAttach
	onQuit

	// everywhere is what every command that loads the app has.
	everywhere = onStart | onRun | onEnv | onCheck | onExport
	// onSettings is what the settings of an app are for.
	onSettings = onStart | onExport
	// onClients is what talks to a running formation, and onLogs too.
	onClients = onPs | onRestart | onStop | onScale | onAttach | onQuit
)

// optionCommands has the commands that take options.
var optionCommands = map[string]commandSet{
	"start": onStart, "run": onRun, "env": onEnv, "check": onCheck, "export": onExport,
	"ps": onPs, "restart": onRestart, "stop": onStop, "scale": onScale,
	"logs": onLogs, "attach": onAttach, "quit": onQuit,
}

func rowOf(on commandSet, name string) option {
	for _, row := range optionTable {
		if row.name == name && row.on&on != 0 {
			return row
		}
	}
	return option{}
}

// rowsOn lists the flags of some commands.
func rowsOn(on commandSet) (rows []option) {
	for _, row := range optionTable {
		if row.on&on != 0 {
			rows = append(rows, row)
		}
	}
	return rows
}
