package output

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"reeve/output/logdir"
)

// disk has files in memory. It can be full, and it can stand still.
type disk struct {
	files   map[string]*bytes.Buffer
	room    int           // negative: it has plenty
	stands  chan struct{} // nil: it does not
	trouble []error
}

type diskFile struct {
	*disk
	text *bytes.Buffer
}

var errFull = errors.New("the disk is full")

func (f diskFile) Append(p []byte) (rest []byte, err error) {
	if f.stands != nil {
		<-f.stands
	}
	if f.room < 0 || len(p) <= f.room {
		f.text.Write(p)
		return nil, nil
	}
	n := bytes.LastIndexByte(p[:f.room], '\n') + 1
	f.text.Write(p[:n])
	f.room -= n
	return p[n:], errFull
}

func (f diskFile) Touch() error { return nil }
func (f diskFile) Close()       {}

// newFiles makes files on a disk.
func newFiles(d *disk, format Format) *Files {
	d.files = map[string]*bytes.Buffer{}
	f := &Files{FilesOptions: FilesOptions{
		Dir: &logdir.Dir{}, Format: format,
		Trouble: func(err error) { d.trouble = append(d.trouble, err) },
	}}
	f.open = func(name string) logFile {
		if d.files[name] == nil {
			d.files[name] = &bytes.Buffer{}
		}
		return diskFile{d, d.files[name]}
	}
	f.start()
	return f
}

// text is what a file has.
func (d *disk) text(name string) string {
	if d.files[name] == nil {
		return ""
	}
	return d.files[name].String()
}

// stream gives a stream of which there is a file: what writes to it, ends its line with "\x00", and ends it with "".
func (f *Files) stream(s Stream) func(text string) {
	of := f.begin(&s, time.Now())
	return func(text string) {
		switch text {
		case "":
			f.end(of, time.Now())
		case "\x00":
			f.finish(of, time.Now())
		default:
			if f.write(of, time.Now(), []byte(text)) {
				f.await()
			}
		}
	}
}

func web() Stream { return Stream{Label: Label{Name: "web.1", Type: "web"}, Pid: 7} }

var jsonTime = regexp.MustCompile(`"time":"[^"]*",`)

func TestFilesHaveLines(t *testing.T) {
	plain := func() Format { return NewText(TextOptions{Plain: true, Width: 6}) }
	terminal := web()
	terminal.Terminal = true
	long := strings.Repeat("x", maxLine)
	tests := []struct {
		format Format
		of     Stream
		writes []string
		want   string
	}{
		{plain(), web(), []string{"one\ntw", "o\nthr", "ee"}, "web.1  | one\nweb.1  | two\nweb.1  | three\n"},
		{plain(), web(), []string{"one", "\x00", "two\n"}, "web.1  | one\nweb.1  | two\n"},
		{plain(), web(), []string{"\x1b[31mred\x1b[0m, \x1b]8;;http://x\x1b\\a link\x1b]8;;\x1b\\ and \x1b[3", "4mblue\n\x1b[m"}, "web.1  | red, a link and blue\nweb.1  | \n"},
		{plain(), web(), []string{"caf\xc3\xa9 \xc2\xb0 \xff\r\n"}, "web.1  | caf\xc3\xa9 \xc2\xb0 \xff\r\n"},
		{plain(), terminal, []string{"one\r\n10%\r20%\r\n"}, "web.1  | one\nweb.1  | 10%\r20%\n"},
		{plain(), web(), []string{long, "y\n"}, "web.1  | " + long + "\nweb.1  + y\n"},
		{NewText(TextOptions{Plain: true, NoPrefix: true}), web(), []string{"\x1b[1mone\n"}, "one\n"},
		{NewPlainJSON(), web(), []string{"\x1b[31mred\x1b[0m\n{\"a\":1}\n"}, `{"process":"web.1","type":"web","pid":7,"message":"red"}` + "\n" + `{"process":"web.1","type":"web","pid":7,"message":{"a":1}}` + "\n"},
	}
	for _, test := range tests {
		d := &disk{room: -1}
		f := newFiles(d, test.format)
		write := f.stream(test.of)
		for _, text := range append(test.writes, "") {
			write(text)
		}
		if f.Close(time.Minute) {
			t.Error("it was late")
		}
		got := jsonTime.ReplaceAllString(d.text("web.1.log"), "")
		if got != test.want {
			t.Errorf("%q: got %q, want %q", test.writes, got, test.want)
		}
	}
}

func TestFilesHaveNotices(t *testing.T) {
	d := &disk{room: -1}
	f := newFiles(d, NewText(TextOptions{Plain: true}))
	f.notice(Notice{Label: Label{Name: "web.1"}, Text: "web.1 started"}, time.Now())
	f.Close(time.Minute)
	if got := d.text("system.log"); got != "system | web.1 started\n" || len(d.files) != 1 {
		t.Errorf("system.log has %q, and there are %d files", got, len(d.files))
	}
}

// numberedLines are lines, each with its number.
func numberedLines(from, to int) string {
	var b strings.Builder
	for n := from; n < to; n++ {
		fmt.Fprintf(&b, "line %d\n", n)
	}
	return b.String()
}

// checkGaps wants a file to have whole lines, in order, and to say how many are missing where. It gives
// how many there should have been, and how many are missing.
func checkGaps(t *testing.T, text string) (lines, missing int) {
	t.Helper()
	for line := range strings.Lines(text) {
		var n int
		if _, err := fmt.Sscanf(line, "system | %d lines of web.1 could not be written here\n", &n); err == nil {
			lines, missing = lines+n, missing+n
			continue
		}
		if want := fmt.Sprintf("web.1  | line %d\n", lines); line != want {
			t.Fatalf("got %q, want %q", line, want)
		}
		lines++
	}
	return lines, missing
}

// TestFullDisk wants what a disk has no room for to be missing as whole lines, which are counted where they are
// missing, and one word about it.
func TestFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{room: 1000}
		f := newFiles(d, NewText(TextOptions{Plain: true, Width: 6}))
		write := f.stream(web())
		for n := range 10 {
			write(numberedLines(n*100, n*100+99) + "lin")
			time.Sleep(2 * time.Second)
			write(fmt.Sprintf("e %d\n", n*100+99))
		}
		synctest.Wait()
		full := len(d.text("web.1.log"))
		d.room = -1
		time.Sleep(2 * time.Second)
		write(numberedLines(1000, 1010))
		write("")
		f.Close(time.Minute)
		lines, missing := checkGaps(t, d.text("web.1.log"))
		if lines != 1010 || missing == 0 || full > 1000 {
			t.Errorf("of %d lines %d are missing, and the full disk had %d bytes", lines, missing, full)
		}
		if !slices.Equal(d.trouble, []error{errFull}) {
			t.Errorf("it was said: %v", d.trouble)
		}
	})
}

// TestTroubleAgain wants what passes to be told again when it comes back much later, and only then.
func TestTroubleAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{room: 0}
		f := newFiles(d, NewText(TextOptions{Plain: true}))
		write := f.stream(web())
		for range 200 { // it is full for minutes
			write("one\n")
			time.Sleep(time.Second)
		}
		synctest.Wait()
		d.room = -1
		write("two\n")
		time.Sleep(2 * troubleFree)
		synctest.Wait()
		d.room = 0
		write("three\n")
		f.Close(time.Minute)
		if len(d.trouble) != 2 {
			t.Errorf("it was said: %v", d.trouble)
		}
	})
}

// TestDiskStands has a disk that takes nothing for minutes, and a process that writes on. Nobody waits for
// the disk, but at the beginning, and what is missing then is counted.
func TestDiskStands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{room: -1, stands: make(chan struct{})}
		f := newFiles(d, NewText(TextOptions{Plain: true, Width: 6}))
		write := f.stream(web())
		const lines = 500_000
		began := time.Now()
		for text := numberedLines(0, lines); len(text) > 0; {
			n := min(len(text), 1000)
			write(text[:n])
			text = text[n:]
		}
		if waited := time.Since(began); waited != filesWait {
			t.Errorf("it was waited for %v", waited)
		}
		if room := f.next.size(); room > filesRoom+readSize {
			t.Errorf("%d bytes wait to be written", room)
		}
		if !slices.Equal(d.trouble, []error{ErrSlow}) {
			t.Errorf("it was said: %v", d.trouble)
		}
		close(d.stands)
		time.Sleep(time.Second)
		write("torn")
		write("")
		write = f.stream(web())
		write(fmt.Sprintf("line %d\n", lines+1))
		write("")
		if f.Close(time.Minute) {
			t.Error("it was late")
		}
		text := strings.Replace(d.text("web.1.log"), "torn\n", fmt.Sprintf("line %d\n", lines), 1)
		if all, missing := checkGaps(t, text); all != lines+2 || missing == 0 {
			t.Errorf("of %d lines %d are missing", all, missing)
		}
	})
}

// TestDiskStandsAtTheEnd wants the end not to wait for long, and to be said once.
func TestDiskStandsAtTheEnd(t *testing.T) {
	for _, flood := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			d := &disk{room: -1, stands: make(chan struct{})}
			f := newFiles(d, NewText(TextOptions{Plain: true}))
			write := f.stream(web())
			write("one\n")
			for n := 0; flood && n < 2*filesRoom; n += readSize {
				write(strings.Repeat("x", readSize-1) + "\n")
			}
			write("unfinished")
			write("")
			began := time.Now()
			if late := f.Close(time.Second); late != !flood || time.Since(began) != time.Second {
				t.Errorf("flood: %v: late: %v, after %v", flood, late, time.Since(began))
			}
			close(d.stands)
			<-f.done
		})
	}
}

// TestLastLineLost wants a line to be counted also when its end never comes, or its beginning was there.
func TestLastLineLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{room: -1, stands: make(chan struct{})}
		f := newFiles(d, NewText(TextOptions{Plain: true, Width: 6}))
		write := f.stream(web())
		write("line 0\n")
		synctest.Wait() // that is taken
		filler := strings.Repeat("x", filesRoom)
		write(filler)
		write("the rest of that line\n") // 1 is missing
		write("the beginning of another")
		write("\x00") // and one more
		write("lost\nunfinished")
		write("") // and two
		close(d.stands)
		f.Close(time.Minute)
		if got, want := d.text("web.1.log"), "web.1  | line 0\nsystem | 4 lines of web.1 could not be written here\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}
