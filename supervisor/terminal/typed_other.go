//go:build !linux

package terminal

// AwaitTyped cannot tell here.
func AwaitTyped(int) bool { return false }
