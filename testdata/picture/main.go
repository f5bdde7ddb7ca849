// Picture draws reeve at work: it runs the example app in a terminal, presses Ctrl-C
// after a while, and prints what the terminal has shown, as an SVG. With "ui" it does
// so of reeve ui, after some keys.
//
//	go run ./testdata/picture > docs/picture.svg
//	go run ./testdata/picture ui > docs/ui.svg
//
// Nothing in the picture is made up. It needs bin/reeve and the app to be built, which
// make picture sees to.
package main

import (
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/creack/pty"
)

// typed is what a person would type in the app's directory.
const typed = "reeve start -m worker=2 --ready web=tcp --after worker=web --after clock=web"

// The size of the terminal, in characters.
const (
	columns = 80
	rows    = 40
)

// enough is what the picture has to show before Ctrl-C is pressed, and patience is how
// long that may take.
const (
	enough   = 3 // jobs that are done
	patience = 30 * time.Second
)

func main() {
	log.SetFlags(0)
	if len(os.Args) > 1 && os.Args[1] == "ui" {
		picture, err := drawUI("testdata/app")
		if err != nil {
			log.Fatalf("picture: %v", err)
		}
		fmt.Print(picture)
		return
	}
	screen, err := record("testdata/app", strings.Fields(typed))
	if err != nil {
		log.Fatalf("picture: %v", err)
	}
	fmt.Print(draw("reeve runs the example app until Ctrl-C", parse("$ "+typed+"\n"+screen+"$ ")))
}

// record runs reeve in a terminal and returns everything that this has shown.
func record(dir string, words []string) (screen string, err error) {
	program, err := filepath.Abs("bin/reeve")
	if err != nil {
		return "", err
	}
	cmd := exec.Command(program, words[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TERM=xterm", "COLORTERM=", "NO_COLOR=", "REEVE_NO_HINTS=1")
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: rows, Cols: columns})
	if err != nil {
		return "", err
	}
	defer terminal.Close()
	overdue := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer overdue.Stop()

	var shown strings.Builder
	buf := make([]byte, 4096)
	for pressed := false; ; {
		n, err := terminal.Read(buf)
		shown.Write(buf[:n])
		if err != nil {
			break
		}
		if !pressed && strings.Count(shown.String(), " did: ") >= enough {
			pressed = true
			if _, err := terminal.WriteString("\x03"); err != nil {
				return "", err
			}
		}
	}
	if err := cmd.Wait(); err != nil {
		return "", fmt.Errorf("%s: %w", program, err)
	}
	return strings.ReplaceAll(shown.String(), "\r", ""), nil
}
