package settings

// Row is one row of the table that everything about a flag is made from: the flag, its
// variable, its key in reeve.toml, help, completion and the manual.
type Row struct {
	Group       Group
	On          CommandSet // the commands that have it
	Name, Short string
	Arg         Arg
	Bare        string // the value where the argument may be left out, and is
	usage       string
	unset       string // what holds if nobody sets it, where the default does not say so
	value       func(*Options) value
}

// Standard is the default, for people; empty: none worth a word.
func (row Row) Standard() string {
	if row.unset != "" || !row.TakesValue() {
		return row.unset
	}
	return row.value(Defaults()).String()
}

// TakesValue reports whether the flag has an argument.
func (row Row) TakesValue() bool { return row.Arg.form != noArgument }

// Meaning is what the flag does, and its default.
func (row Row) Meaning() string {
	if standard := row.Standard(); standard != "" {
		return row.usage + " (default " + standard + ")"
	}
	return row.usage
}

// CommandSet is a set of commands that take options.
type CommandSet uint32

const (
	OnStart CommandSet = 1 << iota
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
	onWait
	onUI
	onReload

	// everywhere is what every command that loads the app has.
	everywhere = OnStart | onRun | onEnv | onCheck | onExport
	// OnSettings is what the settings of an app are for.
	OnSettings = OnStart | onExport
	// onClients is what talks to a running formation, and onLogs too.
	onClients = onPs | onRestart | onStop | onScale | onAttach | onQuit | onWait | onUI | onReload
)

// Commands has the commands that take options.
var Commands = map[string]CommandSet{
	"start": OnStart, "run": onRun, "env": onEnv, "check": onCheck, "export": onExport,
	"ps": onPs, "restart": onRestart, "stop": onStop, "scale": onScale,
	"logs": onLogs, "attach": onAttach, "quit": onQuit, "wait": onWait, "ui": onUI, "reload": onReload,
}

// OnLineAlone reports whether the command line alone sets a flag: the setting of its name, if
// there is one, is about something else, or it would stop what nobody is thinking of.
func (row Row) OnLineAlone() bool { return row.On == onWait || row.On == onReload || row.Name == "all" }

// RowOf finds the flag of a name that one of some commands has; its name is empty if none has.
func RowOf(on CommandSet, name string) Row {
	for _, row := range Table() {
		if row.Name == name && row.On&on != 0 {
			return row
		}
	}
	return Row{}
}

// Rows lists the flags of some commands.
func Rows(on CommandSet) (rows []Row) {
	for _, row := range Table() {
		if row.On&on != 0 {
			rows = append(rows, row)
		}
	}
	return rows
}
