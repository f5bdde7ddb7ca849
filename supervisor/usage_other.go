//go:build !linux

package supervisor

// IsSuspended knows nothing either.
func IsSuspended(int) bool { return false }

// UsageOf knows nothing: only Linux has a process table that any process can read.
func UsageOf([]int) map[int]Usage { return nil }

// Members knows nothing either.
func Members([]int) map[int][]int { return nil }
