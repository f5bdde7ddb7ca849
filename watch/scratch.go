package watch

import (
	"os"
	"path"
	"path/filepath"
	"slices"

	"reeve/internal/checkout"
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

// repository is the checkout that the root is in; without one it has no top.
type repository checkout.Checkout

// locked reports whether git is writing to the checkout now.
func (r repository) locked() bool {
	return r.Git != "" && exists(filepath.Join(r.Git, "index.lock"))
}

// sequences are the directories in which git notes what is left of many commits that it makes again, as
// rebase, am, cherry-pick and revert do.
var sequences = []string{"rebase-merge", "rebase-apply", "sequencer"}

// stopped is there while a rebase waits for its user, as at a conflict.
const stopped = "rebase-merge/stopped-sha"

// replaying reports whether git makes many commits again: it takes and gives back the lock for each.
func (r repository) replaying() bool {
	return r.Git != "" && !exists(filepath.Join(r.Git, filepath.FromSlash(stopped))) && slices.ContainsFunc(sequences, func(dir string) bool { return exists(filepath.Join(r.Git, dir)) })
}

func exists(file string) bool {
	_, err := os.Lstat(file)
	return err == nil
}
