package asjson

import (
	"encoding/binary"
	"unicode/utf8"
)

// AppendText appends p as a JSON string. What is not UTF-8 becomes U+FFFD. It is
// what encoding/json does, without an allocation a line, and no terminal finds a control
// character in it.
func AppendText(out, p []byte) []byte {
	out = append(out, '"')
	for begin, i := 0, 0; ; {
		i += plainLength(p[i:])
		out = append(out, p[begin:i]...)
		if i == len(p) {
			return append(out, '"')
		}
		r, n := utf8.DecodeRune(p[i:])
		out = appendRune(out, r, n)
		i += n
		begin = i
	}
}

// plainInJSON has the bytes that stand for themselves in a JSON string.
var plainInJSON = func() (plain [256]bool) {
	for b := 0x20; b < utf8.RuneSelf; b++ {
		plain[b] = b != '"' && b != '\\'
	}
	return plain
}()

// plainLength gives how many bytes p begins with that stand for themselves in a JSON
// string. It looks at eight at once, as most lines are nothing else.
func plainLength(p []byte) (n int) {
	const each = 0x0101010101010101
	for ; n+8 <= len(p); n += 8 {
		w := binary.LittleEndian.Uint64(p[n:])
		control, quote, backslash := w-each*0x20, (w^each*'"')-each, (w^each*'\\')-each
		if (w|control|quote|backslash)&(each*0x80) != 0 {
			break // one of the eight is below zero, or was not ASCII
		}
	}
	for n < len(p) && plainInJSON[p[n]] {
		n++
	}
	return n
}

// appendRune appends a character of a JSON string that n bytes were decoded to.
func appendRune(out []byte, r rune, n int) []byte {
	const hex = "0123456789abcdef"
	switch {
	case r == utf8.RuneError && n <= 1:
		return append(out, `\ufffd`...)
	case r >= 0xa0:
		return utf8.AppendRune(out, r)
	case r == '"', r == '\\':
		return append(out, '\\', byte(r))
	case r == '\n':
		return append(out, `\n`...)
	case r == '\r':
		return append(out, `\r`...)
	case r == '\t':
		return append(out, `\t`...)
	}
	return append(out, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
}
