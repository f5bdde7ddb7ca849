//go:build unix

package app

import (
	"slices"
	"strings"
	"testing"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/settings"
	"reeve/supervisor"
)

func TestShellReason(t *testing.T) {
	for said, want := range map[string]string{
		"/bin/sh: 1: Syntax error: Unterminated quoted string\n":                              "Unterminated quoted string",
		"sh: line 1: syntax error near unexpected token `fi'\nsh: line 1: `fi secret'\n":      "near unexpected token `fi'",
		"/bin/sh: line 2: syntax error: unexpected end of file\n":                             "unexpected end of file",
		"sh: syntax error: unterminated quoted string\n":                                      "unterminated quoted string",
		"/bin/sh: line 1: unexpected EOF while looking for matching `\"'\n/bin/sh: line 2: x": "unexpected EOF while looking for matching `\"'",
		"": "",
	} {
		if got := shellReason(said); got != want {
			t.Errorf("%q: got %q, want %q", said, got, want)
		}
	}
}

func TestLabel(t *testing.T) {
	long := "a234567890123456789012345678901234567890123456789012345678901234"
	for name, want := range map[string]bool{
		"web": true, "a": true, "0": true, "web-2": true, long[:63]: true,
		"Web": false, "a_b": false, "-a": false, "a-": false, long: false,
	} {
		if got := label.Get().MatchString(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestProgramFlawHidesValues: a program's name may come out of a variable.
func TestProgramFlawHidesValues(t *testing.T) {
	for written, want := range map[string]string{
		"$PROGRAM x":  programText(unnamed, "", supervisor.ErrNotFound),
		"hunter2/b x": programText("hunter2/b", "", supervisor.ErrNotFound),
	} {
		c := &supervisor.Command{Args: []string{"hunter2/b", "x"}, Dir: t.TempDir()}
		if got := ProgramFlaw(c, written); got != want {
			t.Errorf("%s: got %q, want %q", written, got, want)
		}
	}
}

// TestLostInShell warns where the shell of this system drops variables, and only of
// commands for which there is one.
func TestLostInShell(t *testing.T) {
	a := appWith(t, map[string]string{".env": "2FA=1\nA.B=2\nA=3\n", "Procfile": "direct: env\nshell: env | sort\n"})
	o := settings.Defaults()
	o.Root = a.Root
	a, err := Load(o, Request{})
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	if dropsNames() {
		want = 1
	}
	found := slices.DeleteFunc(a.commandProblems(), func(p diag.Problem) bool { return !strings.Contains(p.Message, "drops 2FA, A.B:") })
	if len(found) != want || want > 0 && found[0].Line != 2 {
		t.Errorf("%v", found)
	}
}
