package env

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// shVars is the environment of both sides.
var shVars = map[string]string{"V": "v w", "E": "", "lower": "l'\"$\\"}

// fragments are what generated lines are made of. The shell runs what is not
// quoted: so nothing here redirects or expands to a file, and the only commands
// are those of words like these, which an empty PATH does not have.
var fragments = []string{
	"a", "bc", "7", "é", "€", "\u00a0", "\ue000", "=", ":", ".", ",", "/", "-", "}", "%", "@",
	" ", "  ", "\t", "#", " #", "'", `"`, `'`, `"`, `\`, `\\`, `\$`, `\"`, `\'`, `\n`, `\r`, `\t`, `\x`, "\\`",
	"$V", "${V}", "$E", "${E}", "$U", "${U}", "$lower", "${lower}", "${V", "${}", "$", "$$", "$5", "${5}",
	"${V:-d}", "${E:-d}", "${U:-d}", "${E-d}", "${U-d}", "${U:-d e}", "${U:-}", "${U:-é\\d}", `${U:-"d"}`, "${U:-$V}", "${V:+d}",
	"$(echo x)", "`echo x`", "\n",
}

// differences are the lines on which dotenv is meant to differ from sh, and
// why. The first that matches is the reason for a difference.
var differences = []struct {
	name string
	line *regexp.Regexp
	why  string
}{
	{"commands", regexp.MustCompile("\\$\\(|`"),
		"nothing is ever executed: $(…) and backquotes are text"},
	{"special parameters", regexp.MustCompile(`\$[$0-9#@?!*-]|\$\{[0-9#@?!*-]`),
		"an env file has no arguments and no process: $5 and $$ are text"},
	{"escapes", regexp.MustCompile(`(?s)^A=[ \t]*".*\\[nrt]`),
		`\n \r \t in double quotes are control characters, as every dotenv has it`},
	{"comments", regexp.MustCompile(`(?s)^A=[ \t]*(".*"|'.*')#`),
		"a comment may follow a closing quote directly"},
	{"single quotes", regexp.MustCompile(`(?s)^A=[ \t]*'.*\\'`),
		`\' in single quotes is a quote, unless the line ends there`},
	{"continuation", regexp.MustCompile(`\\\n`),
		"a backslash does not join lines"},
	{"default is text", regexp.MustCompile(`\$\{\w+:?-[^}]*["'\\]`),
		"a default is plain text: quotes in it stay, backslashes mean what they mean outside"},
	{"unquoted quotes", regexp.MustCompile(`(?s)^A=[ \t]*[^ \t"'].*["']`),
		`quotes inside an unquoted value stay, so A={"a":1} works`},
	{"unquoted backslashes", regexp.MustCompile(`(?s)^A=[ \t]*[^ \t"'].*\\|^A=[ \t]*\\`),
		`backslashes in an unquoted value stay (C:\dir), but for \$`},
	{"unquoted blanks", regexp.MustCompile(`^A=([^"'\n]*[ \t]|[ \t]+["'])`),
		"an unquoted value may have blanks and may follow some; sh would take the next word for a command"},
}

// TestParseLikeSh compares Parse with sh on some thousand generated lines. They
// must agree, or the line must be of a kind that is listed in differences, or
// be refused by Parse: an error is not a wrong value.
func TestParseLikeSh(t *testing.T) {
	sh, err := exec.LookPath("/bin/sh")
	if err != nil {
		t.Skip(err)
	}
	lines := generate(2500)
	answers := askSh(t, sh, lines)
	count := map[string]int{}
	for i, line := range lines {
		count[compare(t, line, answers[i])]++
	}
	for _, d := range differences {
		if count[d.name] == 0 {
			t.Errorf("no line differs by %q: %s", d.name, d.why)
		}
	}
	if count["equal"] < len(lines)/3 {
		t.Errorf("only %d of %d lines compare", count["equal"], len(lines))
	}
	t.Log(count)
}

// generate makes one third of the values double-quoted and one third
// single-quoted from the start, or few would be.
func generate(n int) []string {
	random := rand.New(rand.NewPCG(1, 2))
	lines := make([]string, n)
	for i := range lines {
		quote := []string{"", `"`, "'"}[i%3]
		var b strings.Builder
		for range random.IntN(6) {
			b.WriteString(fragments[random.IntN(len(fragments))])
		}
		lines[i] = "A=" + quote + b.String() + quote
		if random.IntN(4) == 0 {
			lines[i] += []string{" ", "\t# c", " # it's", "#"}[random.IntN(4)]
		}
	}
	return lines
}

// compare names the class that a line belongs to.
func compare(t *testing.T, line, answer string) string {
	vars, err := Parse(".env", []byte(line), Scope{Below: lookupIn(shVars)})
	if err != nil {
		return "refused"
	}
	got := ""
	for _, v := range vars {
		if v.Key == "A" {
			got = v.Value
		}
	}
	if "="+got == answer {
		return "equal"
	}
	for _, d := range differences {
		if d.line.MatchString(line) {
			return d.name
		}
	}
	t.Errorf("%q: Parse says %q, sh %q", line, got, answer)
	return "wrong"
}

// askSh has one shell read each line as a file of its own, in a subshell. The
// answer is = and the value, or "" where the shell gave up.
func askSh(t *testing.T, sh string, lines []string) []string {
	dir := t.TempDir()
	for i, line := range lines {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), []byte(line), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(sh, "-c", `
		i=0
		while [ $i -lt $1 ]; do
			(. ./$i; printf '=%s' "$A") 2>/dev/null
			printf '\0'
			i=$((i+1))
		done`, "sh", fmt.Sprint(len(lines)))
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + t.TempDir()}
	for key, value := range shVars {
		cmd.Env = append(cmd.Env, key+"="+value)
	}
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	answers := strings.Split(string(out), "\x00")
	if len(answers) != len(lines)+1 {
		t.Fatalf("%d answers for %d lines", len(answers)-1, len(lines))
	}
	return answers
}
