//go:build unix

package console

// Prepare does nothing: terminals understand what reeve writes.
func Prepare() {}

// Restore does nothing.
func Restore() {}
