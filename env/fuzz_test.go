package env

import (
	"fmt"
	"strings"
	"testing"
)

// FuzzParse: nothing makes Parse panic, and every value it accepts can be written down in both kinds of quotes and read back.
func FuzzParse(f *testing.F) {
	for _, src := range []string{
		"A=b", "export A: 'b' # c\n", "A=\"\\n\\\"${B:-x}\"\r\n", "A=$B\\$C # d", "A='\n'\nB=${A-\ue000}",
		"\ufeffA=\u00a0\ue000", "A=\"${", "A=\xff\x00\r", "A={\"a\":'1'}",
		"2A-B.c='it\\'s'#", "A='\\'\nB='\\' #", "A=${B:-${C:+${A}}}${D?x}", "A\nexport A#", "A=`\n`", "A=$A\nA=${A}",
	} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		vars, err := Parse(".env", []byte(src), Scope{})
		if err != nil {
			if vars != nil {
				t.Fatal("variables with an error")
			}
			return
		}
		checkKeys(t, vars)
		checkReprint(t, vars)
	})
}

func checkKeys(t *testing.T, vars []Variable) {
	for _, v := range vars {
		if !isKey(v.Key) {
			t.Errorf("line %d: key %q", v.Line, v.Key)
		}
	}
}

func checkReprint(t *testing.T, vars []Variable) {
	for _, print := range []func(string) string{inDouble, inSingle} {
		var b strings.Builder
		for _, v := range vars {
			fmt.Fprintf(&b, "%s=%s\n", v.Key, print(v.Value))
		}
		again, err := Parse(".env", []byte(b.String()), Scope{})
		if err != nil || len(again) != len(vars) {
			t.Fatalf("printed %q: %d variables, %v; want %d", b.String(), len(again), err, len(vars))
		}
		for i, v := range vars {
			if again[i].Key != v.Key || again[i].Value != v.Value {
				t.Errorf("%s=%q became %s=%q", v.Key, v.Value, again[i].Key, again[i].Value)
			}
		}
	}
}

var doubleEscapes = strings.NewReplacer(
	`\`, `\\`, `"`, `\"`, `$`, `\$`, "`", "\\`", "\n", `\n`, "\r", `\r`, "\t", `\t`)

func inDouble(value string) string { return `"` + doubleEscapes.Replace(value) + `"` }

// inSingle uses double quotes where single ones cannot hold the value.
func inSingle(value string) string {
	if strings.ContainsAny(value, "'\r") {
		return inDouble(value)
	}
	return "'" + value + "'"
}
