package settings

import (
	"slices"

	"reeve/output"
)

// reeve's own lines have the name system. Where they cannot be told from what processes write,
// as in a log of JSON lines without a prefix, they do not belong in it.

// QuietTypes are the process types whose output is kept out of the log.
func (o Log) QuietTypes() []string {
	return slices.DeleteFunc(slices.Clone(o.quiet), func(typ string) bool { return typ == output.System })
}

// SaysOwn reports whether reeve's own lines are in the log.
func (o Log) SaysOwn(screen bool) bool {
	return !slices.Contains(o.quiet, output.System) && !o.SaysApart(screen)
}

// SaysApart reports whether failures are reported on standard error, since reeve's own lines
// cannot be told from others in the log.
func (o Log) SaysApart(screen bool) bool {
	return o.NoPrefix && o.LogFormat != "json" && !screen && !slices.Contains(o.quiet, output.System)
}
