package output

import (
	"time"
)

// silence is the format of a log that nobody sees.
type silence struct{}

func (silence) tick(time.Time) {}

func (silence) lines(out []byte, _ *Stream, _ []byte) []byte { return out }

func (silence) open(out []byte, _ *Stream) []byte { return out }

func (silence) finish(out []byte, _ *Stream) []byte { return out }

func (silence) notice(out []byte, _ Notice) []byte { return out }

func (silence) settle(out []byte) []byte { return out }

func (silence) end(out []byte) []byte { return out }
