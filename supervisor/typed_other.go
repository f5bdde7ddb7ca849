//go:build !linux

package supervisor

// AwaitTyped cannot tell here.
func AwaitTyped(int) bool { return false }
