//go:build unix

package output

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"reeve/output/logdir"
)

// withFiles makes files for a mux.
func withFiles(t *testing.T, d logdir.Dir, format Format) *Files {
	t.Helper()
	d.Path = filepath.Join(t.TempDir(), "log")
	check(t, d.Claim())
	return NewFiles(FilesOptions{
		Dir: &d, Format: format, Trouble: func(err error) { t.Errorf("trouble: %v", err) }, Wait: patience,
	})
}

// whole gives all that a file and its old ones have.
func (f *Files) whole(t *testing.T, name string) (text string, files int) {
	t.Helper()
	if f.Close(patience) {
		t.Error("it was late")
	}
	path := filepath.Join(f.Dir.Path, name)
	for k := f.Dir.Keep; k >= 0; k-- {
		old := path
		if k > 0 {
			old = fmt.Sprint(path, ".", k)
		}
		if p, err := os.ReadFile(old); err == nil {
			text, files = text+string(p), files+1
			if f.Dir.Size > 0 && len(p) > f.Dir.Size {
				t.Errorf("%s has %d bytes", old, len(p))
			}
		}
	}
	return text, files
}

// TestFilesKeepEveryLine counts lines in a flood over many rotations.
func TestFilesKeepEveryLine(t *testing.T) {
	const lines, size = 20000, 20000
	f := withFiles(t, logdir.Dir{Size: size, Keep: 1000}, NewText(TextOptions{Plain: true}))
	p := newMux(t, Options{Files: f})
	p.flood(lines)
	p.finish()
	for i := range 4 {
		name, next := fmt.Sprint("p", i), map[string]int{}
		text, files := f.whole(t, name+".log")
		for line := range strings.Lines(text) {
			checkNumbered(t, line, next)
		}
		if next[name] != lines || len(next) != 1 || files < len(text)/size {
			t.Errorf("%s has %d lines in %d files of %d bytes", name, next[name], files, len(text))
		}
	}
}

// TestFilesBesideTheLog wants them to have what the log has, and what is quiet.
func TestFilesBesideTheLog(t *testing.T) {
	f := withFiles(t, logdir.Dir{}, NewText(TextOptions{Plain: true}))
	p := newMux(t, Options{Files: f})
	s, w := pipeStream(t, "web")
	s.Quiet = true
	p.Open(s)
	writeTo(t, w, "\x1b[1mone\x1b[0m\ntwo")
	p.Ended([]*Stream{s}, Notice{Text: "web exited"})
	if got := p.finish(); got != "system | web exited\n" {
		t.Errorf("the log has %q", got)
	}
	if got, _ := f.whole(t, "web.log"); got != "web    | one\nweb    | two\n" {
		t.Errorf("web.log has %q", got)
	}
	if got, _ := f.whole(t, "system.log"); got != "system | web exited\n" {
		t.Errorf("system.log has %q", got)
	}
}

// TestWithout leaves lines out of the log and the files, and neither of the history nor of what waits for one.
func TestWithout(t *testing.T) {
	f := withFiles(t, logdir.Dir{}, NewText(TextOptions{Plain: true}))
	h := NewHistory(1 << 20)
	p := newMux(t, Options{Files: f, History: h, Without: []*regexp.Regexp{regexp.MustCompile("pid 7")}})
	found := make(chan struct{})
	s, w := pipeStream(t, "web")
	s.Without = []*regexp.Regexp{regexp.MustCompile("GET /(health|up)"), regexp.MustCompile("^DEBUG.*noise$")}
	s.Watch = &Watch{Line: regexp.MustCompile("^GET /up$"), Found: func() { close(found) }}
	p.say("web started with pid 7")
	p.Open(s)
	long := strings.Repeat("x", 3*readSize)
	for _, text := range []string{"GET /hea", "lth\nGET /x\nDEBUG \x1b[1mno", "ise\x1b[0m\r\nDEBUG noise!\nGET /up\n", long + "\n" + long + "GET /up\n", "GET /health"} {
		writeTo(t, w, text)
	}
	<-found
	p.Ended([]*Stream{s}, Notice{Text: "web exited"})
	want := "web    | GET /x\nweb    | DEBUG noise!\nweb    | " + long + "\n"
	if got := p.finish(); got != want+"system | web exited\n" {
		t.Errorf("the log has %.400q", got)
	}
	if got, _ := f.whole(t, "web.log"); got != want {
		t.Errorf("web.log has %.400q", got)
	}
	if got, _ := f.whole(t, "system.log"); got != "system | web exited\n" {
		t.Errorf("system.log has %q", got)
	}
	if got := historyText(t, h, Query{Lines: -1}); strings.Count(got, "GET /health") != 2 || !strings.Contains(got, "pid 7") {
		t.Errorf("the history has %.400q", got)
	}
}

// TestWithoutOnTerminal wants questions to be shown though it is not known yet whether the line is wanted.
func TestWithoutOnTerminal(t *testing.T) {
	p := newMux(t, Options{Terminal: true})
	s, w := pipeStream(t, "web")
	s.Without = []*regexp.Regexp{regexp.MustCompile("GET /health|bob")}
	p.Open(s)
	writeTo(t, w, "GET /health\nname? ")
	p.await("web    | name? ")
	writeTo(t, w, "bob\nbob\nGET /health")
	writeTo(t, w, "z")
	writeTo(t, w, "\nthere\n")
	p.await("there\n")
	if got := display([]byte(p.finish())).text(); len(got) < 2 || got[0] != "web    | name? bob" || got[1] != "web    | there" {
		t.Errorf("the screen has %q", got)
	}
}

func historyText(t *testing.T, h *History, q Query) string {
	t.Helper()
	var text strings.Builder
	check(t, h.Write(context.Background(), q, NewText(TextOptions{}), func(p []byte) error {
		text.Write(p)
		return nil
	}))
	return text.String()
}
