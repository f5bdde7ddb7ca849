package ui

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// decoder makes keys of what a terminal sends.
type decoder struct {
	rest    []byte // a sequence that has only begun, or Esc itself
	pasting bool   // what comes is pasted
}

// sequences are what keys send besides characters: after ESC [ or ESC O.
func sequenceKey(params, final string) Key {
	switch final {
	case "A":
		return "up"
	case "B":
		return "down"
	case "C":
		return "right"
	case "D":
		return "left"
	case "H":
		return "home"
	case "F":
		return "end"
	case "M":
		return "enter" // of a number pad
	case "~":
		return tildeKey(params)
	}
	return ""
}

func tildeKey(params string) Key {
	switch params {
	case "1", "7":
		return "home"
	case "4", "8":
		return "end"
	case "5":
		return "pgup"
	case "6":
		return "pgdn"
	case "3":
		return "delete"
	}
	return ""
}

// take makes events of what has come: keys, and what the mouse has done.
func (d *decoder) take(p []byte) (events []Event) {
	p = append(d.rest, p...)
	d.rest = nil
	for len(p) > 0 {
		n, e := d.one(p)
		if n == 0 {
			d.rest = bytes.Clone(p)
			return events
		}
		if p = p[n:]; e != nil {
			events = append(events, e)
		}
	}
	return events
}

// flush gives what had only begun, when nothing more has come: the key Esc.
func (d *decoder) flush() (events []Event) {
	if d.pending() {
		rest := d.rest[1:]
		d.rest = nil
		events = append(events, Key("esc"))
		events = append(events, d.take(rest)...)
	}
	d.rest = nil
	return events
}

// pending reports whether something has only begun.
func (d *decoder) pending() bool { return len(d.rest) > 0 }

// one reads the first event. Without a length it has only begun.
func (d *decoder) one(p []byte) (n int, e Event) {
	switch b := p[0]; {
	case b == '\x1b':
		return d.escape(p)
	case d.pasting && (b < ' ' || b == 0x7f):
		return 1, Pasted(" ") // what is pasted enters nothing
	case b == '\r', b == '\n':
		return 1, Key("enter")
	case b == '\t':
		return 1, Key("tab")
	case b == 0x7f, b == '\b':
		return 1, Key("backspace")
	case b == 0:
		return 1, nil
	case b < ' ' && b <= 26:
		return 1, Key(fmt.Sprintf("ctrl-%c", 'a'+b-1))
	case b < ' ':
		return 1, nil
	case !utf8.FullRune(p):
		return 0, nil
	}
	if _, n = utf8.DecodeRune(p); d.pasting {
		return n, Pasted(p[:n])
	}
	return n, Key(p[:n])
}

// escape reads a sequence. What is none is the key Esc before another key.
func (d *decoder) escape(p []byte) (n int, e Event) {
	if len(p) < 2 {
		return 0, nil
	}
	switch p[1] {
	case '[':
	case 'O':
		if len(p) < 3 {
			return 0, nil
		}
		return 3, keyOrNone(sequenceKey("", string(p[2:3])))
	default:
		return 1, Key("esc")
	}
	for n = 2; n < len(p); n++ {
		if p[n] >= 0x40 && p[n] <= 0x7e {
			return n + 1, d.controlKey(string(p[2:n]), string(p[n:n+1]))
		}
	}
	return 0, nil
}

func (d *decoder) controlKey(params, final string) Event {
	switch {
	case params != "" && params[0] == '<':
		return mouseEvent(params[1:], final)
	case final == "~" && (params == "200" || params == "201"):
		d.pasting = params == "200"
		return nil
	}
	return keyOrNone(sequenceKey(params, final))
}

func keyOrNone(k Key) Event {
	if k == "" {
		return nil
	}
	return k
}

// mouseEvent reads what the mouse has done (SGR 1006).
func mouseEvent(params, final string) Event {
	var numbers [3]int
	words := strings.Split(params, ";")
	if len(words) != len(numbers) {
		return nil
	}
	for i, word := range words {
		numbers[i], _ = strconv.Atoi(word)
	}
	button, x, y := numbers[0], numbers[1], numbers[2]
	switch {
	case button == 64:
		return Mouse{WheelUp, x - 1, y - 1}
	case button == 65:
		return Mouse{WheelDown, x - 1, y - 1}
	case button == 0 && final == "M":
		return Mouse{Click, x - 1, y - 1}
	}
	return nil
}
