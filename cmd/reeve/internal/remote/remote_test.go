package remote

import "testing"

func TestLeaver(t *testing.T) {
	for _, tt := range []struct {
		name  string
		typed []string
		want  string
		left  bool
	}{
		{"text", []string{"abc", "d"}, "abcd", false},
		{"twice", []string{"ab\x1d\x1dcd"}, "ab", true},
		{"twice, one by one", []string{"a", "\x1d", "\x1d"}, "a", true},
		{"once", []string{"a\x1d", "b"}, "a\x1db", false},
		{"once and held", []string{"a\x1d"}, "a", false},
		{"once and released", []string{"a\x1d", "later"}, "a\x1d", false},
		{"twice, one much later", []string{"\x1d", "later", "\x1d", "later", "x"}, "\x1d\x1dx", false},
		{"nothing to be released", []string{"a", "later", "\x1d\x1d"}, "a", true},
		{"not in a row", []string{"\x1d", "x", "\x1d", "\x1d"}, "\x1dx", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var l leaver
			var got []byte
			left := false
			for _, p := range tt.typed {
				if p == "later" {
					got = append(got, l.release()...)
					continue
				}
				keys, over := l.take([]byte(p))
				got, left = append(got, keys...), left || over
			}
			if string(got) != tt.want || left != tt.left {
				t.Errorf("got %q, %v", got, left)
			}
		})
	}
}
