//go:build unix

package remote

import "os"

// readTyped waits for what is typed.
func readTyped(buf []byte) (int, error) { return os.Stdin.Read(buf) }
