package output

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"reeve/output/screen"
)

// The naive versions beside these benchmarks do what one would write first: a scanner
// and one Fprintf a line.

// chunkOf is what one read of a busy process brings: lines of a length, which are
// coloured where they come from a terminal.
func chunkOf(length int, terminal bool) []byte {
	line := strings.Repeat("The quick brown fox jumps over the lazy dog. ", length/45+1)[:length-1] + "\n"
	if terminal {
		line = "\x1b[32m" + line[:length/2] + "\x1b[0m" + line[length/2:length-1] + "\r\n"
	}
	return bytes.Repeat([]byte(line), readSize/len(line))
}

// benchFormats are the forms of the log, each with the naive way to write a line.
var benchFormats = []struct {
	name     string
	terminal bool
	format   func() Format
	naive    func(out io.Writer, line []byte)
}{
	{"text", false,
		func() Format { return NewText(TextOptions{Timestamps: NewClock("15:04:05", noon)}) },
		func(out io.Writer, line []byte) {
			fmt.Fprintf(out, "%s %-6s | %s\n", time.Now().Format("15:04:05"), "web.1", line)
		}},
	{"terminal", true,
		func() Format {
			return NewText(TextOptions{Terminal: true, Color: true, Palette: Rich, Timestamps: NewClock("15:04:05", noon)})
		},
		func(out io.Writer, line []byte) {
			fmt.Fprintf(out, "%s%s %-6s | %s%s%s\n", Rich[0], time.Now().Format("15:04:05"), "web.1", screen.Reset, line, screen.Reset)
		}},
	{"json", false, NewJSON,
		func(out io.Writer, line []byte) {
			_ = json.NewEncoder(out).Encode(struct {
				Time             time.Time
				Process, Message string
			}{time.Now(), "web.1", string(line)})
		}},
}

func BenchmarkLines(b *testing.B) {
	for _, f := range benchFormats {
		for _, length := range []int{8, 80, 4096} {
			chunk := chunkOf(length, f.terminal)
			b.Run(fmt.Sprintf("%s/%d", f.name, length), func(b *testing.B) {
				j, s := newJournal(f.format()), stream("web.1")
				s.Terminal = f.terminal
				b.SetBytes(int64(len(chunk)))
				b.ReportAllocs()
				for b.Loop() {
					j.out = j.lines(j.out[:0], s, chunk)
				}
			})
			b.Run(fmt.Sprintf("%s/%d/naive", f.name, length), func(b *testing.B) {
				b.SetBytes(int64(len(chunk)))
				b.ReportAllocs()
				for b.Loop() {
					for lines := bufio.NewScanner(bytes.NewReader(chunk)); lines.Scan(); {
						f.naive(io.Discard, lines.Bytes())
					}
				}
			})
		}
	}
}

// The output budget: a line costs no allocation, wherever it is cut.
func TestLinesCostNoAllocation(t *testing.T) {
	for _, f := range benchFormats {
		for _, length := range []int{8, 80, 4096} {
			j, s := newJournal(f.format()), stream("web.1")
			s.Terminal = f.terminal
			chunk := chunkOf(length, f.terminal)
			run := func() {
				j.out = j.lines(j.out[:0], s, chunk[:len(chunk)/3])
				j.out = j.lines(j.out, s, chunk[len(chunk)/3:])
			}
			run() // grows the buffers
			if n := testing.AllocsPerRun(10, run); n > 0 {
				t.Errorf("%s: %v allocations for lines of %d bytes", f.name, n, length)
			}
		}
	}
}

// BenchmarkHistoryWrite measures what the history costs the mux, a read at a time. The
// tapes together are more than the processor's caches hold.
func BenchmarkHistoryWrite(b *testing.B) {
	for _, size := range []int{8, 80, 4096, readSize} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			r := startRecord(1<<20, NewJSON())
			for i := range 8 {
				r.begin(fmt.Sprint("web.", i), i)
			}
			text := bytes.Repeat([]byte("1234567\n"), size/8)
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				r.write(r.streams[n%8], noon, text)
			}
		})
	}
}

// BenchmarkAttached measures what the log of a process costs that the terminal belongs
// to: it is followed character by character.
func BenchmarkAttached(b *testing.B) {
	for name, line := range map[string]string{
		"plain":   strings.Repeat("x", 78) + "\r\n",
		"colored": "\x1b[32m" + strings.Repeat("x", 69) + "\x1b[0m\r\n",
	} {
		b.Run(name, func(b *testing.B) {
			s, j := onPty("web"), textJournal(TextOptions{Terminal: true, Raw: true, Columns: func() int { return 80 }})
			s.Attached = true
			chunk := bytes.Repeat([]byte(line), 4096/len(line)) // a terminal brings no more at once
			b.SetBytes(int64(len(chunk)))
			b.ReportAllocs()
			for b.Loop() {
				j.out = j.lines(j.out[:0], s, chunk)
			}
		})
	}
}
