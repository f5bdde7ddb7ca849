package watch

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// failWith has the watcher see an error of the system.
func (s *scene) failWith(err error) {
	s.t.Helper()
	s.watcher.system.Errors <- err
}

// After events have been lost everything counts as changed, once, and what they would have told of
// is watched.
func TestOverflow(t *testing.T) {
	s := open(t, 0, "src")
	s.failWith(fsnotify.ErrEventOverflow)
	if got := s.next(); len(got) != 1 || got[0] != "ALL" {
		t.Errorf("told %q", got)
	}
	s.write("src/a", "1")
	s.expect("src/a")
}

// Where the system runs out of watches, it is looked at everything, and said how to avoid that.
func TestOutOfWatches(t *testing.T) {
	for err, want := range map[error]string{
		syscall.ENOSPC:             "the system's limit of watches is used up (",
		noEvents{"/mnt/x", "9p"}:   "is on 9p, where the system does not report changes",
		fmt.Errorf("out of order"): "cannot watch them: out of order",
	} {
		s := &scene{t: t, root: t.TempDir(), changes: make(chan Change, 10), said: make(chan string, 10)}
		p, _ := Parse([]string{"src", marker})
		s.watcher = New(Config{Root: s.root, Sets: []Set{{"web", p}}, Changed: func(c Change) { s.changes <- c }, Say: func(text string) { s.said <- text }})
		s.watcher.fallBack(err)
		if got := <-s.said; !strings.Contains(got, want) {
			t.Errorf("said %q, want %q", got, want)
		}
		s.write("src/a", "1")
		for len(s.changes) == 0 {
			s.watcher.wake(time.Now())
			time.Sleep(time.Millisecond)
		}
		s.told("src/a")
	}
}

func (s *scene) told(want string) {
	s.t.Helper()
	if got := s.next(); len(got) != 1 || got[0] != want {
		s.t.Errorf("told %q, want %q", got, want)
	}
}

// The root may be taken away and put back, as by a fresh clone.
func TestRootIsReplaced(t *testing.T) {
	for mode, poll := range map[string]time.Duration{"events": 0, "used": 0, "polling": 20 * time.Millisecond} {
		for name, script := range map[string]string{
			"renamed":  "mkdir -p ../new/src; echo 22 >../new/src/a; mv $PWD ../old; mv ../new $PWD",
			"moved in": "cd ..; mkdir -p n/src; echo 22 >n/src/a; rm -rf x; mv n x",
			"removed":  "cd ..; rm -rf x; mkdir -p x/src; echo 22 >x/src/a",
			"by parts": "cd ..; rm -rf x; cd ..; rm -rf $OLDPWD; mkdir -p $OLDPWD/x/src; echo 22 >$OLDPWD/x/src/a",
		} {
			t.Run(mode+"/"+name, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				s := &scene{t: t, root: dir + "/y/x", changes: make(chan Change, 100), said: make(chan string, 10)}
				s.must(os.MkdirAll(s.root+"/src", 0o777))
				s.write("src/a", "1")
				s.watch(poll, "src")
				if mode == "used" { // as by a process that has it as its working directory
					f, err := os.Open(s.root)
					s.must(err)
					defer f.Close()
				}
				s.atOnce(script)
				s.expect("src/a")
				s.write("src/b", "1")
				s.expect("src/b")
			})
		}
	}
}

// The system says nothing when a directory goes that somebody has as a working directory. If it was
// empty for long, nothing else tells of that either.
func TestEmptyRootIsReplaced(t *testing.T) {
	t.Parallel()
	s := &scene{t: t, root: t.TempDir() + "/x", changes: make(chan Change, 100), said: make(chan string, 10)}
	s.write("src/a", "1")
	s.watch(0, "src")
	f, err := os.Open(s.root)
	s.must(err)
	defer f.Close()
	s.atOnce("rm -r src")
	s.told("src/a")
	s.atOnce("cd ..; rmdir x; mkdir -p x/src; echo 22 >x/src/a")
	s.expect("src/a")
}

// Each set is told of its own files, and asked for its own directories.
func TestSets(t *testing.T) {
	s := &scene{t: t, root: t.TempDir(), changes: make(chan Change, 100)}
	s.sh("mkdir -p app/a dist node_modules/x; echo dist >.gitignore; echo node_modules >>.gitignore; touch app/a/x.rb dist/x.js")
	var sets []Set
	for _, list := range []string{"app", "**", "dist/*.js"} {
		p, err := Parse(Split(list))
		s.must(err)
		sets = append(sets, Set{list, p})
	}
	counts, all := Counts(s.root, sets)
	if want := []Count{{3, 1}, {3, 2}, {2, 1}}; fmt.Sprint(counts) != fmt.Sprint(want) || all != (Count{4, 3}) {
		t.Errorf("counted %v, in all %v, want %v", counts, all, want)
	}
}
