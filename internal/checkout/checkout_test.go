package checkout

import (
	"os"
	"path/filepath"
	"testing"
)

// TestWorktree has the layouts that git makes, and what looks like them.
func TestWorktree(t *testing.T) {
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	write := func(path, text string) {
		t.Helper()
		path = filepath.Join(top, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	gitdir := func(path string) string { return "gitdir: " + filepath.Join(top, path) + "\n" }
	link := func(target, path string) {
		t.Helper()
		if err := os.Symlink(target, filepath.Join(top, path)); err != nil {
			t.Skip(err)
		}
	}

	write("plain/src/file", "")
	write("main/.git/HEAD", "")
	write("main/.git/worktrees/feat/commondir", "../..\n")
	write("main/apps/web/Procfile", "")
	write("feat/.git", gitdir("main/.git/worktrees/feat"))
	write("feat/apps/web/Procfile", "")
	write("main/.trees/inner/.git", "gitdir: ../../.git/worktrees/inner")
	write("crlf/.git", "gitdir:"+filepath.Join(top, "main/.git/worktrees/crlf")+"\r\n")
	write("bare/.git", gitdir("shop.git/worktrees/bare"))
	write("elsewhere/.git", "gitdir: /not/mounted/here/.git/worktrees/x\n")

	write("main/sub/.git", "gitdir: ../.git/modules/sub\n")
	write("feat/sub/.git", gitdir("main/.git/worktrees/feat/modules/sub"))
	write("subtree/.git", gitdir("main/.git/modules/sub/worktrees/subtree"))
	write("main/.git/modules/worktrees/odd/objects/info/x", "")
	write("main/odd/.git", gitdir("main/.git/modules/worktrees/odd"))
	write("apart/.git", gitdir("apart.git"))
	write("main/.git/worktrees/file", "")
	write("prose/.git", "this names main/.git/worktrees/feat\n")
	write("blank/.git", "")

	link("feat", "linked")
	link("feat/apps/web", "linked-app")
	link("../main/.git", "plain/.git")

	for _, c := range []struct{ dir, want string }{
		{"plain", ""},
		{"plain/src", ""},
		{"main", ""},
		{"main/apps/web", ""},
		{"feat", "feat"},
		{"feat/apps/web", "feat"},
		{"feat/no/such/directory", "feat"},
		{"main/.trees/inner", "main/.trees/inner"},
		{"crlf", "crlf"},
		{"bare", "bare"},
		{"elsewhere", "elsewhere"},
		{"linked", "feat"},
		{"linked/apps", "feat"},
		{"linked-app", "feat"},
		{"main/sub", ""},
		{"feat/sub", ""},
		{"subtree", "subtree"},
		{"main/odd", ""},
		{"apart", ""},
		{"prose", ""},
		{"blank", ""},
	} {
		want := c.want
		if want != "" {
			want = filepath.Join(top, want)
		}
		if got := Worktree(filepath.Join(top, c.dir)); got != want {
			t.Errorf("%s is in %q, want %q", c.dir, got, want)
		}
	}
}
