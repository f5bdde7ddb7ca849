package output

import (
	"bytes"
	"errors"
	"os"
	"runtime"
	"time"

	"reeve/output/logdir"
)

// The side of [Files] that writes.

// run writes the files in a thread of its own. A thread that waits for a disk may take no signals, so it must not
// be the first one, to which the kernel delivers the program's signals.
func (f *Files) run() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if here() == os.Getpid() {
		go f.run()
		<-f.done
		return
	}
	f.writeAll()
}

func (f *Files) writeAll() {
	defer close(f.done)
	for {
		<-f.news
		l, over := f.take()
		f.play(l)
		if over {
			break
		}
		select { // more is likely to arrive
		case <-f.hurry:
		case <-time.After(followRest):
			if cap(f.spare.text) > filesHurry {
				f.spare = &load{} // the flood that needed so much is over
			}
		}
	}
	for _, o := range f.files {
		o.again = time.Time{}
		f.flush(o)
		f.sayMissing(o)
		o.Close()
	}
	f.Dir.Close()
}

// take takes what has been handed over.
func (f *Files) take() (l *load, over bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	l, f.next = f.next, f.spare
	f.stalled = false
	ring(f.taken)
	return l, f.over
}

// giveBack makes room for what will be handed over after the present load.
func (f *Files) giveBack(l *load) {
	clear(l.filings)
	l.filings, l.text = l.filings[:0], l.text[:0]
	f.spare = l
}

// play writes what has been taken.
func (f *Files) play(l *load) {
	text := l.text
	for _, what := range l.filings {
		if !what.time.Equal(f.now) {
			f.now = what.time
			f.Format.tick(f.now)
		}
		f.file(what, text[:what.size])
		text = text[what.size:]
	}
	for name, o := range f.files {
		if f.flush(o); o.streams == 0 && o.missing == 0 {
			o.Close()
			delete(f.files, name)
		}
	}
	f.giveBack(l)
}

// file puts one thing into its file's batch.
func (f *Files) file(what filing, text []byte) {
	if what.of == nil {
		o := f.of(Label{Name: System})
		o.buf = f.Format.notice(o.buf, *what.notice)
		return
	}
	s := &what.of.stream
	o := f.of(s.Label)
	if what.begins {
		o.streams++
		f.touch(o)
	}
	if what.lost > 0 {
		f.flush(o)
		s.finished() // without the part of the line whose end is lost
		o.missing += what.lost
	}
	o.buf = f.Format.lines(o.buf, s, text)
	if what.breaks || what.ended {
		o.buf = f.Format.finish(o.buf, s)
	}
	if what.ended {
		o.streams--
	}
	if len(o.buf) >= filesHurry {
		f.flush(o)
	}
}

// of gives the file of an instance, or of reeve itself.
func (f *Files) of(l Label) *outFile {
	name := fileName(l)
	o := f.files[name]
	if o == nil {
		o = &outFile{logFile: f.open(name), label: l}
		f.files[name] = o
	}
	return o
}

// flush writes a file's batch.
func (f *Files) flush(o *outFile) {
	if len(o.buf) == 0 {
		return
	}
	if f.sayMissing(o) {
		f.append(o, o.buf)
	} else {
		o.missing += bytes.Count(o.buf, []byte{'\n'})
	}
	if o.buf = o.buf[:0]; cap(o.buf) > 2*filesHurry {
		o.buf = nil
	}
}

// sayMissing says how many lines are missing before the next one, and reports whether something can be
// written.
func (f *Files) sayMissing(o *outFile) bool {
	n := o.missing
	switch {
	case time.Now().Before(o.again):
		return false
	case n == 0:
		return true
	}
	o.missing = 0
	if f.Unmarked || f.append(o, f.Format.notice(nil, missingLines(n, o.label))) {
		return true
	}
	o.missing = n
	return false
}

// append writes lines. Those that it cannot write are missing.
func (f *Files) append(o *outFile, lines []byte) (whole bool) {
	rest, err := o.Append(lines)
	if !f.fails(o, err) {
		return true
	}
	o.missing += bytes.Count(rest, []byte{'\n'})
	return false
}

// touch makes a file before there is anything in it.
func (f *Files) touch(o *outFile) {
	if !time.Now().Before(o.again) {
		f.fails(o, o.Touch())
	}
}

// fails reports whether an error keeps a file from being written. After a while that is tried again.
func (f *Files) fails(o *outFile, err error) bool {
	if err != nil {
		f.tell(err)
	}
	if err == nil || errors.Is(err, logdir.ErrVanished) {
		return false
	}
	o.again = time.Now().Add(retryAfter)
	return true
}
