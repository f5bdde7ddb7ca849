//go:build unix

package output

import (
	"strings"
	"testing"
)

// The status stands below the log: whatever is written takes its place, and it comes back.
func TestStatus(t *testing.T) {
	p := newMux(t, Options{Terminal: true, Columns: func() int { return 20 }})
	p.Status("waiting for db")
	p.await("waiting for db\r")
	p.say("one")
	p.await("\r\x1b[Jsystem | one\nwaiting for db\r")
	p.Status("waiting for somebody who is far away")
	p.await("\r\x1b[Jwaiting for somebod\r")
	p.Status("")
	p.await("\r\x1b[J")
	p.say("two")
	p.await("system | two\n")
	w := p.begin("web")
	writeTo(t, w, "name? ")
	p.await("web    | name? ")
	p.Status("hidden by a prompt")
	p.say("three")
	p.await("\nsystem | three\nhidden by a prompt\r")
	if got := p.finish(); !strings.HasSuffix(got, "hidden by a prompt\r\r\x1b[J") {
		t.Errorf("at the end %q", got)
	}
}

func TestStatusWithoutATerminal(t *testing.T) {
	p := newMux(t, Options{})
	p.Status("waiting")
	p.say("one")
	if got := p.finish(); got != "system | one\n" {
		t.Errorf("got %q", got)
	}
}
