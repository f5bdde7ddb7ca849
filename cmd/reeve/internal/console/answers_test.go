package console

import "testing"

// Nothing is waited for that was not asked, and an answer may come in pieces.
func TestAnswersInPieces(t *testing.T) {
	var a Answers
	a.Await()
	last := make(chan struct{})
	a.awaited.Store(&last)
	for _, typed := range []string{"\x1b[0", "m", "\x1b[1;1R\x1b", "[", "0"} {
		a.Hear([]byte(typed))
	}
	if a.awaited.Load() == nil {
		t.Error("the last answer was heard before it came")
	}
	a.Hear([]byte("nx"))
	<-last
	a.Hear([]byte(LastAnswer)) // nobody waits
}
