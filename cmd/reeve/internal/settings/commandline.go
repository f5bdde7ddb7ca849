package settings

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"reeve/procfile"
)

// Parse reads the command line after a command, and the weaker sources. The words
// that are not flags are returned.
func Parse(command string, args []string) (o *Options, rest []string, err error) {
	on := Commands[command]
	line := newSource()
	flags := flagSet(&line.Options, on, args)
	flags.SetInterspersed(command != "run") // flags after a one-off belong to it
	if err := flags.Parse(args); err != nil {
		return nil, nil, flagError(err, command)
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

// flagSet makes those of a command's flags that a command line may name, which write into o. To make
// all 80 of them for a command line that names two takes 0.1 ms.
func flagSet(o *Options, on CommandSet, args []string) *pflag.FlagSet {
	flags := pflag.NewFlagSet("reeve", pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	flags.SortFlags = false
	for _, row := range Table() {
		if row.On&on == 0 || !slices.ContainsFunc(args, row.mayBeIn) {
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

// mayBeIn reports whether an argument may name the flag: it begins with its name, or has its letter
// among others.
func (row Row) mayBeIn(arg string) bool {
	if long, ok := strings.CutPrefix(arg, "--"); ok {
		return strings.HasPrefix(long, row.Name)
	}
	return row.Short != "" && strings.HasPrefix(arg, "-") && strings.Contains(arg, row.Short)
}

// flagError says plainly what is wrong with a command line.
func flagError(err error, command string) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		return unknownFlag(unknown, command)
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

func unknownFlag(err *pflag.NotExistError, command string) error {
	if short := err.GetSpecifiedShortnames(); short != "" {
		return fmt.Errorf("unknown flag -%s: see: reeve help %s", err.GetSpecifiedName(), command)
	}
	names := []string{"help"}
	for _, row := range Rows(Commands[command]) {
		names = append(names, row.Name)
	}
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
	flags := flagSet(o, Commands[command], args)
	flags.ParseErrorsAllowlist = pflag.ParseErrorsAllowlist{UnknownFlags: true}
	for n := len(args); n >= 0 && flags.Parse(args[:n]) != nil; n-- {
		o = Defaults()
		flags = flagSet(o, Commands[command], args)
	}
	return o
}

// ErrHelp is the error of a command line that asks for help.
var ErrHelp = pflag.ErrHelp
