//go:build unix && !linux

package supervisor

// awaitHangup does nothing: whoever reads from the terminal notices.
func awaitHangup(int, func()) {}
