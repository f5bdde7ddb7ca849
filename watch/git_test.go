package watch

import (
	"os/exec"
	"sync"
	"testing"
	"time"
)

// What git does to many files is one change, however long it takes.
func TestGitIsOneChange(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git")
	}
	template := &scene{t: t, root: t.TempDir()}
	template.sh(`git init -q -b main; mkdir src
		for i in $(seq 300); do echo $i >src/$i; done; git add .; git commit -qm 1
		git checkout -qb other; for i in src/*; do echo other >>$i; done; git commit -qam 2
		git checkout -qb ten main; for i in 0 1 2 3 4 5 6 7 8 9; do echo $i >src/ten$i; git add .; git commit -qm ten$i; done
		git checkout -q main; echo m >src/main; git add .; git commit -qm main; git checkout -q ten; git gc -q`)
	var one sync.Mutex
	for name, script := range map[string]struct{ before, then string }{
		"switch":      {"true", "git switch -q other"},
		"stash":       {"for i in src/1*; do echo stash >$i; done", "git stash -q"},
		"stash pop":   {"for i in src/1*; do echo stash >$i; done; git stash -q", "git stash pop -q"},
		"rebase":      {"true", "git rebase -q main"},
		"merge":       {"true", "git merge -q -m m main"},
		"cherry-pick": {"git switch -q main", "git cherry-pick ten~9..ten >/dev/null"},
		"reset":       {"true", "git reset -q --hard main~1"},
	} {
		for mode, poll := range map[string]time.Duration{"events": 0, "polling": 20 * time.Millisecond} {
			t.Run(mode+"/"+name, func(t *testing.T) {
				t.Parallel()
				s := &scene{t: t, root: t.TempDir(), changes: make(chan Change, 100), said: make(chan string, 10)}
				func() {
					one.Lock() // git pauses for longer when many do it
					defer one.Unlock()
					s.sh("cp -a " + template.root + "/. .; " + script.before)
					s.watch(poll, "src")
					s.sh(script.then)
				}()
				if got := s.next(); len(got) == 0 {
					t.Error("told a change without files")
				}
				s.quiet()
			})
		}
	}
}

// While git holds the lock of the index, in a linked worktree too, nothing is told.
func TestGitLockHolds(t *testing.T) {
	for name, lock := range map[string]string{"checkout": ".git", "worktree": "../main/.git/worktrees/x"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := &scene{t: t, root: dir + "/x", changes: make(chan Change, 100), said: make(chan string, 10)}
			s.must(exec.Command("mkdir", "-p", s.root+"/"+lock, s.root+"/src").Run())
			if name == "worktree" {
				s.write(".git", "gitdir: "+dir+"/main/.git/worktrees/x\n")
			}
			s.watch(0, "src")
			s.write(lock+"/index.lock", "")
			s.write("src/a", "1")
			select {
			case c := <-s.changes:
				t.Errorf("told %v while git was at work", c)
			case <-time.After(3 * Quiet):
			}
			s.write("src/b", "1")
			s.sh("rm " + lock + "/index.lock")
			s.expect("src/a", "src/b")
		})
	}
}
