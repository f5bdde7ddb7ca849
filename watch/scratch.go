package watch

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// metadata are the directories of version control, which change whenever somebody asks it
// anything.
var metadata = map[string]bool{".git": true, ".hg": true, ".svn": true, ".jj": true, ".bzr": true, ".sl": true, "CVS": true, "_darcs": true, ".pijul": true}

// scratch are the names, as globs, of what editors and desktops leave for a moment: vim's
// swap files and its probe whether a directory can be written to, Emacs's locks, backups of
// both, JetBrains' safe write, KDE's and GNOME's temporary files, NFS's removed ones.
var scratch = []string{
	"*~", ".*.sw?", ".*.sw??", "4913", ".#*", "#*#", "*___jb_tmp___", "*___jb_old___", ".goutputstream-*", "*.kate-swp", ".nfs*",
	".DS_Store", "._*", "Thumbs.db",
}

// isScratch reports whether a path belongs to what no pattern but a literal one stands for.
func isScratch(file string) bool {
	name := path.Base(file)
	if metadata[name] {
		return true
	}
	for _, glob := range scratch {
		if ok, _ := path.Match(glob, name); ok {
			return true
		}
	}
	return false
}

// repository is where version control keeps the files of a checkout.
type repository struct {
	top string // of the checkout, which contains the root; empty: there is none
	git string // the directory with its index
}

// findRepository looks for a checkout of git in a directory and above. No git program is needed.
func findRepository(dir string) repository {
	for {
		if git := gitDir(dir); git != "" {
			return repository{dir, git}
		}
		up := filepath.Dir(dir)
		if up == dir {
			return repository{}
		}
		dir = up
	}
}

// gitDir is where git keeps what it knows of the checkout in a directory: .git, or what the file
// of that name points to, as in a linked worktree and in a submodule (gitrepository-layout(5)).
// Empty: the directory is not the top of a checkout.
func gitDir(dir string) string {
	git := filepath.Join(dir, ".git")
	info, err := os.Stat(git)
	if err != nil {
		return ""
	}
	if info.IsDir() {
		return git
	}
	text, err := os.ReadFile(git)
	target, ok := strings.CutPrefix(strings.TrimSpace(string(text)), "gitdir: ")
	if err != nil || !ok {
		return ""
	}
	if !filepath.IsAbs(target) {
		target = filepath.Join(dir, target)
	}
	return target
}

// isWorktree reports whether a directory is another worktree of some repository, with work of
// its own in it. A submodule is not: its files belong to the checkout around it.
func isWorktree(dir string) bool {
	info, err := os.Lstat(filepath.Join(dir, ".git"))
	return err == nil && info.Mode().IsRegular() && path.Base(path.Dir(filepath.ToSlash(gitDir(dir)))) == "worktrees"
}

// locked reports whether git is writing to the checkout now.
func (r repository) locked() bool {
	return r.git != "" && exists(filepath.Join(r.git, "index.lock"))
}

// sequences are the directories in which git notes what is left of many commits that it makes again, as
// rebase, am, cherry-pick and revert do.
var sequences = []string{"rebase-merge", "rebase-apply", "sequencer"}

// stopped is there while a rebase waits for its user, as at a conflict.
const stopped = "rebase-merge/stopped-sha"

// replaying reports whether git makes many commits again: it takes and gives back the lock for each.
func (r repository) replaying() bool {
	return r.git != "" && !exists(filepath.Join(r.git, filepath.FromSlash(stopped))) && slices.ContainsFunc(sequences, func(dir string) bool { return exists(filepath.Join(r.git, dir)) })
}

func exists(file string) bool {
	_, err := os.Lstat(file)
	return err == nil
}
