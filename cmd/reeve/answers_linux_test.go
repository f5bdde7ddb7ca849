package main

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"reeve/cmd/reeve/internal/console"
	"reeve/supervisor/terminal"
)

// What a program has asked the terminal is answered when it has ended, perhaps. The answer is
// not typed at the prompt of the shell that has the terminal then.
func TestAnswersAreNotTyped(t *testing.T) {
	t.Parallel()
	var left int
	for range 5 { // an answer may come too late on a busy machine
		x := inTerminal(t, `web: printf 'asked\033[6n'`, "--attach", "web")
		if within(patience, func() any {
			if strings.Contains(x.raw(), console.LastQuestion) {
				return nil
			}
			return "not asked"
		}) != nil {
			t.Fatalf("no question of reeve's own in %q", x.raw())
		}
		x.enter("\x1b[1;6R" + console.LastAnswer)
		x.ends(0)
		if left = unread(t, x); left == 0 && !strings.Contains(x.raw(), "6R") {
			return
		}
	}
	t.Errorf("%d bytes are left for the shell", left)
}

// unread tells how many bytes were typed that nobody has read.
func unread(t *testing.T, x *tty) int {
	t.Helper()
	fd := int(x.slave.Fd())
	restore, err := terminal.TakeKeys(fd, terminal.AllKeys) // else only whole lines count
	if err != nil {
		t.Fatal(err)
	}
	defer restore()
	n, err := unix.IoctlGetInt(fd, unix.TIOCINQ)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
