package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/pflag"

	"reeve/procfile"
)

// parseOptions reads the command line behind a command, and the weaker sources. What is no
// flag is returned.
func parseOptions(command string, args []string) (o *options, rest []string, err error) {
	on := optionCommands[command]
	line := newSource()
	flags := flagSet(&line.options, on)
	flags.SetInterspersed(command != "run") // flags behind a one-off belong to it
	if err := flags.Parse(args); err != nil {
		return nil, nil, flagError(err, command, flags)
	}
	flags.Visit(func(f *pflag.Flag) { line.said[f.Name] = true })
	file, fileErr := readSettings(on, line.settingsRoot(command))
	variables, variablesErr := readVariables(on)
	o = merge(on, file, variables, line)
	o.inFile, o.onLine = file.typesNamed(), line.typesNamed()
	o.portsOnLine = line.said["port"] || line.said["port-step"] || line.said["no-port"]
	o.settings = errors.Join(fileErr, variablesErr)
	if command == "export" {
		o.lookHere()
	}
	return o, flags.Args(), nil
}

// flagSet makes a command's flags, which write into o.
func flagSet(o *options, on commandSet) *pflag.FlagSet {
	flags := pflag.NewFlagSet("reeve", pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	flags.SortFlags = false
	for _, row := range optionTable {
		if row.on&on == 0 {
			continue
		}
		flag := flags.VarPF(row.value(o), row.name, row.short, row.usage)
		flag.NoOptDefVal = row.bare
		if !row.takesValue() {
			flag.NoOptDefVal = "true"
		}
	}
	return flags
}

// flagError says in plain words what is wrong with a command line.
func flagError(err error, command string, flags *pflag.FlagSet) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		return unknownFlag(unknown, command, flags)
	}
	var missing *pflag.ValueRequiredError
	if errors.As(err, &missing) {
		return needsAValue(rowOf(optionCommands[command], missing.GetFlag().Name))
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
