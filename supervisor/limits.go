package supervisor

import (
	"fmt"
	"strings"
)

// TooLong says what keeps the system from taking a command and its environment, or is
// empty if nothing does. It names a variable and not its value.
func (c *Command) TooLong() string {
	one, all := stringLimit(), totalLimit()
	if one == 0 {
		return ""
	}
	total := 0
	for _, arg := range c.Args {
		if len(arg) >= one {
			return fmt.Sprintf("the command has an argument of %d bytes: the system allows at most %d", len(arg), one-1)
		}
		total += pointer + len(arg) + 1
	}
	for _, entry := range c.Env {
		if len(entry) >= one {
			key, _, _ := strings.Cut(entry, "=")
			return fmt.Sprintf("%s is %d bytes long with its name: the system allows at most %d in one variable", key, len(entry), one-1)
		}
		total += pointer + len(entry) + 1
	}
	if all > 0 && total > all {
		return fmt.Sprintf("the command and its environment are %d bytes long together: the system allows at most %d (%s)", total, all, c.largest())
	}
	return ""
}

// pointer is what a string costs beside its bytes.
const pointer = 8

// largest names the largest part.
func (c *Command) largest() string {
	size, name := 0, ""
	for _, arg := range c.Args {
		if len(arg) > size {
			size, name = len(arg), "an argument"
		}
	}
	for _, entry := range c.Env {
		if len(entry) > size {
			size = len(entry)
			name, _, _ = strings.Cut(entry, "=")
		}
	}
	return fmt.Sprintf("%s alone has %d", name, size)
}

// tooLongError is the error of a command that the system has not taken for its length.
func (c *Command) tooLongError(err error) error {
	if text := c.TooLong(); text != "" {
		return fmt.Errorf("%w: %s", err, text)
	}
	return fmt.Errorf("%w: %s", err, c.largest())
}
