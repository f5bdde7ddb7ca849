package variables

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"reeve/cmd/reeve/internal/app"
	"reeve/env"
	"reeve/internal/asjson"
	"reeve/internal/pattern"
)

// textOf is the form for people.
func textOf(vars []Variable, withValues bool) string {
	width := 0
	for _, v := range vars {
		width = max(width, len(v.Key))
	}
	var b strings.Builder
	for _, v := range vars {
		fmt.Fprintf(&b, "%-*s  ", width, v.Key)
		if withValues {
			fmt.Fprintf(&b, "= %q  ", v.Value)
		}
		b.WriteString("from " + v.Source)
		if len(v.losers) > 0 {
			b.WriteString(", not " + strings.Join(v.losers, ", "))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// jsonOf is one object. JSON holds text only.
func (s *skipped) jsonOf(vars []Variable) string {
	values := map[string]string{}
	for _, v := range vars {
		if !utf8.ValidString(v.Key) || !utf8.ValidString(v.Value) {
			s.skip(v.Key, "json", "it is not UTF-8")
			continue
		}
		values[v.Key] = v.Value
	}
	return asjson.Indented(values)
}

// The keys that the readers of the other formats understand, and those that bash lets
// nobody set.
var (
	dotenvKey = pattern.New(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)
	readOnly  = pattern.New(`^(UID|EUID|PPID|SHELLOPTS|BASHOPTS|BASH_VERSINFO)$`)
)

// shellOf is a script.
func (s *skipped) shellOf(vars []Variable) string {
	var b strings.Builder
	for _, v := range vars {
		switch {
		case !app.ShellKey.Get().MatchString(v.Key):
			s.skip(v.Key, "shell", "shells do not allow such names")
		case readOnly.Get().MatchString(v.Key):
			s.skip(v.Key, "shell", "bash does not allow it to be set")
		default:
			b.WriteString(shellLine(v) + "\n")
		}
	}
	return b.String()
}

// shellLine is an assignment as every POSIX shell reads it.
func shellLine(v Variable) string {
	return "export " + v.Key + "='" + strings.ReplaceAll(v.Value, "'", `'\''`) + "'"
}

// dotenvOf is an env file.
func (s *skipped) dotenvOf(vars []Variable) string {
	var b strings.Builder
	for _, v := range vars {
		switch {
		case !dotenvKey.Get().MatchString(v.Key):
			s.skip(v.Key, "dotenv", "env files do not allow such names")
		case !utf8.ValidString(v.Value):
			s.skip(v.Key, "dotenv", "it is not UTF-8")
		default:
			b.WriteString(dotenvLine(v) + "\n")
		}
	}
	return b.String()
}

// plainValue matches values that every dotenv reader takes literally.
var plainValue = pattern.New(`^[A-Za-z0-9_./:@%+,-]*$`)

// dotenvLine is an assignment as reeve and, wherever there is a form for that, godotenv
// reads it. Single quotes are the safest, but cannot hold everything. godotenv takes a
// backslash in front of a closing quote for an escape, and every quote at the end for one
// that closes. A test asks it; importing it costs each start 0.08 ms for what it compiles.
func dotenvLine(v Variable) string {
	single := v.Key + "='" + v.Value + "'"
	double := v.Key + `="` + strings.NewReplacer(
		`\`, `\\`, `"`, `\"`, `$`, `\$`, "`", "\\`", "\n", `\n`, "\r", `\r`,
	).Replace(v.Value) + `"`
	bare := v.Key + "=" + v.Value
	switch {
	case plainValue.Get().MatchString(v.Value):
		return bare
	case !strings.ContainsAny(v.Value, "'\\\n\r"):
		return single
	}
	switch {
	case !strings.HasSuffix(v.Value, `\`) && !strings.HasSuffix(v.Value, `"`):
		return double
	case !strings.ContainsAny(v.Value, "'\r") && !strings.HasSuffix(v.Value, `\`) && isRead(single, v):
		return single
	case !strings.ContainsAny(v.Value, "\n\r") && !notBare.Get().MatchString(v.Value) && isRead(bare, v):
		return bare
	}
	return double
}

// notBare is in values that godotenv does not take as they stand: quotes and blanks around
// them, comments, and variables.
var notBare = pattern.New(`^['"\s]|\s$|\s#|\\\$|\$\(?\{?[A-Z0-9_]`)

// isRead reports whether reeve reads a variable in a form.
func isRead(form string, v Variable) bool {
	vars, err := env.Parse("", []byte(form), env.Scope{})
	return err == nil && len(vars) == 1 && vars[0].Value == v.Value
}
