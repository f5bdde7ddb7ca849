package place

import (
	"io/fs"
	"os"
	"path/filepath"
)

// A Procfile is a list of commands, its env file has LD_PRELOAD in it if somebody likes, and
// reeve.toml has commands, too. Whoever works in a directory of somebody else's knows that,
// so what is in the current directory counts. What is found further up may have been put
// there by anybody, as in /tmp, and nobody has looked.

// Untrusted says that a Procfile was found that must not be used.
type Untrusted struct{ procfile, why string }

func (u Untrusted) Error() string {
	return "refusing " + u.procfile + ": " + u.why + ": name it with -d " + filepath.Dir(u.procfile) + " if you trust it"
}

// CheckTrust reports the Procfile in a directory above the current one, unless that
// directory, and it and what is read beside it, belong to somebody who is trusted, and nobody
// else can write there. A directory in which everybody may write is not saved by its sticky
// bit: what a command loads from its directory is a new file.
func CheckTrust(dir, here string) error {
	if dir == here {
		return nil
	}
	path := filepath.Join(dir, Procfile)
	var read []string
	for _, name := range []string{path, filepath.Join(dir, EnvFile), filepath.Join(dir, SettingsFile)} {
		read = append(read, name)
		if target, err := filepath.EvalSymlinks(name); err == nil && isSymlink(name) {
			read = append(read, filepath.Dir(target)) // whoever writes there replaces it
		}
	}
	trusts := trustedUsers(here)
	for _, name := range append([]string{dir}, read...) {
		if info, err := os.Stat(name); err == nil {
			if why := distrust(name, info, trusts); why != "" {
				return Untrusted{Shorten(path, here), Shorten(name, here) + " " + why}
			}
		}
	}
	return nil
}

func isSymlink(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}
