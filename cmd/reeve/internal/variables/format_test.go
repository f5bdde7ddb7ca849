package variables

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/joho/godotenv"

	"reeve/env"
)

// values that are hard to write down.
var values = []string{
	"", "plain", "a b", " a ", "\ta\t", "'", `"`, `'"`, "`", `\`, `\\`, `a\`, `\n`, `'\`, `\'`, `"\`, `$`, `$HOME`, `${HOME}`,
	`\$HOME`, `$(id)`, "`id`", `'$HOME'`, `'${HOME:-x}`, "#", "a #b", "a#b", "'#", "a\nb", "\n", "\n\n", "a\r\nb", "\r", "\r\n", "'\n",
	"a\tb", "é€😀", "\u00a0", "\u00a0a\u00a0", "\u2028", "\ue000", "\ufeff", "=", "a=b", ":", "!", "!!", "~", "*", "{a,b}", "%",
	"a;b", "a&b", "a|b", "<>", "export A=b", "'''", `"""`, "it's", `say "hi"`, "\x01\x7f", "-n", "a\\\nb", "\v", "\f", "\u0085",
}

// printed is one variable of each value in one of the forms.
func printed(values []string, line func(Variable) string) string {
	var b strings.Builder
	for i, value := range values {
		b.WriteString(line(Variable{Key: fmt.Sprintf("KEY%d", i), Value: value}) + "\n")
	}
	return b.String()
}

func TestDotenvRoundTrip(t *testing.T) {
	for _, value := range values {
		checkDotenv(t, value)
	}
	all, err := env.Parse(".env", []byte(printed(values, dotenvLine)), env.Scope{})
	if err != nil || len(all) != len(values) {
		t.Errorf("%d of %d values: %v", len(all), len(values), err)
	}
}

// FuzzDotenv: whatever a value is, reeve reads it back, and godotenv alone does or
// nobody could write it for godotenv.
func FuzzDotenv(f *testing.F) {
	for _, value := range values {
		f.Add(value)
	}
	f.Fuzz(checkDotenv)
}

// TestDotenvOfShortValues tries all short values of what means something to somebody.
func TestDotenvOfShortValues(t *testing.T) {
	var try func(value string, more int)
	try = func(value string, more int) {
		checkDotenv(t, value)
		for _, r := range "aA0$\\\"' #\n\r`{(=)}\té" {
			if more > 0 && !t.Failed() {
				try(value+string(r), more-1)
			}
		}
	}
	try("", 3)
}

func checkDotenv(t *testing.T, value string) {
	if !utf8.ValidString(value) || strings.Contains(value, "\x00") {
		return
	}
	line := dotenvLine(Variable{Key: "KEY", Value: value}) + "\n"
	vars, err := env.Parse(".env", []byte(line), env.Scope{Below: func(string) (string, bool) { return "wrong", true }})
	if err != nil || len(vars) != 1 || vars[0].Value != value {
		t.Errorf("%q is written as %q and read as %v, %v", value, line, vars, err)
	}
	alone, err := godotenv.Unmarshal(line)
	if (err != nil || alone["KEY"] != value) && godotenvCanRead(value) {
		t.Errorf("%q is written as %q and read by godotenv as %q, %v", value, line, alone["KEY"], err)
	}
}

// godotenvCanRead reports whether some form of a value is one that godotenv alone reads:
// see TestGodotenvAlone of package env.
func godotenvCanRead(value string) bool {
	for _, form := range []string{"KEY=" + value, "KEY='" + value + "'", `KEY="` + value + `"`, godotenvDouble(value)} {
		if alone, err := godotenv.Unmarshal(form); err == nil && len(alone) == 1 && alone["KEY"] == value {
			if vars, err := env.Parse(".env", []byte(form), env.Scope{}); err == nil && len(vars) == 1 && vars[0].Value == value {
				return true
			}
		}
	}
	return false
}

func godotenvDouble(value string) string {
	return `KEY="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`, "\n", `\n`, "\r", `\r`).Replace(value) + `"`
}

func TestShellRoundTrip(t *testing.T) {
	script := filepath.Join(t.TempDir(), "script")
	text := printed(values, shellLine) + `printf '%s\0'`
	for i := range values {
		text += fmt.Sprintf(` "$KEY%d"`, i)
	}
	if err := os.WriteFile(script, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, shell := range []string{"sh", "dash", "bash", "busybox sh", "ksh", "zsh"} {
		words := append(strings.Fields(shell), script)
		if _, err := exec.LookPath(words[0]); err != nil {
			t.Log(err)
			continue
		}
		out, err := exec.Command(words[0], words[1:]...).Output()
		got := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
		if err != nil || len(got) != len(values) {
			t.Errorf("%s: %d values: %v", shell, len(got), err)
			continue
		}
		for i, value := range values {
			if got[i] != value {
				t.Errorf("%s reads %q as %q", shell, value, got[i])
			}
		}
	}
}
