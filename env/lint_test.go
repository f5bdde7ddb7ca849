package env

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestWarnings(t *testing.T) {
	known := map[string]string{"B": "b", "EMPTY": "", "B-C": ""}
	for src, want := range map[string]string{
		// a #
		"A=abc#secret":          hashInside,
		"A=#secret":             hashInside,
		"A='abc#secret'":        "",
		`A="#secret" # fine`:    "",
		"A=secret # a comment":  "",
		"A=secret #a comment":   "",
		"A= #secret":            hashBehind,
		"A= # nothing yet":      hashOnly,
		`A="" # nothing yet`:    "",
		"A= #put a secret here": hashOnly,
		"A= #":                  hashOnly,

		// a quote
		`A=secret"`:                   quoteAtEnd,
		`A=secret'  # why`:            quoteAtEnd,
		`A=it's`:                      "",
		`A={"a":"b"}`:                 "",
		`A=-Dname="a b"`:              "",
		`A=\"secret\"`:                quoteEscaped,
		`A=“secret”`:                  quoteCurly,
		`A='“secret”'`:                "",
		`A="ends with a quote\""`:     "",
		"A='several\nlines\"'":        "",
		"A=\"several\n$UNSET lines\"": expandsEmpty,

		// a $
		"A=pa$secret":         expandsEmpty,
		`A="pa${secret}"`:     expandsEmpty,
		"A=$A":                expandsEmpty,
		"A=$B":                "",
		"A=$EMPTY":            "",
		"A=${secret:-x}":      "",
		"A=${secret-}":        "",
		`A=pa\$secret`:        "",
		"A='pa$secret'":       "",
		"A=pa$5secret":        dollarPlain,
		"A=secret$$":          dollarPlain,
		"A=^secret$":          "",
		"A=1$ and 2 $":        "",
		"A='$5'":              "",
		`A=\$5`:               "",
		"A=$(cat secret)":     dollarCommand,
		`A="x $(cat secret)"`: dollarCommand,
		"A=$2y$10$secret":     expandsEmpty,
		"A=$2y$10$5secret":    dollarPlain,
		"A=${secret:-$secre}": expandsEmpty,
		"A=${B:-$secret}":     "",
		"A=${secret:+$secre}": "",
		"A=${REEVE_PORT_DB}":  expandsNoPort,
		"A=${B-C}":            dashInside,
		"A=${B-D}":            "",

		// what readers disagree about
		`A='it\'s'`:         quoteBackslash,
		`A='C:\secret\'`:    quoteBackslash,
		`A='C:\secret'`:     "",
		`A="it's \"secret"`: "",
		"A=`secret`":        backtickQuotes,
		"A='`secret`'":      "",
		"A=x`secret`":       "",
		"A=`a\nsecret`":     backtickQuotes,
		"A: secret":         colonForm,
		"A=a:b":             "",
		"A":                 bareUnset,
		"export A # c":      bareUnset,
		"B":                 "",
		"C=1\nexport C":     "",

		// what looks like a blank
		"A=a\u00a0b":    fmt.Sprintf(blankInside, "no-break space (U+00A0)"),
		"A=\u200bb":     fmt.Sprintf(blankInside, "zero-width space (U+200B)"),
		"A='10\u00a0€'": "",
		"A='10\u00a0'":  fmt.Sprintf(blankInside, "no-break space (U+00A0)"),
	} {
		r := readAll(".env", []byte("#\n"+src), Scope{Below: lookupIn(known), Real: lookupIn(known)})
		if r.err != nil {
			t.Errorf("%s: %v", src, r.err)
		}
		if want != "" {
			want = ".env:2: A: " + want
		}
		if got := printWarnings(r.warnings); got != want {
			t.Errorf("%s: got %q, want %q", src, got, want)
		}
	}
}

func printWarnings(warnings []Warning) string {
	var lines []string
	for _, w := range warnings {
		lines = append(lines, fmt.Sprintf("%s:%d: %s", w.Path, w.Line, w.Text))
	}
	return strings.Join(lines, "\n")
}

// TestWarnsOfSeveral: every line is looked at, whatever is wrong with others.
func TestWarnsOfSeveral(t *testing.T) {
	r := readAll(".env", []byte("A=a#'\nno sense\nB='\nA=1\nC=${A\nB=2\nA=#"), Scope{})
	want := strings.Join([]string{
		".env:1: A: " + hashInside,
		".env:1: A: " + quoteAtEnd,
		".env:4: A is already set in line 1: this line wins: remove one of them",
		".env:6: B is already set in line 3: this line wins: remove one of them",
		".env:7: A: " + hashInside,
		".env:7: A is already set in line 4: this line wins: remove one of them",
	}, "\n")
	if got := printWarnings(r.warnings); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	vars := []Variable{{"A", "a#'", 1}, {"B", "", 3}, {"A", "1", 4}, {"C", "", 5}, {"B", "2", 6}, {"A", "#", 7}}
	if r.err == nil || !slices.Equal(r.vars, vars) {
		t.Errorf("got %v, %v", r.vars, r.err)
	}
}

func TestSecret(t *testing.T) {
	for entry, want := range map[string]bool{
		"SECRET_KEY_BASE=x": true, "github_token=x": true, "DB_PASSWORD=x": true, "STRIPE_API_KEY=x": true,
		"APIKEY=x": true, "PRIVATE_KEY=x": true, "GOOGLE_CREDENTIALS=x": true, "AWS_SECRET_ACCESS_KEY=x": true,
		"DB_PASSWORD=": false, "PORT=5000": false, "KEYBOARD=x": false, "PASSWORD_MIN_LENGTH=8": false,
		"SECRET_FILE=/run/x": false, "TOKEN_TTL=60": false,
		"DATABASE_URL=postgres://user:x@host/db": true, "DATABASE_URL=postgres://user@host/db": false,
		"DATABASE_URL=postgres://host:5432/db?a=b@c": false, "URL=https://example.org/a:b@c": false,
		"DATABASE_URL=postgresql+psycopg://user:x@host": true, "A=jdbc:mysql://user:x@host": true, "REDIS_URL=redis://:x@host": true,
	} {
		key, value, _ := strings.Cut(entry, "=")
		if got := (Variable{Key: key, Value: value}).IsSecret(); got != want {
			t.Errorf("%s: %v", entry, got)
		}
	}
}

func TestExposed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the mode tells nothing")
	}
	files := writeFiles(t, "open", "A=1\nTOKEN=x\nSECRET=y\n", "closed", "TOKEN=x\n", "empty", "TOKEN=\n", "again", "A=1\nA=2\n")
	for _, name := range []string{"open", "empty"} {
		if err := os.Chmod(name, 0o640); err != nil {
			t.Fatal(err)
		}
	}
	e, err := Load(Options{Files: files})
	want := "open:2: TOKEN looks like a secret, and others can read this file (mode 0640): chmod 600 open\n" +
		"again:2: A is already set in line 1: this line wins: remove one of them"
	if got := printWarnings(e.Warnings()); err != nil || got != want {
		t.Errorf("got\n%s\n%v\nwant\n%s", got, err, want)
	}
}
