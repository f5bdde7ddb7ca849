//go:build unix

package output

import (
	"strings"
	"testing"
)

// Whoever is told apart of an end has the last words already where the log goes to the same
// place.
func TestApartAfterLastWords(t *testing.T) {
	var p *muxLog
	var told []string
	logged := make(chan int, 2)
	p = newMux(t, Options{
		Format: WithoutNotices(NewText(TextOptions{NoPrefix: true})),
		Apart: func(n Notice) {
			told = append(told, n.Text)
			logged <- queued(int(p.r.Fd()))
		},
	})
	s, w := pipeStream(t, "web")
	p.Open(s)
	_, err := w.WriteString("last words")
	check(t, err)
	check(t, w.Close())
	p.Ended([]*Stream{s}, Notice{Text: "web ended"})
	p.say("all ended")
	if n := <-logged; n != len("last words\n") {
		t.Errorf("the log had %d bytes when the end was told", n)
	}
	<-logged
	if out := p.finish(); out != "last words\n" || strings.Join(told, ", ") != "web ended, all ended" {
		t.Errorf("the log is %q, and %q was told", out, told)
	}
}
