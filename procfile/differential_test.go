//go:build unix

package procfile

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The promise of Argv is that nobody can tell whether a shell was there. These
// tests make commands up and compare what a direct execution would hand to the
// program with what real shells hand to it, byte for byte.

// script evaluates each of its arguments as a command of which the program is
// the function show. It prints the arguments of show, each with a NUL after it
// it, and then the variables that the command may have assigned. A function
// needs no exec, so thousands of commands take one process each and no more;
// TestDirectIsExecuted runs some for real.
const script = `
show() {
	for word_ do printf '%s\000' "$word_"; done
	printf 'A=%s\000B=%s\000c_1=%s\000\n\000' "${A-unset}" "${B-unset}" "${c_1-unset}"
}
for command_ do (eval "$command_"); done
`

var fragments = []string{
	// Words and what stands between them, often enough to make words at all.
	"a", "b", "show", "-x", "--opt=", "é", "日本", "\u00a0", "\u00c1\u00c8", "0", "x=y", "A", "/", ".", "a/b", "1", "n", "t",
	" ", " ", " ", " ", " ", " ", "  ", "\t", " \t ",
	// Quotes, whole and broken.
	"''", `""`, "'a b'", `"a b"`, "'", `"`, `'"'`, `"'"`, `'\n'`, `'$A'`, `"*"`, `"(;|&)"`, `'#'`, "'~'", `"{a,b}"`, `" "`, "'\t'",
	// Expansions.
	"$A", "${A}", `"$A"`, `"${A}"`, "$B", `"$B"`, "$c_1", "${c_1}", `"x$c_1"`, "$EMPTY", `"$EMPTY"`, "$UNSET", "${UNSET}",
	"$TWO", `"$TWO"`, "$AROUND", `"$AROUND"`, "$BLANK", `"$BLANK"`, "$NL", `"$NL"`, "$GLOB", `"$GLOB"`, "$BACK", `"$BACK"`,
	"$META", `"$META"`, "$ACCENT", `"$ACCENT"`, "$CR", `"$CR"`, "$BYTES", `"$BYTES"`, "$EQUALS", "$QUOTES", "$HIGH", `"$HIGH"`,
	// Assignments, and what looks like one.
	"A=", "B=", "c_1=", " A=1 ", "A=$B ", "=", "A+=", "1=",
	// Escapes.
	`\`, `\\`, `"\\"`, `"\""`, `"\$A"`, "\"\\`\"", `"\n"`, `"\t"`, `\ `, `\n`, `"\a"`,
	// Everything that means something to a shell.
	"#", "!", "~", "*", "?", "[a]", "{a,b}", "{", "}", "$", "$$", "$(", ")", "(", "`", ";", "&", "|", "<", ">", "^", "%", "@",
	"+", ",", ":", "$1", "${A:-b}", "$é", "$'a'", `"$"`, `"!"`, "\n", "\r", "\x01", "\x81", "\xff",
}

// generate makes a command up. Half of them call show in the plain way, so that
// enough of them are simple.
func generate(r *rand.Rand) string {
	var b strings.Builder
	if r.IntN(3) == 0 {
		b.WriteString([]string{"A=", "B=", "c_1="}[r.IntN(3)] + fragments[r.IntN(len(fragments))] + " ")
	}
	if r.IntN(4) != 0 {
		b.WriteString([]string{"show ", `"show" `, "sh'ow' "}[r.IntN(3)])
	}
	for range r.IntN(7) {
		b.WriteString(fragments[r.IntN(len(fragments))])
	}
	return b.String()
}

// variables are those of the other tests, as far as the program of these has
// them, and bytes that dash uses as marks inside.
func variables() map[string]string {
	set := make(map[string]string)
	for _, name := range []string{
		"A", "EMPTY", "TWO", "AROUND", "BLANK", "GLOB", "BACK", "CR", "BYTES", "NL", "QUOTES", "META", "ACCENT", "EQUALS",
	} {
		set[name] = vars[name]
	}
	set["c_1"], set["HIGH"] = "lower case", "\u00c1\u0181 \u00c2\u0088\u0087\u0085"
	return set
}

func environment(set map[string]string) []string {
	env := []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}
	for name, value := range set {
		env = append(env, name+"="+value)
	}
	return env
}

// shells returns the system's sh and, as that may be any of them elsewhere, the
// others that are here, each once and under the name sh, by which it knows its
// part.
func shells(t *testing.T) map[string]string {
	t.Helper()
	found := make(map[string]string)
	for _, name := range []string{shell, "bash", "dash", "busybox", "ksh", "mksh", "zsh", "yash"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if path, err = filepath.EvalSymlinks(path); err != nil {
			continue
		}
		link := filepath.Join(t.TempDir(), "sh")
		if err := os.Symlink(path, link); err == nil {
			found[path] = link
		}
	}
	if len(found) == 0 {
		t.Skip("no shell here")
	}
	return found
}

// TestDirectEqualsShell compares a few thousand commands, always the same ones;
// PROCFILE_TEST_COMMANDS asks for another number.
func TestDirectEqualsShell(t *testing.T) {
	set := variables()
	lookup := func(name string) (string, bool) { value, ok := set[name]; return value, ok }
	r := rand.New(rand.NewPCG(1, 2))
	enough := 2000
	if n, err := strconv.Atoi(os.Getenv("PROCFILE_TEST_COMMANDS")); err == nil {
		enough = n
	}
	var commands []string
	var want []string
	for len(commands) < enough {
		command := generate(r)
		if inv := Argv(command, lookup); !inv.Shell && inv.Args[0] == "show" {
			commands = append(commands, command)
			want = append(want, shown(inv, set))
		}
	}
	for name, path := range shells(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			compare(t, path, commands, want)
		})
	}
}

// shown is what the script prints for a direct execution.
func shown(inv Invocation, set map[string]string) string {
	var b strings.Builder
	for _, arg := range inv.Args[1:] {
		b.WriteString(arg + "\x00")
	}
	for _, name := range []string{"A", "B", "c_1"} {
		value, ok := set[name]
		if !ok {
			value = "unset"
		}
		for _, assign := range inv.Assign {
			if assigned, found := strings.CutPrefix(assign, name+"="); found {
				value = assigned
			}
		}
		b.WriteString(name + "=" + value + "\x00")
	}
	return b.String() + "\n\x00"
}

// compare runs the commands in batches: a shell that holds them all forks
// slowly.
func compare(t *testing.T, path string, commands, want []string) {
	t.Helper()
	const batch = 250
	for len(commands) > 0 {
		n := min(batch, len(commands))
		if run(t, path, commands[:n]) != strings.Join(want[:n], "") {
			explain(t, path, commands[:n], want[:n])
		}
		commands, want = commands[n:], want[n:]
	}
}

// explain finds the culprits of a batch, one at a time.
func explain(t *testing.T, path string, commands, want []string) {
	t.Helper()
	for i, command := range commands {
		if got := run(t, path, []string{command}); got != want[i] {
			t.Errorf("%q\nsh     %q\ndirect %q", command, got, want[i])
		}
	}
}

func run(t *testing.T, path string, commands []string) string {
	t.Helper()
	cmd := exec.Command(path, append([]string{"-c", script, "sh"}, commands...)...)
	cmd.Dir, cmd.Env = temptations(t), environment(variables())
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Logf("%s: %v %s", path, err, stderr.Bytes())
	}
	return string(out)
}

// temptations returns a directory with files that the globs of the fragments
// and of the variables match.
func temptations(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"a", "b", "ab", "x.go", "1"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// helperVariable makes the test binary print what it was started with.
const helperVariable = "PROCFILE_TEST_HELPER"

func TestMain(m *testing.M) {
	if os.Getenv(helperVariable) != "" {
		fmt.Printf("%q", os.Args[1:])
		for _, name := range []string{"A", "B", "c_1"} {
			value, ok := os.LookupEnv(name)
			fmt.Printf(" %s=%q,%v", name, value, ok)
		}
		return
	}
	os.Exit(m.Run())
}

// TestDirectIsExecuted runs commands as reeve does, once directly and once by
// the shell, with the program given in all the ways it can be.
func TestDirectIsExecuted(t *testing.T) {
	self, err := os.Executable()
	if _, missing := os.Stat(shell); missing != nil || err != nil {
		t.Skip("no shell here")
	}
	dir := t.TempDir()
	if err := os.Symlink(self, filepath.Join(dir, "show")); err != nil {
		t.Skip(err)
	}
	set := variables()
	set[helperVariable], set["DIR"], set["PATH"] = "1", dir, dir
	// The race detector lets a program sleep for a second before it exits.
	set["GORACE"] = "atexit_sleep_ms=0"
	lookup := func(name string) (string, bool) { value, ok := set[name]; return value, ok }
	r := rand.New(rand.NewPCG(3, 4))
	for tested := 0; tested < 60; {
		program := []string{"show", "$DIR/show", `"${DIR}/show"`, "PATH=$DIR show", "PATH=/nowhere:$DIR show"}[r.IntN(5)]
		command := strings.Replace(generate(r), "show", program, 1)
		inv := Argv(command, lookup)
		if inv.Shell || filepath.Base(inv.Args[0]) != "show" {
			continue
		}
		tested++
		direct := execute(t, inv, set, dir)
		byShell := execute(t, throughShell(command), set, dir)
		if direct != byShell {
			t.Errorf("%q\nsh     %s\ndirect %s", command, byShell, direct)
		}
	}
}

func execute(t *testing.T, inv Invocation, set map[string]string, dir string) string {
	t.Helper()
	path := inv.Args[0]
	if !strings.Contains(path, "/") {
		path = filepath.Join(dir, path)
	}
	cmd := &exec.Cmd{Path: path, Args: inv.Args}
	for name, value := range set {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.Env = append(cmd.Env, inv.Assign...)
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("%q: %v", inv.Args, err)
	}
	return string(out)
}

// TestShare keeps Argv from becoming safe by being useless.
func TestShare(t *testing.T) {
	set := variables()
	lookup := func(name string) (string, bool) { value, ok := set[name]; return value, ok }
	r := rand.New(rand.NewPCG(5, 6))
	direct := 0
	const commands = 20000
	for range commands {
		if !Argv(generate(r), lookup).Shell {
			direct++
		}
	}
	if direct < commands/10 {
		t.Errorf("%d of %d made-up commands are direct", direct, commands)
	}
}

// TestOptionLikeCommand pins the -- that throughShell adds.
func TestOptionLikeCommand(t *testing.T) {
	for name, path := range shells(t) {
		out, _ := exec.Command(path, throughShell("-x 2>/dev/null; echo ran").Args[1:]...).Output()
		if string(out) != "ran\n" {
			t.Errorf("%s: got %q", name, out)
		}
	}
}
