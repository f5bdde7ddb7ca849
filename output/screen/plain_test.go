package screen

import "testing"

func TestAppendPlain(t *testing.T) {
	for text, want := range map[string]string{
		"text":                           "text",
		"":                               "",
		"\x1b[1;32mok\x1b[0m done\x1b[K": "ok done",
		"a \x1b]8;;http://x\x07link\x1b]8;;\x1b\\ b": "a link b",
		"\u009b31mred\u009b0m café":                  "red café",
		"\x1bPq#0\x1b\\sixel \x1b(0q\x1b(B":          "sixel q",
		"tab\tbell\a10%\r20%":                        "tab\tbell\a10%\r20%",
		"bytes \xff\xfe \xc2":                        "bytes \xff\xfe \xc2",
		"ends in \x1b":                               "ends in ",
		"ends in \x1b[3":                             "ends in ",
	} {
		if got := string(AppendPlain(nil, []byte(text))); got != want {
			t.Errorf("%q is read as %q, want %q", text, got, want)
		}
	}
}
