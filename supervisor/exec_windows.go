package supervisor

import (
	"os"
	"os/signal"

	"golang.org/x/sys/windows"
)

// Exec runs the command and ends with its exit code: there is no exec on Windows. It returns only
// if the command cannot begin. What it leaves behind goes on, as it does elsewhere.
func Exec(c *Command) error {
	of, err := foreground(c)
	if err != nil {
		return err
	}
	code := of.wait()
	_ = of.job.limit(0)
	if whole, err := formationJob(); err == nil {
		_ = whole.limit(0)
	}
	os.Exit(int(code))
	return nil
}

// Init runs the command, waits for it, and ends what it leaves behind.
func Init(c *Command, _ Spec, _ chan os.Signal, _ *Guardian) Status {
	of, err := foreground(c)
	if err != nil {
		return Status{Code: StartCode(err), Err: err}
	}
	code := of.wait()
	_ = windows.CloseHandle(of.process)
	of.forget()
	return Status{Code: int(code)}
}

// foreground starts a command that has the console with reeve: it is up to the command what Ctrl-C
// means, and it is told when the console is closed.
func foreground(c *Command) (*child, error) {
	ignored := make(chan os.Signal, 1)
	signal.Notify(ignored, FormationSignals...)
	flags := uint32(0)
	if !hasConsole() {
		flags = windows.CREATE_NO_WINDOW
	}
	of, err := spawn(c, flags)
	if err != nil {
		signal.Stop(ignored)
	}
	return of, err
}
