package env

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// parse parses src with the variables of a map below it.
func parse(src string, below map[string]string) ([]Variable, error) {
	return Parse(".env", []byte(src), Scope{Below: lookupIn(below)})
}

func lookupIn(vars map[string]string) Lookup {
	return func(key string) (string, bool) {
		value, ok := vars[key]
		return value, ok
	}
}

func TestParseValues(t *testing.T) {
	vars := map[string]string{"V": "v", "lower": "l", "EMPTY": "", "BLANKS": " x  # y ", "ODD": "a$V`\"'\\n\ue000", "2FA": "2", "a.b": "ab"}
	tests := []struct{ src, want string }{
		// where a value begins and ends
		{"A=b", "b"},
		{"A=", ""},
		{"A=   ", ""},
		{"A = b", "b"},
		{"  \tA=b", "b"},
		{"A: b", "b"},
		{"A:b", "b"},
		{"A : b", "b"},
		{"export A=b", "b"},
		{"export\t A: b", "b"},
		{"A=b\r\n", "b"},
		{"\ufeffA=b", "b"},
		{"A=\ufeffb", "\ufeffb"},
		{"A= \t b c \t ", "b c"},
		{"A=\u00a0b\u00a0", "\u00a0b\u00a0"},
		{"A=\u0085\v\f", "\u0085\v\f"},
		{"A=b=c:d", "b=c:d"},
		{"A==", "="},

		// comments
		{"A= # c", ""},
		{"A=#c", "#c"},
		{"A=b # c # d", "b"},
		{"A=b\t#c", "b"},
		{"A=b#c", "b#c"},
		{"A=b#c #d", "b#c"},
		{"A='b' # c", "b"},
		{"A='b'#c", "b"},
		{"A=\"b\"#c's \"d\"", "b"},
		{"A=\"b\"\t# c's \"d\"", "b"},
		{"A='b # c'", "b # c"},
		{"A=\"b # c\"", "b # c"},
		{"A=b # it's", "b"},

		// no quotes: everything stays, but \$
		{`A={"a":1, "b":'c'}`, `{"a":1, "b":'c'}`},
		{`A=b"c"`, `b"c"`},
		{`A=it's`, `it's`},
		{`A=C:\new\table\`, `C:\new\table\`},
		{`A=\$V`, `$V`},
		{`A=\\$V`, `\$V`},
		{`A=a\ b`, `a\ b`},
		{`A=ünïcödé €`, `ünïcödé €`},
		{"A=a\u2028b\ufffd", "a\u2028b\ufffd"},
		{"A=\ue000\ue001", "\ue000\ue001"},

		// single quotes: everything stays
		{`A=''`, ``},
		{`A='b'`, `b`},
		{`A= 'b' `, `b`},
		{`A=' b '`, ` b `},
		{`A='$V ${V} ${ $(x) \n \\ "q" # c'`, `$V ${V} ${ $(x) \n \\ "q" # c`},
		{`A='\'`, `\`},
		{`A='\\'`, `\\`},
		{"A='b\n\n c\n'", "b\n\n c\n"},
		{"A='b\r\nc'", "b\nc"},
		{`A='it\'s'`, `it's`},
		{`A='it\'s' # isn't it`, `it's`},
		{`A='\'q\''`, `'q'`},
		{`A='\\\'b'`, `\\'b`},
		{"A='it\\'s\n\\'b'", "it's\n'b"},
		{`A='C:\dir\'`, `C:\dir\`},
		{`A='C:\dir\' # it's`, `C:\dir\`},
		{`A='C:\dir\'#c`, `C:\dir\`},
		{`A='it\'s C:\dir\'`, `it's C:\dir\`},
		{"A='\ue000'", "\ue000"},

		// double quotes: escapes
		{`A=""`, ``},
		{`A="b"`, `b`},
		{`A=" b "`, ` b `},
		{`A="\n\r\t\"q\""`, "\n\r\t\"q\""},
		{`A="\\n\\\\"`, `\n\\`},
		{"A=\"\\$V \\${V} \\`x\\`\"", "$V ${V} `x`"},
		{`A="C:\dir\x\'\a"`, `C:\dir\x\'\a`},
		{`A="it's 'b'"`, `it's 'b'`},
		{`A="''"`, `''`},
		{`A='""'`, `""`},
		{"A=\"b\nc\"", "b\nc"},
		{"A=\"b\\\nc\"", "b\\\nc"},
		{"A=\"-----BEGIN KEY-----\nMII+/=\n-----END KEY-----\n\"", "-----BEGIN KEY-----\nMII+/=\n-----END KEY-----\n"},
		{"A=\"\u00a0b\u00a0\"", "\u00a0b\u00a0"},

		// references
		{`A=$V`, `v`},
		{`A=${V}`, `v`},
		{`A="$V ${V}"`, `v v`},
		{`A=a${V}b$V.c$V-d`, `avbv.cv-d`},
		{`A=$lower${lower}`, `ll`},
		{`A=[$UNKNOWN${UNKNOWN}]`, `[]`},
		{`A=$VV`, ``},
		{`A=$BLANKS`, ` x  # y `},
		{`A="$BLANKS"`, ` x  # y `},
		{`A=$V #c`, `v`},
		{`A=$V#c`, `v#c`},
		{`A=$ODD`, "a$V`\"'\\n\ue000"},
		{`A="$ODD$ODD"`, "a$V`\"'\\n\ue000a$V`\"'\\n\ue000"},
		{"A=\ue000$V\ue000", "\ue000v\ue000"},
		{`A=$5$$`, `$5$$`},
		{`A="$5 $$ $? 100$"`, `$5 $$ $? 100$`},
		{`A=$(echo $V)`, `$(echo v)`},
		{`A="$(rm -rf x)"`, `$(rm -rf x)`},
		{"A=`echo x`", "`echo x`"},
		{"A=`b", "`b"},
		{"A=`[\n{\"x\": '$V'}\n]` # c", "[\n{\"x\": '$V'}\n]"},

		// defaults
		{`A=${V:-d}`, `v`},
		{`A=${V-d}`, `v`},
		{`A=${EMPTY:-d}`, `d`},
		{`A=${EMPTY-d}`, ``},
		{`A=${UNKNOWN:-d}`, `d`},
		{`A=${UNKNOWN-d}`, `d`},
		{`A=${UNKNOWN:-}`, ``},
		{`A=${UNKNOWN-}`, ``},
		{`A=[${UNKNOWN:-x # 'y'}]}`, `[x # 'y']}`},
		{`A=${UNKNOWN:-a-:-b}`, `a-:-b`},
		{`A="${UNKNOWN:-a b\n\"c\"}"`, "a b\n\"c\""},
		{`A=${UNKNOWN:-\$V $5 \n}`, `$V $5 \n`},
		{"A=\"${UNKNOWN:-a\nb}\"", "a\nb"},
		{`A=${UNKNOWN:-$V}`, `v`},
		{`A="${UNKNOWN:-a ${EMPTY:-$V} b}"`, `a v b`},
		{`A=${UNKNOWN:-${EMPTY:-${UNKNOWN-d}}}e`, `de`},
		{`A=${V:-${UNKNOWN:?never asked}}`, `v`},
		{`A=${V:+x}${V+y}${EMPTY:+x}${EMPTY+z}${UNKNOWN:+x}${UNKNOWN+x}`, `xyz`},
		{`A=${V:+[$V]}`, `[v]`},
		{`A=${V:?e}${V?e}${EMPTY?e}`, `vv`},
		{`A=${2FA}${a.b}$a.b`, `2ab.b`},
		{`A=${UNKNOWN:-a}}`, `a}`},
	}
	for _, test := range tests {
		got, err := parse(test.src, vars)
		want := []Variable{{Key: "A", Value: test.want, Line: 1}}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("Parse(%q) = %#v, %v; want %q", test.src, got, err, test.want)
		}
	}
}

func TestParseFile(t *testing.T) {
	const src = "\ufeff# a comment = not a variable\r\n" +
		"\r\n" +
		"A=1\r\n" +
		" \t \r\n" +
		"  # \"another\r\n" +
		"export B='two\r\nlines' # c\r\n" +
		"_c.d: \"$A\nx\"\n" +
		"exportX=$_c.d\n" +
		"export=1\n" +
		"A=2\n" +
		"E=${A}"
	want := []Variable{
		{"A", "1", 3}, {"B", "two\nlines", 6}, {"_c.d", "1\nx", 8},
		{"exportX", ".d", 10}, {"export", "1", 11}, {"A", "2", 12}, {"E", "2", 13},
	}
	got, err := parse(src, nil)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got  %#v, %v\nwant %#v", got, err, want)
	}
	for _, src := range []string{"", "\n", "\ufeff", "# c", " \t"} {
		if got, err := parse(src, nil); len(got) != 0 || err != nil {
			t.Errorf("Parse(%q) = %#v, %v; want nothing", src, got, err)
		}
	}
}

// TestParseProblems: every kind of mistake, its line, and that no secret shows.
func TestParseProblems(t *testing.T) {
	tests := []struct {
		src  string
		want []string // "LINE: text"
	}{
		{"the secret", []string{"1: " + noAssignment}},
		{"secret", []string{"1: " + noAssignment}},
		{"A=first\nsecret", []string{"2: " + noAssignment}},
		{"A=first\\\n  secret", []string{"2: " + noAssignment}},
		{"A=MIIE\nIBAAKsecret\n9secret", []string{"2: " + noAssignment, "3: " + noAssignment}},
		{"secret#secret", []string{"1: " + noAssignment}},
		{"-secret", []string{"1: " + noAssignment}},
		{"export secret secret", []string{"1: " + noAssignment}},
		{"export", []string{"1: " + noAssignment}},
		{"<<<<<<< secret", []string{"1: " + noAssignment}},
		{"=secret", []string{"1: " + badKey}},
		{"export =secret", []string{"1: " + badKey}},
		{"A secret=secret", []string{"1: " + badKey}},
		{"export A B=secret", []string{"1: " + badKey}},
		{".a=secret", []string{"1: " + badKey}},
		{"-A=secret", []string{"1: " + badKey}},
		{"sécret=secret", []string{"1: " + badKey}},
		{"\u00a0A=secret", []string{"1: " + badKey + " (there is a no-break space (U+00A0) in this line)"}},
		{"\u00a0", []string{"1: " + noAssignment + " (there is a no-break space (U+00A0) in this line)"}},
		{"\"A\"=secret", []string{"1: " + badKey}},
		{"A='secret'b", []string{"1: A: " + afterQuote}},
		{"A='secret''b'", []string{"1: A: " + afterQuote}},
		{"A='\\\\''", []string{"1: A: " + afterQuote}},
		{"A='secret\\'\nsecret'", []string{"1: A: " + twoClosings, "2: " + noAssignment}},
		{"A='secret\\' # and\nmore' # secret", []string{"1: A: " + twoClosings, "2: " + noAssignment}},
		{"A=''''", []string{"1: A: " + afterQuote}},
		{"A=\"\"\"secret\"\"\"", []string{"1: A: " + afterQuote}},
		{"\nA='secret", []string{"2: A: " + openQuote}},
		{"A=\"secret\\\"", []string{"1: A: " + openEscaped}},
		{"A=`secret\nB=`", []string{"1: A: " + openBacktick}},
		{"A=`secret\nB=1\n` # c\nC", []string{"1: A: " + openBacktick, "3: " + noAssignment}},
		{"A=`secret\n`secret secret", []string{"1: A: " + openBacktick, "2: " + noAssignment}},
		{"A=-----BEGIN RSA PRIVATE KEY-----\nsecret+/=\n-----END RSA PRIVATE KEY-----", []string{
			"1: A: " + openKey, "2: " + badKey, "3: " + noAssignment}},
		{"A=\"secret\\", []string{"1: A: " + openQuote}},
		{"A=\"", []string{"1: A: " + openQuote}},
		{"A=${}secret", []string{"1: A: " + badReference}},
		{"A=${1}secret", []string{"1: A: " + badReference}},
		{"A=${secret=x}", []string{"1: A: " + badReference}},
		{"A=${secret!}", []string{"1: A: " + badReference}},
		{"A=${.secret}", []string{"1: A: " + badReference}},
		{"A=${12}secret", []string{"1: A: " + badReference}},
		{"A=${U?}", []string{"1: A: U: it has to be set"}},
		{"A=${U:?set it  in ${secre} first}", []string{"1: A: U: set it in ${secre} first"}},
		{"A=${U:-${U2:?why}}", []string{"1: A: U2: why"}},
		{"A=${#secret}", []string{"1: A: " + badReference}},
		{"A=${secret:", []string{"1: A: " + badReference}},
		{"A=${", []string{"1: A: " + openBrace}},
		{"A=\"${secret\"", []string{"1: A: " + openBrace}},
		{"A=${secret\nB=}", []string{"1: A: " + openBrace}},
		{"A=${secret:-x", []string{"1: A: " + openBrace}},
		{"A=${B:-${secret}", []string{"1: A: " + openBrace}},
		{"A=${B:-${}secret}", []string{"1: A: " + badReference}},
		{"A=" + strings.Repeat("${B:-", 21) + strings.Repeat("}", 21), []string{"1: A: " + tooDeep}},
		{"A=sec\x00ret", []string{"1: " + nulByte}},
		{"A='\n\x00'", []string{"2: " + nulByte}},
		{"A=\xffsecret", []string{"1: " + notUTF8}},
		{"# \xff", []string{"1: " + notUTF8}},
		{"A=secret\rB=secret\r", []string{"1: " + carriageReturn}},
		{"A=secret\r\r\n", []string{"1: " + carriageReturn}},
		{"A=secret\r", []string{"1: " + carriageReturn}},
		{"\xff\xfeA\x00=\x001\x00\n\x00", []string{"1: " + utf16}},
		{"\xfe\xff\x00A\x00=\x001\x00\n", []string{"1: " + utf16}},
		{"A\x00=\x001\x00\n\x00", []string{"1: " + utf16}},

		// all at once, going on at the next line
		{"a secret\nA=1\n=x\nB='secret", []string{"1: " + noAssignment, "3: " + badKey, "4: B: " + openQuote}},
		{"A=\"secret\nB=1\na secret", []string{"1: A: " + openQuote, "3: " + noAssignment}},
		{"A=\"x\n${\n\ny ${1}\"\na secret", []string{"2: A: " + badReference, "4: A: " + badReference, "5: " + noAssignment}},
		{"A=\"secret\nB=\"secret\"\nC=${", []string{
			"2: A: " + afterQuote + " (the quote opened on line 1)", "3: C: " + openBrace}},
		{"A=\x00\na secret\n\xff\xff=", []string{"1: " + nulByte, "2: " + noAssignment, "3: " + notUTF8}},
		{"A=${}${}", []string{"1: A: " + badReference}},
	}
	for _, test := range tests {
		vars, err := parse(test.src, nil)
		want := ".env:" + strings.Join(test.want, "\n.env:")
		if err == nil || err.Error() != want {
			t.Errorf("Parse(%q):\n%v\nwant\n%s", test.src, err, want)
			continue
		}
		if vars != nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("Parse(%q) = %#v, %v", test.src, vars, err)
		}
	}
}

// TestParseScope: above beats the file's own lines, below does not.
func TestParseScope(t *testing.T) {
	around := Scope{
		Above: lookupIn(map[string]string{"A": "above", "E": ""}),
		Below: lookupIn(map[string]string{"A": "below", "B": "below", "C": "below", "E": "below"}),
	}
	got, err := Parse(".env", []byte("A=own\nB=own\nX=$A $B $C $D ${E-x}\nA=$A"), around)
	want := []Variable{{"A", "own", 1}, {"B", "own", 2}, {"X", "above own below  ", 3}, {"A", "above", 4}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %#v, %v; want %#v", got, err, want)
	}
}

// TestParseGrowth: thirty doublings are an error, not 8 GiB.
func TestParseGrowth(t *testing.T) {
	src := "A=0123456789\n" + strings.Repeat("A=$A$A\n", 30)
	_, err := parse(src, nil)
	if want := ".env:20: A: " + tooLong; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestReadErrors(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("it has words of its own")
	}
	dir := t.TempDir()
	large := filepath.Join(dir, "large")
	if err := os.WriteFile(large, make([]byte, maxFile+1), 0o600); err != nil {
		t.Fatal(err)
	}
	locked := filepath.Join(dir, "locked")
	if err := os.WriteFile(locked, nil, 0); err != nil {
		t.Fatal(err)
	}
	tests := map[string]string{
		dir:                         "is a directory",
		large:                       "larger than 1 MiB, so not an env file",
		filepath.Join(dir, "none"):  "no such file or directory",
		filepath.Join(large, "env"): "not a directory",
	}
	if os.Getuid() != 0 {
		tests[locked] = "permission denied"
	}
	for path, why := range tests {
		_, err := Load(Options{Files: []string{path}})
		if want := fmt.Sprintf("cannot read %s: %s", path, why); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
