package output

import (
	"testing"
)

func TestHistoryKeepsTheLeastOfEachStream(t *testing.T) {
	for _, c := range []struct {
		limit  int
		stream Stream
		want   int
	}{
		{0, Stream{}, 0},
		{0, Stream{Source: "stderr"}, 0},
		{0, Stream{Terminal: true}, terminalTape},
		{1, Stream{}, leastTape},
		{1, Stream{Source: "stderr"}, leastTape},
		{1, Stream{Terminal: true}, terminalTape},
		{1 << 20, Stream{}, 1 << 20},
		{1 << 20, Stream{Source: "stderr"}, 1 << 19},
		{1 << 20, Stream{Terminal: true}, 1 << 20},
	} {
		if got := NewHistory(c.limit).limitOf(&c.stream); got != c.want {
			t.Errorf("--history %d, %q, terminal %v: %d bytes, want %d", c.limit, c.stream.Source, c.stream.Terminal, got, c.want)
		}
	}
}
