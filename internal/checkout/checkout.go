// Package checkout finds out what git keeps of a checkout, and where, without a git program.
//
// Git leaves in every checkout where its repository is. In the main one .git is a directory. In
// a linked worktree it is a file that names worktrees/NAME in the repository, see
// gitrepository-layout(5). In a submodule it is a file, too; it names modules/NAME, or
// worktrees/NAME/modules/NAME where the submodule belongs to a linked worktree. That is all that
// has to be known.
package checkout

import (
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Checkout is a directory with a .git.
type Checkout struct {
	Top    string
	Git    string // the directory with its index; empty: .git does not say
	Linked bool   // it is a linked worktree
}

// Find looks for the checkout that a directory is in.
func Find(dir string) (c Checkout, ok bool) {
	for {
		if c, ok = At(dir); ok || dir == filepath.Dir(dir) {
			return c, ok
		}
		dir = filepath.Dir(dir)
	}
}

// At reports whether a directory is the top of a checkout, and of which.
func At(dir string) (c Checkout, ok bool) {
	git := filepath.Join(dir, ".git")
	info, err := os.Stat(git)
	switch {
	case err != nil:
		return c, false
	case info.IsDir():
		return Checkout{Top: dir, Git: git}, true
	case !info.Mode().IsRegular():
		return Checkout{Top: dir}, true
	}
	named := repositoryOf(git)
	return Checkout{dir, named, isLinked(named)}, true
}

// Worktree is the linked worktree of git that a directory is in: its real path. Empty: it is in
// a main checkout, in a submodule, or in none.
func Worktree(dir string) string {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	if c, _ := Find(dir); c.Linked {
		return c.Top
	}
	return ""
}

// isLinked reports whether the repository that a .git names is that of a linked worktree. A
// submodule's name can have a slash: modules/worktrees/NAME is one. But it has objects of its own,
// while a worktree shares those of its repository.
func isLinked(repository string) bool {
	if filepath.Base(filepath.Dir(repository)) != "worktrees" {
		return false
	}
	_, err := os.Stat(filepath.Join(repository, "objects"))
	return err != nil
}

// repositoryOf reads a .git that is a file: "gitdir: PATH", where PATH may be relative to it.
// Empty: that is not what it says.
func repositoryOf(path string) string {
	const most = 64 << 10
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	text, _ := io.ReadAll(io.LimitReader(f, most))
	named, ok := strings.CutPrefix(string(text), "gitdir:")
	named = filepath.FromSlash(strings.TrimSpace(named))
	switch {
	case !ok || named == "":
		return ""
	case filepath.IsAbs(named):
		return filepath.Clean(named)
	}
	return filepath.Join(filepath.Dir(path), named)
}
