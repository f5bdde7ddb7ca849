package remote

import (
	"os"
	"sync"
	"time"

	"reeve/cmd/reeve/internal/console"
	"reeve/output"
	"reeve/output/screen"
	"reeve/supervisor/control"
)

// view is the screen of an attachment.
type view struct {
	*control.Attachment
	mu      sync.Mutex
	modes   screen.Modes
	midLine bool // the cursor is not at the beginning of a line
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
func (v *view) leave(ended <-chan string, end End) {
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
	if end.Why == "" {
		text += dimmed(leftTerminalText(v.Instance))
	}
	_, _ = output.NewImpatient(os.Stdout).Write([]byte(text))
}

// lastWords bounds how long what is on its way to the screen may take when the attachment is
// over: perhaps nobody reads what is written there.
const lastWords = 100 * time.Millisecond
