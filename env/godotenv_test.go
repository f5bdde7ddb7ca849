package env

import (
	"fmt"
	"testing"

	"github.com/joho/godotenv"
)

// TestGodotenvAlone shows what the shield is for: what godotenv alone makes of
// lines that people write, and what Parse does. It fails when godotenv gets
// better: then there is less to shield.
func TestGodotenvAlone(t *testing.T) {
	tests := []struct{ src, alone, want string }{
		// escapes and quotes
		{`A="\n\t\"q\""`, `"\nt\"q\\"`, `"\n\t\"q\""`},
		{`A="b\""`, `"b\\"`, `"b\""`},
		{`A="C:\dir"`, `"C:dir"`, `"C:\\dir"`},
		{`A="b\\"`, "refused", `"b\\"`},
		{`A='\'`, "refused", `"\\"`},

		// comments and blanks
		{`A= # c`, `"# c"`, `""`},
		{`A=b # c # d`, `"b # c"`, `"b"`},
		{"A=\u00a0b\u00a0", `"b"`, `"\u00a0b\u00a0"`},

		// references
		{"b=1\nA=${b}", `"${b}"`, `"1"`},
		{"B=1\nA=${B:-x}", `"1:-x}"`, `"1"`},
		{"A=$(CMD)", `")"`, `"$(CMD)"`},
		{"A=$5", `""`, `"$5"`},

		// bytes
		{"A=\xff", `"�"`, "refused"},
		{"A=b\rC=d", `"b" and more`, "refused"},

		// lines that are none
		{"A B=1", `no A`, "refused"},
		{"A", `no A`, "refused"},
	}
	for _, test := range tests {
		alone := "refused"
		if vars, err := godotenv.Unmarshal(test.src); err == nil {
			alone = valueOf(vars)
		}
		ours := "refused"
		if vars, err := parse(test.src, nil); err == nil {
			ours = fmt.Sprintf("%q", vars[len(vars)-1].Value)
		}
		if alone != test.alone || ours != test.want {
			t.Errorf("%q: godotenv %s, Parse %s; want %s and %s", test.src, alone, ours, test.alone, test.want)
		}
	}
}

// valueOf is what A is worth, and whether it came alone.
func valueOf(vars map[string]string) string {
	a, ok := vars["A"]
	switch {
	case !ok:
		return "no A"
	case len(vars) > 1 && vars["b"]+vars["B"] == "":
		return fmt.Sprintf("%q and more", a)
	}
	return fmt.Sprintf("%q", a)
}
