package ui

import (
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/windows"

	"reeve/supervisor/terminal"
)

var stdin, stdout = int(os.Stdin.Fd()), int(os.Stdout.Fd())

// input is where keys come from.
type input struct {
	pause windows.Handle // an event that wakes who waits
}

func (i *input) open() (err error) {
	const once = 0 // whoever has waited has reset it
	i.pause, err = windows.CreateEvent(nil, once, 0, nil)
	return err
}

// wake wakes who waits.
func (i *input) wake() { _ = windows.SetEvent(i.pause) }

// await waits until something happens, but only for so long; a negative time is for ever.
func (i *input) await(most time.Duration) (happening, error) {
	wait := uint32(windows.INFINITE)
	if most >= 0 {
		wait = uint32(most / time.Millisecond)
	}
	first, err := windows.WaitForMultipleObjects([]windows.Handle{i.pause, windows.Handle(stdin)}, false, wait)
	switch {
	case err != nil:
		return nothing, err
	case first == windows.WAIT_OBJECT_0:
		return woken, nil
	case first == windows.WAIT_OBJECT_0+1:
		return keysCame, nil
	}
	return nothing, nil
}

// read reads what was typed; nothing: something else has happened.
func (i *input) read(buf []byte) (int, error) { return terminal.ReadTyped(stdin, buf) }

// signals are those that matter here.
func signals() chan os.Signal {
	c := make(chan os.Signal, 16)
	signal.Notify(c, syscall.SIGINT, syscall.SIGTERM)
	terminal.NotifyResize(c)
	return c
}

// There is no Ctrl-Z.
func hasShell() bool           { return false }
func stopSelf()                {}
func isSuspend(os.Signal) bool { return false }

// defaultPager comes with Windows.
const defaultPager = "more"

// inShell is a command of the shell.
func inShell(command string) *exec.Cmd {
	c := exec.Command("cmd.exe")
	c.SysProcAttr = &syscall.SysProcAttr{CmdLine: `cmd.exe /d /s /c "` + command + `"`}
	return c
}
