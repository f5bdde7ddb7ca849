package settings

import (
	"slices"

	"reeve/output"
)

// reeve's own lines have the name system. Where they cannot be told from what processes write,
// as in a log of JSON lines without a prefix, they do not belong in it.

// SaysOwn reports whether reeve's own lines are in the log.
func (o Log) SaysOwn(screen bool) bool {
	return !slices.Contains(o.Quiet.Types, output.System) && !o.SaysApart(screen)
}

// SaysApart reports whether failures are reported on standard error, since reeve's own lines
// cannot be told from others in the log.
func (o Log) SaysApart(screen bool) bool {
	return o.IsBare() && !screen && !slices.Contains(o.Quiet.Types, output.System)
}

// IsBare reports whether nothing tells reeve's own lines from what processes write.
func (o Log) IsBare() bool { return o.NoPrefix && o.LogFormat != "json" }
