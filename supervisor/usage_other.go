//go:build !linux

package supervisor

// UsageOf knows nothing: only Linux has a process table that any process can read.
func UsageOf([]int) map[int]Usage { return nil }

// Members knows nothing either.
func Members([]int) map[int][]int { return nil }
