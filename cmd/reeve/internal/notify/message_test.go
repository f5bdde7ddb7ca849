package notify

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// show writes down all that a message says.
func show(m Message) string {
	status := "-"
	if m.Status != nil {
		status = fmt.Sprintf("%q", *m.Status)
	}
	m.Status = nil
	return fmt.Sprintf("%+v %s", m, status)
}

func TestRead(t *testing.T) {
	text := func(s string) *string { return &s }
	for datagram, want := range map[string]Message{
		"":                                   {},
		"READY=1":                            {Ready: true},
		"READY=1\n":                          {Ready: true},
		"READY=0":                            {},
		"READY=10":                           {},
		"ready=1":                            {},
		" READY=1":                           {},
		"STATUS=a=b\nREADY=1":                {Ready: true, Status: text("a=b")},
		"STATUS=a\nSTATUS=":                  {Status: text("")},
		"STATUS=\x1b[2J\ta\u009bb\xff\x00":   {Status: text("�[2J a�b��")},
		"STATUS=" + strings.Repeat("é", 300): {Status: text(strings.Repeat("é", 200) + "…")},
		"STOPPING=1\nWATCHDOG=1":             {Stopping: true, Alive: true},
		"WATCHDOG=trigger":                   {Failing: true},
		"WATCHDOG_USEC=1500000":              {Silence: 1500 * time.Millisecond},
		"EXTEND_TIMEOUT_USEC=2000000\nX=1":   {Extend: 2 * time.Second},
		"EXTEND_TIMEOUT_USEC=-1":             {},
		"EXTEND_TIMEOUT_USEC=":               {},
		"EXTEND_TIMEOUT_USEC=18446744073709551615":                                             {Extend: longest},
		"EXTEND_TIMEOUT_USEC=99999999999999999999":                                             {},
		"RELOADING=1\nMONOTONIC_USEC=5\nMAINPID=1\nFDSTORE=1\nERRNO=2\nBUSERROR=x\nX_FOO\n\n=": {},
	} {
		if got := show(Read(datagram)); got != show(want) {
			t.Errorf("%q: %s, want %s", datagram, got, show(want))
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("READY=1\nSTATUS=x\nEXTEND_TIMEOUT_USEC=1\nWATCHDOG_USEC=2")
	f.Fuzz(func(t *testing.T, datagram string) {
		m := Read(datagram)
		if m.Extend < 0 || m.Silence < 0 || m.Status != nil && strings.ContainsAny(*m.Status, "\n\x1b\r") {
			t.Errorf("%q: %s", datagram, show(m))
		}
	})
}
