package export

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"reeve/internal/asjson"
	"reeve/internal/pattern"
)

// functions are what templates can call.
func functions() map[string]any {
	return map[string]any{
		"shell":    shellWord,
		"argv":     func(args []string) string { return joined(args, shellWord) },
		"dotenv":   dotenv,
		"unit":     unitText,
		"unitword": unitWord,
		"yaml":     yamlText,
		"quoted":   quotedYAML,
		"hcl":      hclText,
		"json":     jsonText,
		"xml":      xmlText,
		"ini":      iniText,
		"iniword":  iniWord,
		"inienv":   IniEnv,
		"nulls":    func(s string) string { return strings.ReplaceAll(s, "\n", "\x00") },
		"dollars":  func(s string) string { return strings.ReplaceAll(s, "$", "$$") },
		"execline": execlineWord,
		"upstart":  upstartWord,
		"signal":   func(name string) string { return "SIG" + name },
		"seconds":  seconds,
		"millis":   func(d time.Duration) int64 { return d.Milliseconds() },
		"whole":    func(d time.Duration) int { return int((d + time.Second - 1) / time.Second) },
		"add":      func(a, b int) int { return a + b },
		"mul":      func(a, b int) int { return a * b },
		"dns":      dnsName,
		"join":     strings.Join,
		"setpriv":  setpriv,
		"chpst":    func(user string) string { return "chpst -u " + user },
		"s6user":   func(user string) string { return "s6-setuidgid " + user },
	}
}

func joined(words []string, quote func(string) string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = quote(word)
	}
	return strings.Join(quoted, " ")
}

// plainWord matches what every reader takes for one plain word.
var plainWord = pattern.New(`^[A-Za-z0-9_./:@+-][A-Za-z0-9_./:@+,=-]*$`)

// shellWord quotes for a POSIX shell.
func shellWord(s string) string {
	if plainWord.Get().MatchString(s) && !strings.Contains(s, "=") {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// dotenv is an assignment in double quotes, which a POSIX shell and systemd's
// EnvironmentFile= read alike: both know a backslash in front of these four, and take a
// newline as it stands.
func dotenv(v Variable) string {
	return v.Key + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`, "`", "\\`").Replace(v.Value) + `"`
}

// unitText is a text in a unit file in which systemd looks for %, its specifiers.
func unitText(s string) string { return strings.ReplaceAll(s, "%", "%%") }

// unitWord is a word of a command line in a unit file. Dollars are not touched: whoever
// means a plain one doubles it.
func unitWord(s string) string {
	if plainWord.Get().MatchString(s) {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(s) {
		switch {
		case c == '"', c == '\\':
			b.WriteString(`\` + string(c))
		case c == '%':
			b.WriteString("%%")
		case c < ' ', c == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String() + `"`
}

// plainYAML is what YAML takes for a string without quotes, apart from the words that
// some versions of it take for something else.
var (
	plainYAML = pattern.New(`^[A-Za-z/][A-Za-z0-9_./-]*$`)
	wordYAML  = pattern.New(`(?i)^(y|n|yes|no|on|off|true|false|null)$`)
)

// yamlText is a string in YAML, in double quotes where it needs some.
func yamlText(s string) string {
	if plainYAML.Get().MatchString(s) && !wordYAML.Get().MatchString(s) {
		return s
	}
	return quotedYAML(s)
}

// escapes are those that YAML and HCL have in common.
var escapes = map[rune]string{'"': `\"`, '\\': `\\`, '\n': `\n`, '\t': `\t`, '\r': `\r`}

// quotedYAML is a string in YAML in double quotes.
func quotedYAML(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case escapes[r] != "":
			b.WriteString(escapes[r])
		case r < ' ' || r >= 0x7f && r < 0xa0:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r == 0x2028 || r == 0x2029 || r >= 0xe000 && r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}

// hclText is a string in HCL. ${ and %{ would begin a template.
func hclText(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, r := range s {
		switch {
		case escapes[r] != "":
			b.WriteString(escapes[r])
		case (r == '$' || r == '%') && strings.HasPrefix(s[i+1:], "{"):
			b.WriteString(string(r) + string(r))
		case unicode.IsControl(r) || r >= 0xe000 && r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}

// xmlText is a text in XML.
func xmlText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;").Replace(s)
}

// iniText is a value in supervisord's configuration, which has % for its own.
func iniText(s string) string { return strings.ReplaceAll(s, "%", "%%") }

// iniWord is a word of a command line there. It is split as a shell would, but before
// that a ; or # after a blank begins a comment, even in quotes, and %(here)s is replaced,
// whatever comes before it.
func iniWord(s string) string {
	if plainWord.Get().MatchString(s) && !strings.Contains(s, "=") {
		return s
	}
	quoted := iniText("'" + strings.NewReplacer("'", `'\''`, ";", `'\;'`, "#", `'\#'`).Replace(s) + "'")
	return strings.ReplaceAll(quoted, "%(here)s", "%''(here)s")
}

// execlineWord is a word in a script of execline.
func execlineWord(s string) string {
	if plainWord.Get().MatchString(s) {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// jsonText is a string in JSON.
func jsonText(s string) string { return asjson.String(s) }

// upstartWord is a word in a job of upstart, which reads quotes and backslashes.
func upstartWord(s string) string {
	if plainWord.Get().MatchString(s) {
		return s
	}
	return execlineWord(s)
}

// seconds is a duration as a number of seconds, with as many decimals as it
// takes.
func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64)
}

// dnsName is the nearest label of DNS to a name.
func dnsName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, s)
	return strings.Trim(s, "-")
}

// The names and values that readers refuse.
var (
	shellName = pattern.New(`^[A-Za-z_][A-Za-z0-9_]*$`)
	readOnly  = pattern.New(`^(UID|EUID|PPID|SHELLOPTS|BASHOPTS|BASH_VERSINFO)$`)
)

// holdsShell reports what a shell cannot set.
func holdsShell(v Variable) error {
	switch {
	case !shellName.Get().MatchString(v.Key):
		return fmt.Errorf("shells do not allow such names")
	case readOnly.Get().MatchString(v.Key):
		return fmt.Errorf("bash does not allow it to be set")
	}
	return nil
}

// holdsText reports what a text file cannot hold.
func holdsText(v Variable) error {
	if !utf8.ValidString(v.Value) {
		return fmt.Errorf("it is not UTF-8")
	}
	return nil
}
