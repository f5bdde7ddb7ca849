package watch

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Lines of .gitignore files, and paths to try them on, made of what is special to git.
var (
	ignoreAtoms = []string{"a", "b", "ab", "*", "?", "**", "/", "/", "!", "#", " ", `\ `, `\#`, `\!`, `\*`, `\`, "[ab]", "[!a]", "[^a]", "[a-c]", "[", "]", "[]a]", "[[:alpha:]]", "{a,b}", "{", ".", "**/", "/**", "*a", "a*", "[a\\]b]", "\t", "\r", `\\`, "***", "a**b", "./", "[[:digit:]x]", "[a-]", "[-a]", "[b-a]", "[[.a.]]", "ä", "\xff", "[ä]", "[[:foo:]]", "[!/]", "[a/b]", "[\\a-c]", "[!]a]", "b/", "a/", "/*", "!a", "!*/", "!b/**", "}", ","}
	pathAtoms   = []string{"a", "b", "ab", "abc", "c", " ", "a ", "#", "!", "*", "{a,b}", "[", "]", ".", "-", "ä", "{"}
)

func randomLine(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(5) {
		b.WriteString(ignoreAtoms[r.IntN(len(ignoreAtoms))])
	}
	return b.String()
}

func randomPath(r *rand.Rand) string {
	var elements []string
	for range 1 + r.IntN(3) {
		var b strings.Builder
		for range 1 + r.IntN(2) {
			b.WriteString(pathAtoms[r.IntN(len(pathAtoms))])
		}
		if name := b.String(); name != "." && name != ".." {
			elements = append(elements, name)
		}
	}
	if len(elements) == 0 {
		return "a"
	}
	return strings.Join(elements, "/")
}

// TestIgnoresLikeGit compares the rules with what git check-ignore says.
func TestIgnoresLikeGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git to compare with")
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("GIT_CONFIG_GLOBAL", filepath.Join(home, ".gitconfig"))
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	write(t, filepath.Join(home, ".gitconfig"), "[user]\n\texcludesFile = none\n[core]\n\texcludesFile = ~/ignored\n")
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 11))
		root := t.TempDir()
		if out, err := exec.Command("git", "-C", root, "init", "-q").CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		files := map[string]bool{}
		for range 150 {
			file := randomPath(r)
			if os.MkdirAll(filepath.Join(root, filepath.Dir(file)), 0o777) == nil && os.WriteFile(filepath.Join(root, file), nil, 0o666) == nil {
				files[file] = true
			}
		}
		var top, below []string
		for range 8 {
			top, below = append(top, randomLine(r)), append(below, randomLine(r))
		}
		write(t, filepath.Join(root, ignoreFile), strings.Join(top, "\n"))
		if info, err := os.Stat(filepath.Join(root, "a")); err == nil && info.IsDir() {
			write(t, filepath.Join(root, "a", ignoreFile), strings.Join(below, "\r\n"))
		}
		write(t, filepath.Join(root, ".git", "info", "exclude"), randomLine(r)+"\n"+randomLine(r))
		write(t, filepath.Join(home, "ignored"), randomLine(r)+"\n"+randomLine(r))
		want := gitIgnores(t, root, files)
		all, err := Parse([]string{"**"})
		if err != nil {
			t.Fatal(err)
		}
		tree := newTree(root, []Set{{"x", all}})
		_ = tree.enter(".", tree.file)
		for file := range files {
			if slices.ContainsFunc(strings.Split(file, "/"), isScratch) {
				continue
			}
			d := tree.dirs[filepath.ToSlash(filepath.Dir(file))]
			if ignored := d == nil || !d.has(filepath.Base(file)); ignored != want[file] {
				t.Errorf("seed %d: %q is ignored: %v, git says %v\n%q\na: %q", seed, file, ignored, want[file], top, below)
			}
		}
	}
}

// TestExcludes has what git ignores for a whole repository, in a linked worktree of it, and below its top.
func TestExcludes(t *testing.T) {
	top := t.TempDir()
	t.Setenv("HOME", filepath.Join(top, "home"))
	t.Setenv("XDG_CONFIG_HOME", "")
	for file, text := range map[string]string{
		"main/.git/info/exclude": "private\n/tree/notes\n", "main/.git/worktrees/tree/commondir": "../..\n", "tree/.git": "gitdir: ../main/.git/worktrees/tree\n",
		"tree/app/private": "", "tree/app/a": "", "tree/app/b.tmp": "", "home/.config/git/ignore": "*.tmp", "tree/private": "", "tree/tree/notes": "", "tree/app/tree/notes": "",
	} {
		if err := os.MkdirAll(filepath.Join(top, filepath.Dir(file)), 0o777); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(top, file), text)
	}
	all, err := Parse([]string{"**"})
	if err != nil {
		t.Fatal(err)
	}
	for root, want := range map[string]string{"tree": "app/a app/tree/notes", "tree/app": "a tree/notes"} {
		tree := newTree(filepath.Join(top, root), []Set{{"x", all}})
		_ = tree.enter(".", tree.file)
		var found []string
		for dir, d := range tree.dirs {
			for name := range d.files {
				found = append(found, inside(dir)+name)
			}
		}
		slices.Sort(found)
		if got := strings.Join(found, " "); got != want {
			t.Errorf("in %s: %s, want %s", root, got, want)
		}
	}
}

// TestSkip leaves a directory out unless a pattern names it.
func TestSkip(t *testing.T) {
	root := t.TempDir()
	for _, dir := range []string{"log/below", "log2", "src/log"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for pattern, entered := range map[string]bool{"**": false, ".": false, "log/*": true} {
		patterns, err := Parse([]string{pattern, "log2", "src"})
		if err != nil {
			t.Fatal(err)
		}
		tree := Config{Root: root, Skip: "log", Sets: []Set{{"x", patterns}}}.newTree()
		_ = tree.enter(".", tree.file)
		if tree.dirs["log2"] == nil || tree.dirs["src/log"] == nil || (tree.dirs["log"] != nil) != entered {
			t.Errorf("%s: entered: %v", pattern, tree.dirs)
		}
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// gitIgnores asks git which of the files it ignores.
func gitIgnores(t *testing.T, root string, files map[string]bool) map[string]bool {
	t.Helper()
	var in bytes.Buffer
	for file := range files {
		fmt.Fprintf(&in, "./%s\x00", file)
	}
	c := exec.Command("git", "-C", root, "check-ignore", "-z", "--stdin")
	c.Stdin = &in
	out, _ := c.Output() // it exits with 1 if it ignores none
	ignored := map[string]bool{}
	for _, file := range strings.Split(string(out), "\x00") {
		ignored[strings.TrimPrefix(file, "./")] = true
	}
	return ignored
}
