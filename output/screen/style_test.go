package screen

import (
	"strings"
	"testing"
)

func TestStyleIsTakenUpAgain(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "",
		"\x1b[31m":                            "\x1b[31m",
		"\x1b[31;1m":                          "\x1b[1;31m",
		"\x1b[1m\x1b[2m\x1b[3;4;5;7;8;9m":     "\x1b[1;2;3;4;5;7;8;9m",
		"\x1b[1;2;3;4;5;6;7;8;9m\x1b[22;23m":  "\x1b[4;5;6;7;8;9m",
		"\x1b[4;5;6;7;8;9m\x1b[24;25;27m":     "\x1b[8;9m",
		"\x1b[8;9;21;53m\x1b[24;28;29;55m":    "",
		"\x1b[91;102m":                        "\x1b[91;102m",
		"\x1b[31m\x1b[32m":                    "\x1b[32m",
		"\x1b[31;41;58;5;3m\x1b[39m":          "\x1b[41;58;5;3m",
		"\x1b[31;41;58;5;3m\x1b[49m":          "\x1b[31;58;5;3m",
		"\x1b[31;41;58;5;3m\x1b[59m":          "\x1b[31;41m",
		"\x1b[1;31m\x1b[m":                    "",
		"\x1b[1;31m\x1b[0m":                   "",
		"\x1b[1;31m\x1b[;4m":                  "\x1b[4m",
		"\x1b[1;31m\x1b[4;m":                  "",
		"\x1b[1m\x1b[0;31m":                   "\x1b[31m",
		"\x1b[38;5;208m":                      "\x1b[38;5;208m",
		"\x1b[38;5;1;1m":                      "\x1b[1;38;5;1m",
		"\x1b[1;38;2;0;0;0;4m":                "\x1b[1;4;38;2;0;0;0m",
		"\x1b[48;2;255;128;64m":               "\x1b[48;2;255;128;64m",
		"\x1b[38;5;0;48;5;0m":                 "\x1b[38;5;0;48;5;0m",
		"\x1b[38:5:208m":                      "\x1b[38:5:208m",
		"\x1b[38:2::255:128:64m":              "\x1b[38:2::255:128:64m",
		"\x1b[38:2:255:128:64;1m":             "\x1b[1;38:2:255:128:64m",
		"\x1b[4:3m":                           "\x1b[4m",
		"\x1b[4:3m\x1b[4:0m":                  "",
		"\x1b[11m\x1b[10m":                    "",
		"\x1b[31m\x1bc":                       "",
		"\x1b[31m\x1b[K\x1b[2J\x1b[?25h\x1b7": "\x1b[31m",
		"\x1b[31m\x1b]0;\x1b[32m":             "\x1b[32m", // ESC ends the title
		"\x1b[31m\x1b[>4;0m":                  "\x1b[31m", // another sequence that ends in "m"
		"\x1b[31m\x1b[?0m":                    "\x1b[31m",
		"\x1b\x1b[31m":                        "\x1b[31m", // the first ESC begins nothing
		"\x1b[1\x1b[31m":                      "\x1b[31m",
		"\x1b[31":                             "",
		"\x1b]0;[31m":                         "",
	} {
		var st Style
		st.Follow([]byte(text))
		st.AppendEnd(nil)
		if got := string(st.AppendTo(nil)); got != want {
			t.Errorf("%q is taken up again with %q, not %q", text, got, want)
		}
	}
}

// What a terminal may make different things of is ended in every way there is.
func TestStyleOfWhatIsOdd(t *testing.T) {
	for end, texts := range map[string][]string{
		"\x1b\\\x0f\x1b(B\x1b)B\x1b[0m": {
			"\x1b", "\x1b[", "\x1b[31", "\x1b[38;5", "\x1b]0;title", "\x1bPq", "\x1b_x\x07", "\x1b(", "\x1b\x1b",
			"\x1b[3\t1m", "\x1b[3\x7f1m", "\x1b[3é1m", "\x1b]0;title\x1b[31m\x1b[m", "\x1b8", "\x1b]8;\x07", "\x1b]8;;é\x07",
		},
		"\x1b[0m": {
			"\x1b[38;3;1m", "\x1b[38;5;1:2m", "\x1b[73m", "\x1b[4294967327m", "\x1b[38;2;000000001;0000000002;3m",
			"\x1b[" + strings.Repeat("1;", 20) + "0m",
		},
	} {
		for _, text := range texts {
			var st Style
			st.Follow([]byte(text))
			if got := string(st.AppendEnd(nil)); got != end {
				t.Errorf("%q is ended with %q", text, got)
			}
			if got := st.AppendEnd(nil); got != nil && st.Plain() {
				t.Errorf("%q is ended twice: %q", text, got)
			}
		}
	}
}
