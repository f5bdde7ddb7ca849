//go:build darwin || freebsd

package main

import (
	"os"

	"reeve/supervisor/terminal"
)

// awaitReaderGone waits until nobody reads what is written to a pipe any longer, as after
// | head, or a terminal is gone. For anything else it waits for ever.
func awaitReaderGone(f *os.File) {
	gone := make(chan struct{})
	terminal.AwaitHangup(int(f.Fd()), func() { close(gone) })
	<-gone
}
