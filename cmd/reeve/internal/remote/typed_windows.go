package remote

import (
	"os"

	"reeve/supervisor/terminal"
)

// readTyped waits for what is typed. As a file, a console would end with Ctrl-Z.
func readTyped(buf []byte) (int, error) { return terminal.ReadKeys(int(os.Stdin.Fd()), buf) }
