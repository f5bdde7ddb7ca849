//go:build unix && !linux

package terminal

// AwaitHangup does nothing: whoever reads from the terminal notices.
func AwaitHangup(int, func()) {}
