//go:build unix

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestScriptsAwait finds what depends on luck in the scripts: they must not look once for something in
// a file that a program in the background writes. What is not yet there they may look for.
func TestScriptsAwait(t *testing.T) {
	scripts, err := filepath.Glob(filepath.Join("..", "..", "testdata", "script", "*.txtar"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		for _, hasty := range hastyLooks(string(text)) {
			t.Errorf("%s:%d: %s may not be written yet: use await, or look when that program has ended", script, hasty.line, hasty.file)
		}
	}
}

func TestHastyLooks(t *testing.T) {
	for _, tt := range []struct {
		script string
		want   []hastyLook
	}{
		{"launch reeve start\nawait out up\ngrep up out\nended 0", []hastyLook{{3, "out"}}},
		{"launch reeve start\n[linux] cmp err want\nended 0", []hastyLook{{2, "err"}}},
		{"launch reeve start\nended 0\ngrep up out", nil},
		{"runs web reeve start\ngrep up out", nil},
		{"launch reeve start\n! grep up out\nsequence out a b\ngrep -count=1 up other\nended 0", nil},
		{"exec sh -c 'reeve wait >one 2>two; true' &\ngrep up one\nwait\ngrep up two", []hastyLook{{2, "one"}}},
		{"exec reeve logs &logs&\ngrep up one\nwait logs", nil},
		{"launch reeve start\n-- grep --\ngrep up out", nil},
	} {
		if got := hastyLooks(tt.script); !slices.Equal(got, tt.want) {
			t.Errorf("%q: %v, want %v", tt.script, got, tt.want)
		}
	}
}

// hastyLook is a line of a script that looks for something in a file that is still being written.
type hastyLook struct {
	line int
	file string
}

var (
	scriptConditions = regexp.MustCompile(`^(\[[^]]*\] *)+`)
	redirection      = regexp.MustCompile(`>(\w+(?:\.\w+)*)`)
)

func hastyLooks(script string) (hasty []hastyLook) {
	var launched, started []string // files that are being written
	n := 0
	for line := range strings.Lines(script) {
		n++
		if strings.HasPrefix(line, "-- ") {
			break
		}
		words := strings.Fields(scriptConditions.ReplaceAllString(line, ""))
		if len(words) == 0 {
			continue
		}
		switch words[0] {
		case "launch":
			launched = []string{"out", "err"}
		case "ended":
			launched = nil
		case "exec":
			if strings.HasPrefix(words[len(words)-1], "&") {
				for _, to := range redirection.FindAllStringSubmatch(line, -1) {
					started = append(started, to[1])
				}
			}
		case "wait":
			started = nil
		case "grep", "cmp", "cp":
			for _, file := range words[1:] {
				if slices.Contains(launched, file) || slices.Contains(started, file) {
					hasty = append(hasty, hastyLook{n, file})
				}
			}
		}
	}
	return hasty
}
