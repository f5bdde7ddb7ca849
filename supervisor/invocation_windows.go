package supervisor

import (
	"cmp"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/windows"
)

// invocation is a command in the form in which CreateProcess takes it.
type invocation struct {
	program *uint16 // its path
	line    *uint16 // the command line, of which the program makes its arguments
	environ []uint16
	dir     *uint16
	wrapped bool // the program is cmd.exe
}

// invocation makes it. What is no program, such as a batch file, is for cmd.exe.
func (c *Command) invocation(program string) (l invocation, err error) {
	line := c.Line
	l.wrapped = line != ""
	if line == "" {
		if ext := strings.ToLower(filepath.Ext(program)); ext != ".exe" && ext != ".com" {
			if line, err = batchLine(program, c.Args[1:]); err != nil {
				return l, err
			}
			program, l.wrapped = Shell(), true
		} else {
			line = windows.ComposeCommandLine(c.Args)
		}
	}
	var errs [4]error
	l.program, errs[0] = windows.UTF16PtrFromString(program)
	l.line, errs[1] = windows.UTF16PtrFromString(line)
	l.dir, errs[2] = windows.UTF16PtrFromString(c.Dir)
	l.environ, errs[3] = environmentBlock(c.Env)
	return l, errors.Join(errs[:]...)
}

// Shell is the path of cmd.exe: Windows' own, whatever the environment says.
func Shell() string {
	dir, _ := windows.GetSystemDirectory()
	return filepath.Join(dir, "cmd.exe")
}

// ShellFlags are how reeve calls cmd.exe: without the AutoRun commands of the registry (/d), and so
// that it takes everything between the first quote and the last one for the command (/s).
const ShellFlags = "/d /s /c"

var errBatchLine = errors.New("a batch file cannot be given an argument of several lines")

// batchLine is the command line by which cmd.exe runs a batch file with some arguments, each of which
// arrives there as %1, %2 and so on, in quotes if it needs them. cmd.exe would take some characters
// outside of quotes for syntax, and %NAME% for a variable even inside.
func batchLine(program string, args []string) (string, error) {
	var b strings.Builder
	b.WriteString(`cmd.exe /e:on /v:off ` + ShellFlags + ` ""`)
	writeInert(&b, program)
	b.WriteByte('"')
	for _, arg := range args {
		if strings.ContainsAny(arg, "\r\n") {
			return "", errBatchLine
		}
		b.WriteByte(' ')
		writeBatchArg(&b, arg)
	}
	b.WriteByte('"')
	return b.String(), nil
}

// harmless are the characters that mean nothing to cmd.exe, to batch files and to programs that
// these call, apart from letters and digits.
const harmless = `#$*+-./:?@\_`

// writeBatchArg writes one argument. In quotes, a quote is two, which both cmd.exe and programs take
// for one that does not end them; to programs a backslash is special in front of quotes.
func writeBatchArg(b *strings.Builder, arg string) {
	quoted := arg == "" || strings.HasSuffix(arg, `\`) || strings.ContainsFunc(arg, func(r rune) bool {
		return !isAlphanumeric(r) && (r < 0x80 && !strings.ContainsRune(harmless, r) || r >= 0x80 && r < 0xa0)
	})
	if !quoted {
		b.WriteString(arg)
		return
	}
	b.WriteByte('"')
	for len(arg) > 0 {
		n := strings.IndexByte(arg, '"')
		text := arg[:max(n, 0)]
		if n < 0 {
			text = arg
		}
		writeInert(b, text)
		b.WriteString(text[len(strings.TrimRight(text, `\`)):]) // once more
		if n < 0 {
			break
		}
		b.WriteString(`""`)
		arg = arg[n+1:]
	}
	b.WriteByte('"')
}

func isAlphanumeric(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// writeInert writes a text in which no variable is expanded. Nothing escapes a % on a command line,
// but what is between two of them is not looked up if it is another, empty expansion: the first
// 0 characters of the current directory.
func writeInert(b *strings.Builder, text string) {
	b.WriteString(strings.ReplaceAll(text, "%", "%%cd:~,%"))
}

// environmentBlock is an environment as CreateProcess takes it: each key once, whatever its case, and
// the last one wins; sorted, as Windows itself sorts them; and with SystemRoot, without which many
// programs cannot even start.
func environmentBlock(environ []string) ([]uint16, error) {
	last := map[string]string{}
	for _, entry := range environ {
		key, _, ok := strings.Cut(entry, "=")
		if !ok || key == "" {
			continue
		}
		last[strings.ToUpper(key)] = entry
	}
	if _, ok := last["SYSTEMROOT"]; !ok {
		if dir, set := syscall.Getenv("SystemRoot"); set {
			last["SYSTEMROOT"] = "SystemRoot=" + dir
		}
	}
	keys := make([]string, 0, len(last))
	for key := range last {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, cmp.Compare[string])
	var block []uint16
	for _, key := range keys {
		entry, err := windows.UTF16FromString(last[key])
		if err != nil {
			return nil, errors.New("a variable of the environment has a NUL character: " + key)
		}
		block = append(block, entry...)
	}
	return append(block, 0, 0), nil
}
