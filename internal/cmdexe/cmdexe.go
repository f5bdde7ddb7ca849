// Package cmdexe knows how cmd.exe, the shell of Windows, reads the command lines that it is given.
//
// It reads a line in two passes. First it replaces every %NAME% by the value of the variable, if there
// is one, even in quotes. Then it interprets special characters outside of quotes; every double quote
// begins or ends a quoted part, whatever is in front of it. The rest goes to the program unchanged, and
// the program splits it into arguments by rules of its own.
package cmdexe

import (
	"errors"
	"strings"
)

// flags are how cmd.exe is called: without the AutoRun commands of the registry (/d), with its
// extensions (/e:on) and without the expansion of !NAME! (/v:off), whatever the registry says, and so
// that everything between the first quote and the last one is the command (/s).
const flags = "cmd.exe /d /e:on /v:off /s /c "

// Line is the command line with which cmd.exe runs a command.
func Line(command string) string { return flags + `"` + command + `"` }

// With adds arguments to a command line that [Line] has made.
func With(line string, args []string) (string, error) {
	more, err := quoted(args)
	return strings.TrimSuffix(line, `"`) + more + `"`, err
}

var errSeveralLines = errors.New("cmd.exe cannot pass an argument of several lines")

// Batch is the command line with which cmd.exe runs a batch file, or anything else that is not a program,
// with some arguments. In a batch file each is %1, %2 and so on, in quotes if it needs them.
func Batch(path string, args []string) (string, error) {
	more, err := quoted(args)
	return Line(`"` + Inert(path) + `"` + more), err
}

func quoted(args []string) (string, error) {
	var b strings.Builder
	for _, arg := range args {
		if strings.ContainsAny(arg, "\r\n\x00") {
			return "", errSeveralLines
		}
		b.WriteByte(' ')
		writeArg(&b, arg)
	}
	return b.String(), nil
}

// harmless are the characters that mean nothing to cmd.exe, to batch files and to the programs that
// these call, apart from letters and digits.
const harmless = `#$*+-./:?@\_`

// writeArg writes an argument that remains one argument everywhere: in cmd.exe, in a batch file that
// passes on its %*, and in the program that finally gets it. In quotes, two of them stand for one that does not
// end them, for cmd.exe as for programs; to these a backslash is special in front of a quote.
func writeArg(b *strings.Builder, arg string) {
	if arg != "" && !strings.HasSuffix(arg, `\`) && !strings.ContainsFunc(arg, isSpecial) {
		b.WriteString(arg)
		return
	}
	b.WriteByte('"')
	for i, text := range strings.Split(arg, `"`) {
		if i > 0 {
			b.WriteString(`""`)
		}
		b.WriteString(Inert(text))
		b.WriteString(text[len(strings.TrimRight(text, `\`)):]) // once more, in front of a quote
	}
	b.WriteByte('"')
}

func isSpecial(r rune) bool {
	switch {
	case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= 0xa0:
		return false
	}
	return !strings.ContainsRune(harmless, r)
}

// Inert is a text in which cmd.exe finds no variable. Nothing escapes a %, but it looks for no name
// in what comes after another expansion: that of no characters of the current directory.
func Inert(text string) string { return strings.ReplaceAll(text, "%", "%%cd:~,%") }

// Escaped is a text that means itself outside of quotes.
func Escaped(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune(`&|<>()^"`, r) {
			b.WriteByte('^')
		}
		b.WriteRune(r)
	}
	return Inert(b.String())
}

// IsCommand reports whether only cmd.exe can run a line: it has an operator or a variable, or is in
// parentheses.
func IsCommand(line string) bool {
	if strings.IndexAny(line, "(@:") == 0 {
		return true
	}
	open := false
	for i := range len(line) {
		switch c := line[i]; {
		case c == '"':
			open = !open
		case !open && strings.IndexByte("&|<>^", c) >= 0, c == '\n', c == '\r':
			return true
		case c == '%' && hasVariable(line[i:]):
			return true
		}
	}
	return false
}

// hasVariable reports whether a text begins with %NAME%.
func hasVariable(text string) bool {
	end := strings.IndexByte(text[1:], '%')
	return end > 0
}

// builtins are the commands of cmd.exe itself, and cmd.exe, which has rules of its own for what comes
// after /c.
const builtins = " assoc break call cd chdir cls cmd cmd.exe color copy date del dir dpath echo endlocal erase exit" +
	" for ftype goto if keys md mkdir mklink move path pause popd prompt pushd rd rem ren rename rmdir" +
	" set setlocal shift start time title type ver verify vol "

// IsBuiltin reports whether the first word of a line is one of the commands of cmd.exe itself.
func IsBuiltin(word string) bool {
	name := strings.ToLower(word)
	if i := strings.IndexAny(name, `\/:,;=+.`); i > 0 && name != "cmd.exe" {
		// "cd..", "cd\" and "echo." are these commands, but "date.exe" is none.
		switch name[:i] {
		case "cd", "chdir", "echo":
			name = name[:i]
		}
	}
	return name != "" && strings.Contains(builtins, " "+name+" ")
}
