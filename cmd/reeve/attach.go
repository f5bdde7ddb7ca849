package main

import (
	"bytes"
	"os"
	"os/signal"
	"syscall"

	"reeve/cmd/reeve/internal/diag"
	"reeve/supervisor"
	"reeve/supervisor/control"
)

// attach gives a process of the running formation this terminal.
func attach(args []string) (exitCode int) {
	c, _, names, exitCode := connect("attach", args)
	if c == nil {
		return exitCode
	}
	if len(names) != 1 {
		return diag.Fail(exitUsage, "attach needs one name, as in: reeve attach web")
	}
	if !isTerminal(os.Stdin) || !isTerminal(os.Stdout) {
		return diag.Fail(exitUsage, "attach needs a terminal")
	}
	a, err := c.Attach(names[0], supervisor.SizeOf(int(os.Stdout.Fd())))
	if err != nil {
		return diag.FailWith(exitFailure, err)
	}
	defer func() { _ = a.Close() }()
	restore, err := takeTerminal(supervisor.AllKeys)
	if err != nil {
		return diag.Fail(exitFailure, "cannot use this terminal: %w", err)
	}
	end := converse(a)
	restore()
	if end.why != "" {
		diag.Warn(end.why)
	}
	return end.code
}

// ending is why an attachment is over.
type ending struct {
	why  string // empty: it was left here
	code int
}

// converse carries keys and output until one side ends.
func converse(a *control.Attachment) ending {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, supervisor.FormationSignals...)
	signal.Notify(signals, supervisor.ResizeSignal)
	ended, leave := make(chan string, 1), make(chan struct{})
	go sendKeys(a, leave)
	var screen modes
	go func() { ended <- showOutput(a, &screen) }()
	defer func() { _, _ = os.Stdout.WriteString(screen.leave() + "\r\n") }()
	for {
		select {
		case why := <-ended:
			return ending{why: why}
		case <-leave:
			_ = a.Close()
			<-ended // so that nothing is written behind the last word
			return ending{}
		case sig := <-signals:
			if sig == supervisor.ResizeSignal {
				_ = a.Resize(supervisor.SizeOf(int(os.Stdout.Fd())))
			} else if n, _ := sig.(syscall.Signal); supervisor.AsksToStop(n) {
				_ = a.Close()
				<-ended
				return ending{code: 128 + int(n)}
			}
		}
	}
}

// leaveKey is Ctrl-]. Twice, it leaves.
const leaveKey = 0x1d

// sendKeys sends what is typed.
func sendKeys(a *control.Attachment, leave chan<- struct{}) {
	var l leaver
	buf := make([]byte, 4096)
	for {
		n, err := os.Stdin.Read(buf)
		keys, left := l.take(buf[:n])
		if len(keys) > 0 && a.Type(keys) != nil || left || err != nil {
			close(leave)
			return
		}
	}
}

// leaver finds the two keys that leave among what is typed.
type leaver struct{ held bool } // one was typed already

// take gives what is to be sent, and whether that was all.
func (l *leaver) take(p []byte) (keys []byte, left bool) {
	if l.held {
		p = append([]byte{leaveKey}, p...)
		l.held = false
	}
	if at := bytes.Index(p, []byte{leaveKey, leaveKey}); at >= 0 {
		return p[:at], true
	}
	if n := len(p); n > 0 && p[n-1] == leaveKey {
		l.held = true
		p = p[:n-1]
	}
	return p, false
}

// showOutput shows what the process writes until there is no more, and says why.
func showOutput(a *control.Attachment, screen *modes) (why string) {
	for {
		p, message, err := a.Next()
		if err != nil {
			return err.Error()
		}
		screen.follow(p)
		if message != "" {
			p = []byte("\r\n\x1b[2mreeve: " + message + " (Ctrl-] Ctrl-] leaves)\x1b[0m\r\n")
		}
		if _, err := os.Stdout.Write(p); err != nil {
			return err.Error()
		}
	}
}
