package settings

import (
	"fmt"
	"slices"
	"strings"

	"reeve/procfile"
)

// What becomes of settings when they are read again while a formation runs.

// lasting are those that hold as long as the formation runs.
var lasting = []string{
	"root", "port", "port-step", "no-port", "release", "wait-for", "wait-timeout", "attach", "detach",
	"color", "no-color", "timestamp", "no-timestamp", "no-prefix", "log-format", "quiet", "history",
	"log-dir", "log-size", "log-keep", "no-hints",
}

// immediate are those for process types that hold from now on, without a restart: they are about what
// is done with a run, not about what it is.
var immediate = []string{
	"formation", "exclude", groupTable, "after", "restart", "can-die", "timeout",
	"watch", "on-change", "cascade", "watch-poll", "cron", "cron-zone",
}

// differing names those flags that say something else than in former settings.
func (o *Options) differing(former *Options, among func(Row) bool) (flags []string) {
	for _, row := range Rows(OnStart) {
		if among(row) && row.described(o) != row.described(former) {
			flags = append(flags, "--"+row.Name)
		}
	}
	return flags
}

// KeepLasting replaces what cannot change while a formation runs by what its own settings have, and names
// the flags.
func (o *Options) KeepLasting(of *Options) (flags []string) {
	lasts := func(row Row) bool { return slices.Contains(lasting, row.Name) }
	flags = o.differing(of, lasts)
	for _, row := range Rows(OnStart) {
		if !lasts(row) {
			continue
		}
		if value := row.typed(o); value != nil {
			all := map[string]bool{}
			for _, name := range value.names() {
				all[name] = true
			}
			value.drop(all)
		}
		row.value(o).put(row.value(of))
	}
	return flags
}

// Immediate names the flags that say something else than in former settings, and that need no restart.
func (o *Options) Immediate(former *Options) []string {
	return o.differing(former, func(row Row) bool {
		return slices.Contains(immediate, row.Name) || row.Name == "ready-timeout" || row.Name == "restart-limit"
	})
}

// WatchesAs reports whether the same is watched as with former settings.
func (o *Options) WatchesAs(former *Options) bool {
	return len(o.differing(former, func(row Row) bool {
		return row.Group == whenFilesChange || row.Name == "after" && len(o.Cascade) > 0
	})) == 0
}

// Differing names the flags that make a run of a type another one than with former settings.
func (o *Options) Differing(former *Options, typ string) (flags []string) {
	for _, row := range Rows(OnStart) {
		value := row.typed(o)
		if value == nil || slices.Contains(lasting, row.Name) || slices.Contains(immediate, row.Name) {
			continue
		}
		if value.about(typ) != row.typed(former).about(typ) {
			flags = append(flags, "--"+row.Name)
		}
	}
	return flags
}

func (v *perTypeValue[T]) about(typ string) string { return fmt.Sprint(v.of.Of(typ)) }

func (v *ofTypeValue[T]) about(typ string) string {
	if own, ok := (*v.of)[typ]; ok {
		return fmt.Sprint(own)
	}
	return ""
}

func (v *typesValue) about(typ string) string {
	if slices.Contains(*v, typ) || slices.Contains(*v, procfile.All) {
		return typ
	}
	return ""
}

func (v *releaseValue) about(string) string   { return v.String() }
func (v *orderValue) about(typ string) string { return strings.Join((*v)[typ], " ") }
func (v *groupValue) about(string) string     { return v.described() }

func (v *formationValue) about(typ string) string {
	for _, item := range splitList(string(*v)) {
		if typeIn(item) == typ {
			return item
		}
	}
	return ""
}
