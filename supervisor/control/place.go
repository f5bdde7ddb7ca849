package control

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Where sockets are: in directories that only this user can write to, under names made of the roots.

// Directories are those in which formations of this user find each other, as far as they are there.
func Directories() []string {
	return slices.DeleteFunc(directories(), func(dir string) bool { return !isPrivate(dir) })
}

// MakeDirectories makes them, and gives those that can be used.
func MakeDirectories() []string {
	return slices.DeleteFunc(directories(), func(dir string) bool { return makePrivate(dir) != nil })
}

// isPrivate reports whether nobody else can put a socket into a directory.
func isPrivate(dir string) bool {
	info, err := os.Lstat(dir)
	return err == nil && info.IsDir() && isOurs(dir, info) && isUnshared(dir, info)
}

// makePrivate makes a directory that nobody else can use, or sees to it that it is one.
func makePrivate(dir string) error {
	err := mkdirPrivate(dir)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() || !isOurs(dir, info) {
		return fmt.Errorf("%s belongs to another user", dir)
	}
	return closeToOthers(dir, info)
}

// Places are where the socket of the app in a root, and links to it, may be.
func Places(root string) (paths []string) {
	name, own := socketNames(root)
	for _, dir := range directories() {
		for _, name := range []string{name, own} {
			paths = append(paths, filepath.Join(dir, name))
		}
	}
	return paths
}

// socketNames are that of the socket of the app in a root, and the one for where it is taken by
// another container.
func socketNames(root string) (name, own string) {
	name = socketName(root)
	return name, strings.TrimSuffix(name, socketExt) + "-" + namespace() + socketExt
}

// socketName is made of the root's real path: short, as the path of a socket has to be,
// with the directory's own name in front for whoever lists the sockets.
func socketName(root string) string {
	if abs, err := filepath.Abs(root); err == nil {
		root = abs
	}
	root = spelled(realPath(root))
	hash := sha256.Sum256([]byte(root))
	return readable(filepath.Base(root)) + hex.EncodeToString(hash[:8]) + socketExt
}

// readable leaves of a name what can stand in any file's name.
func readable(name string) string {
	const most = 16
	name = strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' {
			return r
		}
		return -1
	}, name)
	if name == "" {
		return ""
	}
	return name[:min(len(name), most)] + "-"
}

// realPath resolves the links in an absolute path. Of what is gone, as a worktree may be while
// its formation runs, it is the path that it had.
func realPath(path string) string {
	const mostLinks = 40 // as the kernel has it
	for range mostLinks {
		real, err := filepath.EvalSymlinks(path)
		if err == nil {
			return real
		}
		target, err := os.Readlink(path)
		switch dir := filepath.Dir(path); {
		case err != nil && dir == path:
			return path
		case err != nil:
			return filepath.Join(realPath(dir), filepath.Base(path))
		case !filepath.IsAbs(target):
			path = filepath.Join(dir, target)
		default:
			path = target
		}
	}
	return path
}

func isLink(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}
