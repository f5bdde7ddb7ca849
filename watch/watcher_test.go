package watch

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Most tests wait for changes to settle, and for nothing else: many can do so at once.
func TestMain(m *testing.M) {
	flag.Parse()
	os.Setenv("GIT_CONFIG_GLOBAL", os.DevNull) // what the user of this machine ignores
	os.Setenv("XDG_CONFIG_HOME", os.DevNull)
	_ = flag.Set("test.parallel", "16")
	os.Exit(m.Run())
}

// A scene is a directory that a watcher watches. Its end is marked by a file of its own: what has
// been told until that is seen is all there was.
type scene struct {
	t       *testing.T
	root    string
	changes chan Change
	said    chan string
	watcher *Watcher
	lock    string
}

const marker = "zz-marker"

func open(t *testing.T, poll time.Duration, patterns ...string) *scene {
	t.Helper()
	return openAt(t, t.TempDir(), poll, patterns...)
}

func openAt(t *testing.T, root string, poll time.Duration, patterns ...string) *scene {
	t.Helper()
	s := &scene{t: t, root: root, changes: make(chan Change, 100), said: make(chan string, 10)}
	s.watch(poll, patterns...)
	return s
}

func (s *scene) watch(poll time.Duration, patterns ...string) {
	s.t.Helper()
	p, err := Parse(append(patterns, marker))
	if err != nil {
		s.t.Fatal(err)
	}
	s.watcher = New(Config{
		Root: s.root, Sets: []Set{{"web", p}}, Poll: poll,
		Changed: func(c Change) { s.changes <- c }, Say: func(text string) { s.said <- text },
	})
	if s.watcher.tree.repo.Git == "" {
		s.watcher.tree.repo.Git = s.t.TempDir()
	}
	s.lock = filepath.Join(s.watcher.tree.repo.Git, "index.lock")
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); s.watcher.Run(ctx) }()
	s.t.Cleanup(func() { cancel(); <-ended })
}

func (s *scene) path(name string) string { return filepath.Join(s.root, filepath.FromSlash(name)) }

// write makes a file in one step, of which the system tells once: on a busy machine what it tells of
// the rest of a change may come after the change was told.
func (s *scene) write(name, text string) {
	s.t.Helper()
	made := filepath.Join(s.t.TempDir(), "made")
	s.must(os.WriteFile(made, []byte(text), 0o666))
	s.must(os.MkdirAll(filepath.Dir(s.path(name)), 0o777))
	s.must(os.Rename(made, s.path(name)))
}

func (s *scene) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) sh(script string) {
	s.t.Helper()
	c := exec.Command("sh", "-ec", script)
	c.Dir = s.root
	c.Env = append(os.Environ(), "GIT_CONFIG_SYSTEM=/dev/null", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b",
		"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b", "GIT_EDITOR=true")
	if out, err := c.CombinedOutput(); err != nil {
		s.t.Fatalf("%s: %v\n%s", script, err, out)
	}
}

// atOnce runs a script that makes one change, however slowly: while git holds its lock nothing is told.
func (s *scene) atOnce(script string) {
	s.t.Helper()
	s.must(os.WriteFile(s.lock, nil, 0o666))
	s.sh(script)
	s.must(os.Remove(s.lock))
}

// told gives the changes that are told from now on: the files of each, or ALL.
func (s *scene) next() []string {
	s.t.Helper()
	select {
	case c := <-s.changes:
		if c.All {
			return []string{"ALL"}
		}
		var files []string
		for _, f := range c.Files {
			files = append(files, f.Path)
		}
		return files
	case <-time.After(time.Minute):
		s.t.Fatal("no change was told")
		return nil
	}
}

// quiet checks that nothing has changed but what has been told.
func (s *scene) quiet() {
	s.t.Helper()
	s.write(marker, fmt.Sprint(time.Now()))
	if got := s.next(); !slices.Equal(got, []string{marker}) {
		s.t.Errorf("told %q besides", got)
	}
}

// expect checks that one change is told, of these files in any order.
func (s *scene) expect(want ...string) {
	s.t.Helper()
	got := s.next()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		s.t.Errorf("told %q, want %q", got, want)
	}
	s.quiet()
}

// The ways in which files change, and what of it is told. Every one is tried with events and
// without.
var ways = []struct {
	name     string
	patterns []string
	before   string // script
	then     string
	want     []string // nil: no change
}{
	{"write", []string{"src"}, "mkdir src; echo 1 >src/a", "echo 22 >src/a", []string{"src/a"}},
	{"append", []string{"src"}, "mkdir src; echo 1 >src/a", "echo 2 >>src/a", []string{"src/a"}},
	{"create", []string{"src"}, "mkdir src", "echo >src/a", []string{"src/a"}},
	{"remove", []string{"src"}, "mkdir src; echo >src/a", "rm src/a", []string{"src/a"}},
	{"rename", []string{"src"}, "mkdir src; echo >src/a", "mv src/a src/b", []string{"src/a", "src/b"}},
	{"touch", []string{"tmp/restart.txt"}, "mkdir tmp; echo '*' >tmp/.gitignore; touch -d 2001-01-01 tmp/restart.txt", "touch tmp/restart.txt", []string{"tmp/restart.txt"}},
	{"sed -i", []string{"src/*.rb"}, "mkdir src; echo a >src/a.rb", "sed -i s/a/b/ src/a.rb", []string{"src/a.rb"}},
	{"sed -i in a directory", []string{"src"}, "mkdir src; echo a >src/a.rb", "sed -i s/a/b/ src/a.rb", []string{"src/a.rb"}},
	{"vim", []string{"src"}, "mkdir src; echo a >src/a", "echo x >src/4913; rm src/4913; echo s >src/.a.swp; mv src/a src/a~; echo b >src/a; rm src/a~ src/.a.swp", []string{"src/a"}},
	{"safe write", []string{"src"}, "mkdir src; echo a >src/a", "echo b >src/a___jb_tmp___; mv src/a src/a___jb_old___; mv src/a___jb_tmp___ src/a; rm src/a___jb_old___", []string{"src/a"}},
	{"truncate and write", []string{"src"}, "mkdir src; echo a >src/a", ": >src/a; echo b >src/a", []string{"src/a"}},
	{"write twice", []string{"src"}, "mkdir src; echo a >src/a", "echo b >src/a; echo cc >src/a", []string{"src/a"}},
	{"read, list, chmod", []string{"src"}, "mkdir src; echo a >src/a", "cat src/a; ls -lR src; chmod 600 src/a; chmod 700 src", nil},
	{"come and go", []string{"src"}, "mkdir src; echo a >src/a", "echo b >src/b; rm src/b; mkdir src/c; rmdir src/c", nil},
	{"other files", []string{"src/*.rb"}, "mkdir src", "echo b >src/b.txt; echo x >other; mkdir -p x/src; echo >x/src/a.rb", nil},
	{"taken out", []string{"src/**/*.rb", "!**/*_test.rb"}, "mkdir src; echo a >src/a_test.rb", "echo bb >src/a_test.rb", nil},
	{"ignored", []string{"**"}, "echo node_modules >.gitignore; mkdir -p node_modules/x src; echo >node_modules/x/a", "echo bb >node_modules/x/a; mkdir node_modules/y; echo >node_modules/y/a", nil},
	{"ignored but named", []string{"dist/*.js"}, "echo /dist/ >.gitignore; mkdir dist; echo >dist/a.js", "echo bb >dist/a.js", []string{"dist/a.js"}},
	{"metadata", []string{"**"}, "mkdir -p .git/refs", "echo >.git/index; echo >.git/refs/a", nil},
	{"deep and new", []string{"src"}, "mkdir src", "mkdir -p src/a/b/c; echo >src/a/b/c/d", []string{"src/a/b/c/d"}},
	{"new altogether", []string{"src/*/c/*.go"}, "true", "mkdir -p src/b/c; echo >src/b/c/d.go", []string{"src/b/c/d.go"}},
	{"replace a directory", []string{"src"}, "mkdir -p src/a; echo 1 >src/a/b", "rm -rf src; mkdir -p src/a; echo 22 >src/a/b", []string{"src/a/b"}},
	{"remove a directory", []string{"src"}, "mkdir -p src/a; echo 1 >src/a/b; echo 1 >src/c", "rm -rf src", []string{"src/a/b", "src/c"}},
	{"rename a directory", []string{"src"}, "mkdir -p src/a/x; echo 1 >src/a/x/b", "mv src/a src/z; echo 22 >src/z/x/b", []string{"src/a/x/b", "src/z/x/b"}},
	{"move in", []string{"src"}, "mkdir -p src out/a/x; echo 1 >out/a/x/b", "mv out/a src/a", []string{"src/a/x/b"}},
	{"move out", []string{"src"}, "mkdir -p out src/a/x; echo 1 >src/a/x/b", "mv src/a out/a; echo 2 >out/a/x/b", []string{"src/a/x/b"}},
	{"file to directory", []string{"src"}, "mkdir src; echo >src/a", "rm src/a; mkdir src/a; echo >src/a/b", []string{"src/a", "src/a/b"}},
	{"symbolic link to a directory", []string{"app"}, "mkdir -p real/x; echo >real/x/a; ln -s real app", "echo bb >real/x/a", []string{"app/x/a"}},
	{"both ways to a directory", []string{"app", "real"}, "mkdir -p real/x; echo >real/x/a; ln -s real app", "echo bb >app/x/a", []string{"app/x/a", "real/x/a"}},
	{"symbolic link to a file", []string{"c.yml"}, "echo a >a.yml; echo bb >b.yml; ln -s a.yml c.yml", "ln -sf b.yml c.yml", []string{"c.yml"}},
	{"what a link points to", []string{"c.yml"}, "echo a >a.yml; ln -s a.yml c.yml", "echo bbb >a.yml", []string{"c.yml"}},
	{"mounted configuration", []string{"c"}, "mkdir -p c/v1 c/v2; echo 1 >c/v1/f; echo 22 >c/v2/f; ln -s v1 c/..data; ln -s ..data/f c/f", "ln -s v2 c/..tmp; mv -T c/..tmp c/..data", []string{"c/..data/f", "c/f"}},
	{"link in a circle", []string{"src"}, "mkdir -p src/a; ln -s .. src/a/up; echo >src/a/b", "echo bb >src/a/b", []string{"src/a/b"}},
	{"rules change", []string{"**/*.log"}, "mkdir log; echo log >.gitignore; echo >log/a.log", "echo x >.gitignore", nil},
	{"many", []string{"src"}, "mkdir src", "for i in 1 2 3 4 5; do mkdir src/$i; echo >src/$i/a; done", []string{"src/1/a", "src/2/a", "src/3/a", "src/4/a", "src/5/a"}},
	{"another worktree", []string{"**/*.rb"}, "mkdir -p trees/x; echo 'gitdir: /r/.git/worktrees/x' >trees/x/.git", "echo >trees/x/a.rb", nil},
	{"a submodule with a misleading name", []string{"**/*.rb"}, "mkdir -p sub .git/modules/worktrees/x/objects; echo 'gitdir: ../.git/modules/worktrees/x' >sub/.git", "echo >sub/a.rb", []string{"sub/a.rb"}},
	{"a submodule", []string{"**/*.rb"}, "mkdir -p sub; echo 'gitdir: ../.git/modules/x' >sub/.git", "echo >sub/a.rb", []string{"sub/a.rb"}},
	{"strange names", []string{"src"}, "mkdir src", `echo >'src/a b*[c]{d}!'`, []string{"src/a b*[c]{d}!"}},
}

func TestWays(t *testing.T) {
	for mode, poll := range map[string]time.Duration{"events": 0, "polling": 20 * time.Millisecond} {
		for _, way := range ways {
			t.Run(mode+"/"+strings.ReplaceAll(way.name, " ", "-"), func(t *testing.T) {
				t.Parallel()
				s := &scene{t: t, root: t.TempDir(), changes: make(chan Change, 100), said: make(chan string, 10)}
				s.sh(way.before)
				s.watch(poll, way.patterns...)
				s.atOnce(way.then)
				if way.want == nil {
					s.quiet()
					return
				}
				s.expect(way.want...)
			})
		}
	}
}
