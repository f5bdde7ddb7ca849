//go:build unix && !linux

package slot

// namespace is 0: there is only one.
func namespace() int64 { return 0 }
