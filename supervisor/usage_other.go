//go:build !linux

package supervisor

// UsageOf knows nothing: only Linux has a process table that any process can read.
func UsageOf([]int) map[int]Usage { return nil }
