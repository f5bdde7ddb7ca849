// Package remote shows the terminal of a process, which is at the other end of reeve's socket, on
// reeve's own, and hands over what is typed.
//
// Every key belongs to the process, so what leaves is two keys in a row that no program wants:
// Ctrl-] twice. Afterwards this terminal is as it was: what the process had switched in it is
// taken back, what the process asked it has been answered, and its keys are the shell's again,
// which the guardian sees to even if reeve is killed.
package remote

import (
	"os"
	"syscall"

	"reeve/output/screen"
	"reeve/supervisor"
	"reeve/supervisor/control"
	"reeve/supervisor/terminal"
)

// End is how it was left.
type End struct {
	Why  string // empty: somebody left here
	Code int    // exit code
}

// Use uses this terminal for an attachment, until one side ends.
func Use(a *control.Attachment, signals <-chan os.Signal) (End, error) {
	restore, err := takeTerminal(terminal.AllKeys)
	if err != nil {
		return End{}, err
	}
	v := &view{Attachment: a}
	end := v.converse(signals)
	v.answers.Await()
	restore()
	return end, nil
}

// converse carries keys and output until one side ends.
func (v *view) converse(signals <-chan os.Signal) (end End) {
	ended, left := make(chan string, 1), make(chan struct{})
	go func() { ended <- v.show() }()
	go v.sendKeys(left)
	defer func() {
		_ = v.Close()
		v.leave(ended, end)
	}()
	for {
		select {
		case why := <-ended:
			ended <- "" // for leave
			return End{Why: why}
		case <-left:
			return End{}
		case sig := <-signals:
			if sig == terminal.ResizeSignal {
				// It may have to wait until what was typed has been taken.
				go func() { _ = v.Resize(terminal.SizeOf(int(os.Stdout.Fd()))) }()
			} else if n, _ := sig.(syscall.Signal); supervisor.AsksToStop(n) {
				return End{Code: 128 + int(n)}
			}
		}
	}
}

// takeTerminal makes the terminal of standard input hand over its keys. restore puts it
// right again; if reeve is killed before, its guardian does.
func takeTerminal(keys terminal.Keys) (restore func(), err error) {
	fd := int(os.Stdin.Fd())
	g, _ := supervisor.StartGuardian("") // nil: then nothing restores the terminal
	g.KeepTerminal(fd, screen.UsualModes)
	put, err := terminal.TakeKeys(fd, keys)
	if err != nil {
		g.Close()
		return nil, err
	}
	return func() { put(); g.Close() }, nil
}
