package output

import (
	"bytes"
	"testing"

	"reeve/output/screen"
)

// Whatever a process writes, the next prefix looks like a prefix.
func FuzzStyle(f *testing.F) {
	for _, text := range words {
		f.Add([]byte("a"+text+"b\nc"), uint8(3))
	}
	for _, text := range []string{"\x1b[38;2;1", "\x1bP\x07\x1b(0", "\x1b]\x1b[1m", "\x1b[3\t1m\x1b[>m", "\x1b[38;9;1m\x1b[39m", "\x1b[;;m", "\x1b\x1b[7m", "\x1b[1\x18m"} {
		f.Add([]byte(text+"\n"+text), uint8(2))
	}
	f.Fuzz(func(t *testing.T, text []byte, size uint8) {
		var st screen.Style
		var out []byte
		for line := range bytes.SplitSeq(text, []byte("\n")) {
			out = append(st.AppendTo(out[:0]), line...)
			st.Follow(line)
			out = append(st.AppendEnd(out), '\n')
			if d := display(out); !d.plain() {
				t.Fatalf("%q leaves behind %v", out, d.look)
			}
		}
		j, s := textJournal(TextOptions{Terminal: true}), onPty("web")
		for len(text) > 0 {
			n := min(len(text), int(size%16)+1)
			j.write(s, string(text[:n]))
			if size >= 128 {
				j.wait(s)
			}
			text = text[n:]
		}
		j.close(s)
		for _, row := range display(append(j.out, "web    | "...)).rows {
			for i, want := range "web    | " {
				if row[i] != (cell{char: want}) {
					t.Fatalf("the prefix is %q in %q, or looks odd", row, j.out)
				}
			}
		}
	})
}
