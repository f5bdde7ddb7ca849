//go:build unix

package supervisor

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// Exec turns this process into the command (exec(2)), so that nothing stays in
// between: terminal, signals and exit code are the command's own. It returns only if
// that fails. Files must be the standard ones.
func Exec(c *Command) error {
	program, err := c.LookPath()
	if err != nil {
		return err
	}
	heedIgnored()
	if err := os.Chdir(c.Dir); err != nil {
		return err
	}
	err = syscall.Exec(program, c.Args, c.Env)
	if errors.Is(err, syscall.ENOEXEC) && isScript(program) {
		err = syscall.Exec("/bin/sh", append([]string{"sh", program}, c.Args[1:]...), c.Env)
	}
	if errors.Is(err, syscall.E2BIG) {
		err = c.tooLongError(err)
	}
	return fmt.Errorf("%s: %w", c.shown(), startError(err))
}
