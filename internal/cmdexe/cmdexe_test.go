package cmdexe

import "testing"

func TestIsCommand(t *testing.T) {
	for line, want := range map[string]bool{
		"p a": false, `p "a & b"`: false, `p "a" & b`: true, "p > f": true, "p ^a": true, "p %A%": true, `p "%A%"`: true,
		"p 50%": false, "p 50% %": true, "p %%": false, "(p)": true, "p (a)": false, "@p": true, ":p": true, "p\nq": true,
	} {
		if got := IsCommand(line); got != want {
			t.Errorf("%s: %v", line, got)
		}
	}
}

func TestIsBuiltin(t *testing.T) {
	for word, want := range map[string]bool{
		"echo": true, "Dir": true, "cd..": true, `cd\x`: true, "echo.": true, "cmd": true, "CMD.EXE": true, "copy": true,
		"node": false, "date.exe": false, `.\echo`: false, "start.cmd": false, "": false, "ech": false, "c d": false,
	} {
		if got := IsBuiltin(word); got != want {
			t.Errorf("%s: %v", word, got)
		}
	}
}

func TestBatch(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, ``},
		{[]string{"a", "--b=c", `x\y`}, ` a "--b=c" x\y`},
		{[]string{"", "a b", `c\`, `d e\`}, ` "" "a b" "c\\" "d e\\"`},
		{[]string{`"`, `\"`, `a"&calc`}, ` """" "\\""" "a""&calc"`},
		{[]string{"%PATH%", "^", "a|b", "é"}, ` "%%cd:~,%PATH%%cd:~,%" "^" "a|b" é`},
	} {
		got, err := Batch(`C:\a b\x.cmd`, test.args)
		if want := Line(`"C:\a b\x.cmd"` + test.want); err != nil || got != want {
			t.Errorf("%q\ngot  %s, %v\nwant %s", test.args, got, err, want)
		}
	}
	if _, err := Batch("x", []string{"a\r\nb"}); err == nil {
		t.Error("an argument of two lines is no error")
	}
}
