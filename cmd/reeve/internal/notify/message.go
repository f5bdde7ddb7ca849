// Package notify hears what processes tell the one that has started them, by the protocol of
// systemd (sd_notify(3)): datagrams to the socket in NOTIFY_SOCKET, each some lines of KEY=VALUE, with
// the sender's process id as the kernel knows it.
//
// Nothing here decides anything: who sends is for package reeve/supervisor to say, and what follows
// for its loop.
package notify

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Message is what one datagram says, as far as reeve heeds it. The zero value says nothing.
type Message struct {
	Ready    bool          // READY=1
	Stopping bool          // STOPPING=1
	Status   *string       // STATUS=, for people; nil: nothing is said
	Extend   time.Duration // EXTEND_TIMEOUT_USEC=
	Alive    bool          // WATCHDOG=1
	Failing  bool          // WATCHDOG=trigger
	Silence  time.Duration // WATCHDOG_USEC=, how long it may be silent from now on
}

// Read reads a datagram. What it does not know, or cannot read, says nothing.
func Read(datagram string) (m Message) {
	for line := range strings.SplitSeq(datagram, "\n") {
		key, value, _ := strings.Cut(line, "=")
		switch key {
		case "READY":
			m.Ready = m.Ready || value == "1"
		case "STOPPING":
			m.Stopping = m.Stopping || value == "1"
		case "STATUS":
			text := printable(value)
			m.Status = &text
		case "EXTEND_TIMEOUT_USEC":
			m.Extend = max(m.Extend, microseconds(value))
		case "WATCHDOG":
			m.Alive, m.Failing = m.Alive || value == "1", m.Failing || value == "trigger"
		case "WATCHDOG_USEC":
			m.Silence = microseconds(value)
		}
	}
	return m
}

// longest is more than anybody waits for.
const longest = 1000 * time.Hour

func microseconds(text string) time.Duration {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0
	}
	return time.Duration(min(n, uint64(longest/time.Microsecond))) * time.Microsecond
}

// longestStatus is as much of a status as anybody reads, in characters.
const longestStatus = 200

// printable makes a text one that a terminal does not obey, in one line.
func printable(text string) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.ToValidUTF8(text, "�") {
		if n++; n > longestStatus {
			b.WriteString("…")
			break
		}
		switch {
		case r == '\t':
			r = ' '
		case !unicode.IsPrint(r):
			r = unicode.ReplacementChar
		}
		b.WriteRune(r)
	}
	return b.String()
}
