package ui

import (
	"encoding/base64"
	"os"
	"strconv"
)

// clipboard is what a terminal may do with what is copied (OSC 52). None says so.
type clipboard uint8

const (
	clipboardWorks   clipboard = iota // as in most
	clipboardAsks                     // if it is allowed to
	clipboardMissing                  // it is known not to
)

// ClipboardOf tells what this terminal may do with what is copied.
func ClipboardOf() clipboard {
	vte, _ := strconv.Atoi(os.Getenv("VTE_VERSION"))
	switch {
	case os.Getenv("TMUX") != "":
		return clipboardAsks
	case os.Getenv("STY") != "", os.Getenv("TERM") == "linux", os.Getenv("TERM_PROGRAM") == "Apple_Terminal", vte > 0 && vte < 7600:
		return clipboardMissing
	}
	return clipboardWorks
}

// clipboardSequence puts a text into the terminal's clipboard.
func clipboardSequence(text []byte) []byte {
	return []byte("\x1b]52;c;" + base64.StdEncoding.EncodeToString(text) + "\a")
}
