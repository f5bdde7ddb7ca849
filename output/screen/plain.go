package screen

import "bytes"

// AppendPlain appends text as a person reads it: without escape sequences and control
// strings. Other control characters stay.
func AppendPlain(out, p []byte) []byte {
	for MayEscape(p) {
		n := Printable(p)
		out = append(out, p[:n]...)
		if p = p[n:]; len(p) == 0 {
			break
		}
		k := Read(p)
		if k.Size == 1 && p[0] != esc {
			out = append(out, p[0])
		}
		p = p[k.Size:]
	}
	return append(out, p...)
}

// MayEscape reports whether there may be an escape sequence in p.
func MayEscape(p []byte) bool {
	return bytes.IndexByte(p, esc) >= 0 || bytes.IndexByte(p, 0xc2) >= 0 // what C1 begins with
}
