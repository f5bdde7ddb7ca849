package app

import (
	"fmt"
	"slices"
	"strings"

	"reeve/env"
	"reeve/supervisor/control"
)

// Changes names what is different now from what a formation was made of, for people: its
// Procfile, its env files, its settings. Only what still has an effect counts, so env files are
// compared with what the processes were started with that run.
func (a *App) Changes(f control.Formation, o control.Origin) (changes []string) {
	changes = append(changes, a.procfileChanges(f)...)
	changes = append(changes, a.envChanges(f, o)...)
	now := a.Settings.Described()
	for name, was := range o.Settings {
		if is, known := now[name]; known && is != was {
			changes = append(changes, "--"+name)
		}
	}
	slices.Sort(changes)
	return slices.Compact(changes)
}

// procfileChanges names the process types that the Procfile has otherwise now.
func (a *App) procfileChanges(f control.Formation) (changes []string) {
	was := map[string]string{}
	var order []string
	for _, t := range f.Types {
		was[t.Name] = t.Command
		order = append(order, t.Name)
	}
	for _, e := range a.Procfile.Entries {
		if command, ok := was[e.Type]; !ok || command != e.Command {
			changes = append(changes, a.inProcfile(e.Type))
		}
		delete(was, e.Type)
	}
	for typ := range was {
		changes = append(changes, a.inProcfile(typ))
	}
	if len(changes) == 0 && !slices.Equal(order, a.Types()) {
		changes = append(changes, "the order of types in "+a.Procfile.Path) // which ports depend on
	}
	return changes
}

func (a *App) inProcfile(typ string) string { return fmt.Sprintf("%s in %s", typ, a.Procfile.Path) }

// envChanges names the variables that the env files of running instances have otherwise now.
func (a *App) envChanges(f control.Formation, o control.Origin) (changes []string) {
	types := map[string]string{}
	for _, i := range f.Instances {
		types[i.Name] = i.Type
	}
	for _, was := range o.Env {
		for _, instance := range was.Instances {
			e := a.EnvOf(types[instance])
			for _, key := range (env.Digest{Text: was.Text, Keys: was.Keys}).Differing(e.Digest(o.Salt)) {
				changes = append(changes, key+inFiles(e))
			}
		}
	}
	return changes
}

// inFiles says where a variable is set.
func inFiles(e *env.Env) string {
	if files := e.Files(); len(files) > 0 {
		return " in " + strings.Join(files, ", ")
	}
	return ", which no env file sets any more"
}

// ChangedText says that a formation runs as it would not be started now.
func ChangedText(pid int, changes []string) string {
	return fmt.Sprintf("this app is already running (pid %d), but these have changed since: %s: apply changes in files with reeve reload, or run reeve quit and start again",
		pid, strings.Join(changes, ", "))
}
