package main

import (
	"bytes"
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"reeve/cmd/reeve/internal/console"
	"reeve/cmd/reeve/internal/diag"
	"reeve/output"
	"reeve/output/screen"
	"reeve/supervisor"
	"reeve/supervisor/control"
	"reeve/supervisor/terminal"
)

// attach gives a process of the running formation this terminal.
func attach(args []string) (exitCode int) {
	c, _, names, exitCode := connect("attach", args, checkAttach)
	if c == nil {
		return exitCode
	}
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, supervisor.FormationSignals...)
	signal.Notify(signals, terminal.ResizeSignal)
	a, err := c.Attach(names[0], terminal.SizeOf(int(os.Stdout.Fd())))
	if err != nil {
		return diag.FailWith(diag.ExitFailure, err)
	}
	defer func() { _ = a.Close() }()
	restore, err := takeTerminal(terminal.AllKeys)
	if err != nil {
		return diag.Fail(diag.ExitFailure, "cannot use this terminal: %w", err)
	}
	v := &view{Attachment: a}
	end := v.converse(signals)
	v.answers.Await()
	restore()
	if end.why != "" {
		diag.Warn(end.why)
	}
	return end.code
}

// checkAttach reports what is wrong with the arguments of attach, or with where it runs.
func checkAttach(names []string) error {
	switch {
	case len(names) != 1:
		return errors.New("attach needs one name, as in: reeve attach web")
	case !console.IsTerminal(os.Stdin) || !console.IsTerminal(os.Stdout):
		return errors.New("attach needs a terminal")
	}
	return nil
}

// ending is why an attachment is over.
type ending struct {
	why  string // empty: it was left here
	code int
}

// lastWords bounds how long what is on its way to the screen may take when the attachment is
// over: perhaps nobody reads what is written there.
const lastWords = 100 * time.Millisecond

// converse carries keys and output until one side ends.
func (v *view) converse(signals <-chan os.Signal) (end ending) {
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
			return ending{why: why}
		case <-left:
			return ending{}
		case sig := <-signals:
			if sig == terminal.ResizeSignal {
				// It may have to wait until what was typed has been taken.
				go func() { _ = v.Resize(terminal.SizeOf(int(os.Stdout.Fd()))) }()
			} else if n, _ := sig.(syscall.Signal); supervisor.AsksToStop(n) {
				return ending{code: 128 + int(n)}
			}
		}
	}
}

// view is the screen of an attachment.
type view struct {
	*control.Attachment
	mu      sync.Mutex
	modes   screen.Modes
	midLine bool // the cursor stands behind something
	answers console.Answers
}

// show shows what the process writes until there is no more, and says why.
func (v *view) show() (why string) {
	if _, err := os.Stdout.WriteString(dimmed(attachedText(v.Instance))); err != nil {
		return err.Error()
	}
	for {
		p, message, err := v.Next()
		if err != nil {
			return err.Error()
		}
		if message != "" {
			p = []byte("\r\n" + dimmed(message+" ("+leavesText+")"))
		}
		v.follow(p)
		if _, err := os.Stdout.Write(p); err != nil {
			return err.Error()
		}
	}
}

// dimmed is a line of reeve's own.
func dimmed(text string) string { return "\x1b[2mreeve: " + text + "\x1b[0m\r\n" }

func (v *view) follow(p []byte) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.modes.Follow(p)
	if v.modes.Asked() {
		v.answers.Expect()
	}
	if len(p) > 0 {
		v.midLine = p[len(p)-1] != '\n'
	}
}

// leave makes the screen as it was, and says that it is left, if that was decided here.
func (v *view) leave(ended <-chan string, end ending) {
	select {
	case <-ended:
	case <-time.After(lastWords):
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	text := v.modes.Leave() + "\r" // a newline alone goes down, and not to the left
	if v.midLine || v.modes.FullScreen() {
		text += "\n"
	}
	if end.why == "" {
		text += dimmed(leftTerminalText(v.Instance))
	}
	_, _ = output.NewImpatient(os.Stdout).Write([]byte(text))
}

// leaveKey is Ctrl-]. Twice, it leaves, if the second one comes within leaveWithin: alone it is
// a key like any other.
const (
	leaveKey    = 0x1d
	leaveWithin = 500 * time.Millisecond
)

// sendKeys sends what is typed, until somebody leaves.
func (v *view) sendKeys(left chan struct{}) {
	defer close(left)
	typed := make(chan []byte)
	go v.readKeys(typed, left)
	var l leaver
	var late <-chan time.Time
	for {
		var keys []byte
		var leaves bool
		select {
		case p, more := <-typed:
			keys, leaves = l.take(p)
			leaves = leaves || !more
		case <-late:
			keys = l.release()
		}
		if len(keys) > 0 && v.Type(keys) != nil || leaves {
			return
		}
		if late = nil; l.held {
			late = time.After(leaveWithin)
		}
	}
}

// readKeys reads what is typed, also when nothing of it is sent any longer.
func (v *view) readKeys(typed chan<- []byte, left <-chan struct{}) {
	defer close(typed)
	for {
		buf := make([]byte, 4096)
		n, err := os.Stdin.Read(buf)
		if err != nil {
			return
		}
		v.answers.Hear(buf[:n])
		select {
		case typed <- buf[:n]:
		case <-left:
		}
	}
}

// leaver finds the two keys that leave among what is typed.
type leaver struct{ held bool } // one was typed already

// take gives what is to be sent, and whether that was all.
func (l *leaver) take(p []byte) (keys []byte, left bool) {
	p = append(l.release(), p...)
	if at := bytes.Index(p, []byte{leaveKey, leaveKey}); at >= 0 {
		return p[:at], true
	}
	if n := len(p); n > 0 && p[n-1] == leaveKey {
		l.held = true
		p = p[:n-1]
	}
	return p, false
}

// release gives the key that was held, when no second one has come.
func (l *leaver) release() (keys []byte) {
	if l.held {
		keys = []byte{leaveKey}
	}
	l.held = false
	return keys
}

// takeTerminal makes the terminal of standard input hand over its keys. restore puts it
// right again; if reeve is killed before, its guardian does.
func takeTerminal(keys terminal.Keys) (restore func(), err error) {
	fd := int(os.Stdin.Fd())
	g, _ := supervisor.StartGuardian("") // nil: nobody puts it right then
	g.KeepTerminal(fd, screen.UsualModes)
	put, err := terminal.TakeKeys(fd, keys)
	if err != nil {
		g.Close()
		return nil, err
	}
	return func() { put(); g.Close() }, nil
}
