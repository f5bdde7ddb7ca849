package settings

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/pflag"

	"reeve/procfile"
)

// Parse reads the command line after a command, and the weaker sources. The words
// that are not flags are returned.
func Parse(command string, args []string) (o *Options, rest []string, err error) {
	on := Commands[command]
	line := newSource()
	flags := flagSet(&line.Options, on)
	flags.SetInterspersed(command != "run") // flags after a one-off belong to it
	if err := flags.Parse(args); err != nil {
		return nil, nil, flagError(err, command, flags)
	}
	flags.Visit(func(f *pflag.Flag) { line.said[f.Name] = true })
	file, fileErr := readSettings(on, line.settingsRoot(command))
	variables, variablesErr := readVariables(on)
	inFile, onLine := file.typesNamed(), line.typesNamed()
	groups := merged(file, variables, line)
	fileErr = errors.Join(fileErr, file.expandGroups(groups))
	variablesErr = errors.Join(variablesErr, variables.expandGroups(groups))
	if err := line.expandGroups(groups); err != nil {
		return nil, nil, err
	}
	o = merge(on, file, variables, line)
	o.InFile, o.OnLine = inFile, onLine
	saysPort := line.said["port"] && line.Port != AutoPort
	o.PortsOnLine = saysPort || line.said["port-step"] || line.said["no-port"]
	o.PlaceOnLine = line.said["root"] || line.said["procfile"]
	if err := o.Printing.check(); err != nil {
		return nil, nil, err
	}
	o.Wrong = errors.Join(fileErr, variablesErr)
	if command == "export" {
		o.lookHere()
		err = o.fixPort(line.Port)
	}
	return o, flags.Args(), err
}

// flagSet makes a command's flags, which write into o.
func flagSet(o *Options, on CommandSet) *pflag.FlagSet {
	flags := pflag.NewFlagSet("reeve", pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	flags.SortFlags = false
	for _, row := range Table() {
		if row.On&on == 0 {
			continue
		}
		flag := flags.VarPF(row.value(o), row.Name, row.Short, row.usage)
		flag.NoOptDefVal = row.Bare
		if !row.TakesValue() {
			flag.NoOptDefVal = "true"
		}
	}
	return flags
}

// flagError says plainly what is wrong with a command line.
func flagError(err error, command string, flags *pflag.FlagSet) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		return unknownFlag(unknown, command, flags)
	}
	var missing *pflag.ValueRequiredError
	if errors.As(err, &missing) {
		return NeedsValue(RowOf(Commands[command], missing.GetFlag().Name))
	}
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		return fmt.Errorf("--%s %s: %v", invalid.GetFlag().Name, invalid.GetValue(), invalid.Unwrap())
	}
	return err
}

func unknownFlag(err *pflag.NotExistError, command string, flags *pflag.FlagSet) error {
	if short := err.GetSpecifiedShortnames(); short != "" {
		return fmt.Errorf("unknown flag -%s: see: reeve help %s", err.GetSpecifiedName(), command)
	}
	names := []string{"help"}
	flags.VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if near := procfile.Nearest(err.GetSpecifiedName(), names); near != "" {
		return fmt.Errorf("unknown flag --%s: did you mean --%s?", err.GetSpecifiedName(), near)
	}
	return fmt.Errorf("unknown flag --%s: see: reeve help %s", err.GetSpecifiedName(), command)
}

// NeedsValue reports a flag without one.
func NeedsValue(row Row) error {
	return fmt.Errorf("--%s needs a value: --%s %s", row.Name, row.Name, row.Arg)
}

// Guess understands as much of the beginning of a command line as it can.
func Guess(command string, args []string) *Options {
	o := Defaults()
	flags := flagSet(o, Commands[command])
	flags.ParseErrorsAllowlist = pflag.ParseErrorsAllowlist{UnknownFlags: true}
	for n := len(args); n >= 0 && flags.Parse(args[:n]) != nil; n-- {
		o = Defaults()
		flags = flagSet(o, Commands[command])
	}
	return o
}

// ErrHelp is the error of a command line that asks for help.
var ErrHelp = pflag.ErrHelp
