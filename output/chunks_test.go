package output

import (
	"bytes"
	"testing"
)

// naiveLines splits text into lines as anybody would.
func naiveLines(text []byte) [][]byte {
	lines := bytes.Split(text, []byte("\n"))
	if last := len(lines) - 1; len(lines[last]) == 0 {
		lines = lines[:last]
	}
	return lines
}

// addText makes a fuzz target's seeds.
func addText(f *testing.F) {
	for _, text := range []string{
		"", "\n", "a", "a\n", "a\nb", "\n\na\r\n\r", "\x00\n\xff\xc3", "é\n\xe2\x82", "\x1b[31mred\nred\x1b[m\nplain\n",
		"\x1b]0;t\n\x1b(0\n\x1b[3\n1m\n\x1b", "{\"a\":1}\n{\"a\":\n[1]\n", "\"\\\t\x01\x7f\u2028\n", "\x1b[1m\r\x1b[m\n",
	} {
		f.Add([]byte(text), uint8(1))
		f.Add([]byte(text), uint8(0x82))
	}
}

// Whatever pieces text comes in, the lines are the same.
func FuzzTextChunks(f *testing.F) {
	addText(f)
	f.Fuzz(func(t *testing.T, text []byte, size uint8) {
		var plain []byte
		for _, line := range naiveLines(text) {
			plain = append(append(append(plain, "web    | "...), line...), '\n')
		}
		j, s := textJournal(TextOptions{}), stream("web")
		j.writeInPieces(s, string(text), int(size)+1)
		j.close(s)
		j.want(t, string(plain))

		j, s = textJournal(TextOptions{Color: true, Palette: Basic}), stream("web")
		j.writeInPieces(s, string(text), int(size)+1)
		j.close(s)
		rest := j.out
		for _, line := range naiveLines(text) {
			rest = checkColored(t, rest, line)
		}
		if len(rest) > 0 {
			t.Errorf("more than was written: %q", rest)
		}
	})
}

// checkColored wants out to begin with a line, its prefix and perhaps sequences that
// take its look up and end it, and returns what follows.
func checkColored(t *testing.T, out, line []byte) (rest []byte) {
	t.Helper()
	rest, ok := bytes.CutPrefix(out, []byte("\x1b[36mweb    | \x1b[0m"))
	if !ok {
		t.Fatalf("no prefix: %q", out)
	}
	for _, resumed := range resumes(rest) {
		after, ok := bytes.CutPrefix(rest[resumed:], line)
		if after = withoutEnds(after); ok && bytes.HasPrefix(after, []byte{'\n'}) {
			return after[1:]
		}
	}
	t.Fatalf("%q is not %q and sequences", out, line)
	return nil
}

// withoutEnds leaves out what ends a look at the beginning of p.
func withoutEnds(p []byte) []byte {
	for _, end := range []string{"\x1b\\", "\x0f\x1b(B\x1b)B", "\x1b7\x1b[?6l\x1b[r\x1b8", "\x1b]8;;\x1b\\", "\x1b[10m", "\x1b[0m"} {
		p = bytes.TrimPrefix(p, []byte(end))
	}
	return p
}

// resumes gives the lengths of what may take up a look at the beginning of out.
func resumes(out []byte) []int {
	all, at := []int{0}, 0
	if bytes.HasPrefix(out, []byte("\x1b]8;")) {
		at = bytes.Index(out, []byte("\x1b\\")) + len("\x1b\\")
		all = append(all, at)
	}
	out = out[at:]
	i := bytes.IndexByte(out, 'm')
	if i < 0 || !bytes.HasPrefix(out, []byte("\x1b[")) || len(bytes.Trim(out[2:i], "0123456789:;")) > 0 {
		return all
	}
	return append(all, at+i+1)
}
