//go:build !linux

package env

// Listening is which sockets listen on a port at some moment: here, nobody can tell.
type Listening struct{}

// ListeningOn finds nothing.
func ListeningOn(int) Listening { return Listening{} }

// StrangerOn names nobody.
func (Listening) StrangerOn(int) string { return "" }
