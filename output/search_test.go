package output

import (
	"regexp"
	"strings"
	"testing"
)

// searched is a search for a line with "ready" in it.
func (r *recorded) searched() *Search {
	return r.Search(regexp.MustCompile("ready"), func(l Label) bool { return l.Name != "worker" }, "exited")
}

func TestSearch(t *testing.T) {
	r := startRecord(1<<20, NewText(TextOptions{}))
	web := r.begin("web", 1)
	s := r.searched()
	wants := func(pid int, want string) {
		t.Helper()
		s.Look()
		for _, s := range []*Search{s, r.searched()} { // what was before the search counts as well
			s.Look()
			if line, ok := s.Found("web", pid); line != want || ok != (want != "") {
				t.Errorf("found %q, %v in run %d, want %q", line, ok, pid, want)
			}
		}
	}
	wants(1, "")
	r.brings(web, "starting\n\x1b[32mrea")
	wants(1, "")
	r.brings(web, "dy\x1b[0m on 5000\r\nready again\n")
	wants(1, "ready on 5000")
	wants(2, "")
	r.ends(web)
	wants(1, "ready on 5000")

	// Only the last run counts, and its first line is none of the one before.
	again := r.begin("web", 2)
	wants(1, "ready on 5000")
	r.brings(again, "rea")
	r.ends(again)
	wants(1, "")
	wants(2, "")
	r.brings(r.begin("web", 3), "dy\nI am ready?")
	wants(2, "")
	wants(3, "I am ready?")
	r.brings(r.begin("worker", 4), "ready\n")
	s.Look()
	if _, ok := s.Found("worker", 4); ok {
		t.Error("found where nobody looks")
	}
}

func TestSearchKnowsEnds(t *testing.T) {
	r := startRecord(1<<20, NewText(TextOptions{}))
	web := r.begin("web", 1)
	r.brings(web, "ready")
	s := r.searched()
	s.Look()
	if s.HasEnded("web", 1) {
		t.Error("it has not ended")
	}
	r.says(Notice{Label: web.Label, Pid: 1, Event: "exited"})
	r.says(Notice{Label: web.Label, Pid: 2, Event: "started"})
	s.Look()
	if !s.HasEnded("web", 1) || s.HasEnded("web", 2) {
		t.Error("it does not know which run has ended")
	}
}

// What is left of an overwritten tape is looked at, without the rest of its first line.
func TestSearchOfWhatIsOverwritten(t *testing.T) {
	r := startRecord(leastTape, NewText(TextOptions{}))
	web := r.begin("web", 1)
	r.brings(web, "not ")
	r.brings(web, strings.Repeat("x", 2*leastTape))
	r.brings(web, "ready\n")
	s := r.searched()
	s.Look()
	if line, ok := s.Found("web", 1); ok {
		t.Errorf("found %q, whose beginning is overwritten", line)
	}
	r.brings(web, "ready\n")
	s.Look()
	if line, ok := s.Found("web", 1); !ok || line != "ready" {
		t.Errorf("found %q, %v", line, ok)
	}
}

// Nothing is overwritten before it has been looked at, on no tape.
func TestSearchInAFlood(t *testing.T) {
	r := startRecord(leastTape, NewText(TextOptions{}))
	flood := strings.Repeat("x\n", 4*leastTape)
	web := r.begin("web", 1)
	r.brings(web, flood+"half of rea")
	s := r.searched()
	closed := r.searched()
	closed.Close()
	r.brings(web, "dy\n"+flood)
	db := r.begin("db", 2)
	r.brings(db, "ready, too\n"+flood)
	s.Look()
	if line, _ := s.Found("web", 1); line != "half of ready" {
		t.Errorf("found %q", line)
	}
	if line, _ := s.Found("db", 2); line != "ready, too" {
		t.Errorf("found %q of what came after the search had begun", line)
	}
	closed.Look()
	if line, ok := closed.Found("web", 1); ok {
		t.Errorf("found %q after its end", line)
	}
}

func TestSearchIsTold(t *testing.T) {
	r := startRecord(1<<20, NewText(TextOptions{}))
	s := r.searched()
	news := s.Look()
	select {
	case <-news:
		t.Error("told of nothing")
	default:
	}
	r.brings(r.begin("web", 1), "ready\n")
	<-news
	s.Look()
	if _, ok := s.Found("web", 1); !ok {
		t.Error("not found")
	}
}
