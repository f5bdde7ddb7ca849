package app

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/settings"
)

// Named are the process types that are asked for by name, themselves or by a group, and with
// --with-deps also what these come after. None: all of them.
func (a *App) Named() []string {
	if !a.Settings.WithDeps {
		return a.named
	}
	all := slices.Clone(a.named)
	for n := 0; n < len(all); n++ {
		for _, before := range a.Settings.After[all[n]] {
			if !slices.Contains(all, before) {
				all = append(all, before)
			}
		}
	}
	return all
}

// checkGroups reports groups that are called like a process type, where they are defined.
func (a *App) checkGroups() error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(a.Settings.Groups)) {
		if _, ok := a.Lookup(name); !ok {
			continue
		}
		p, ok := a.Settings.GroupNamed[name]
		if !ok {
			p = diag.Problem{Severity: diag.Error, Message: "--group"}
		}
		p.Message += fmt.Sprintf(": %s is a process type: give the group another name", name)
		errs = append(errs, p)
	}
	return errors.Join(errs...)
}

// notOneText says that a group cannot stand where one process type must.
func (a *App) notOneText(where, group string) error {
	types, err := a.Settings.Groups.Types([]string{group})
	if err != nil {
		return err
	}
	return fmt.Errorf("%s: %s is a group: name one of %s", where, group, strings.Join(types, ", "))
}

// IsOneType reports a group in place of the one process type that a command is about.
func (a *App) IsOneType(command, name string) error {
	if _, known := a.Settings.Groups[strings.TrimPrefix(name, "@")]; !settings.IsGroup(name) || !known {
		return nil
	}
	return a.notOneText(command, name)
}
