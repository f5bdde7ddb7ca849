package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
)

// uiRows is how high the screen is on which reeve ui is drawn.
const uiRows = 20

// uiKeys are pressed, one after the other, when the screen shows what is before them.
var uiKeys = []struct{ shown, keys string }{
	{" did: ", "/did:\r"},
	{"/did: (5 of 5)", "n"},
	{"/did: (4 of 5)", ""},
}

// drawUI runs the example app in the background, and draws reeve ui of that.
func drawUI(dir string) (picture string, err error) {
	program, err := filepath.Abs("bin/reeve")
	if err != nil {
		return "", err
	}
	run := func(args ...string) error {
		cmd := exec.Command(program, args...)
		cmd.Dir, cmd.Stderr = dir, os.Stderr
		return cmd.Run()
	}
	if err := run("start", "--detach", "-m", "worker=2"); err != nil {
		return "", fmt.Errorf("%s start: %w", program, err)
	}
	defer func() { _ = run("quit") }()
	time.Sleep(uiPause) // until there is something to see
	cmd := exec.Command(program, "ui")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TERM=xterm", "COLORTERM=", "NO_COLOR=")
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: uiRows, Cols: columns})
	if err != nil {
		return "", err
	}
	defer terminal.Close()
	screen := vt10x.New(vt10x.WithSize(columns, uiRows))
	if err := play(terminal, screen); err != nil {
		return "", err
	}
	picture = draw("reeve ui of the example app, with a search in its log", spansOf(screen))
	_, _ = terminal.WriteString("\x1bq")
	return picture, cmd.Wait()
}

// uiPause is how long the app runs before anybody looks.
const uiPause = 8 * time.Second

// play presses the keys.
func play(terminal *os.File, screen vt10x.Terminal) error {
	end := time.Now().Add(patience)
	buf := make([]byte, 4096)
	for _, step := range uiKeys {
		for !strings.Contains(screen.String(), step.shown) {
			if time.Now().After(end) {
				return fmt.Errorf("reeve ui does not show %q, but\n%s", step.shown, screen)
			}
			n, err := terminal.Read(buf)
			if err != nil {
				return err
			}
			_, _ = screen.Write(buf[:n])
		}
		if _, err := terminal.WriteString(step.keys); err != nil {
			return err
		}
	}
	return nil
}

// spansOf takes the rows of a screen apart.
func spansOf(screen vt10x.Terminal) (lines [][]span) {
	for y := range uiRows {
		var line []span
		for x := range columns {
			cell := screen.Cell(x, y)
			class := ""
			switch fg := cell.FG % 8; {
			case cell.BG == vt10x.DefaultFG || cell.FG == vt10x.DefaultBG:
				class = reversed
			case cell.FG < 16 && fg >= 1 && fg <= 6:
				class = fmt.Sprintf("c3%d", fg)
			}
			if n := len(line); n > 0 && line[n-1].class == class {
				line[n-1].text += string(cell.Char)
			} else {
				line = append(line, span{class, string(cell.Char)})
			}
		}
		lines = append(lines, line)
	}
	return lines
}
