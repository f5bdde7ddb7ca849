package control

import (
	"math/rand/v2"
	"os"
	"path/filepath"
)

// What a formation does about its socket once it has started.

// Tidy does what can be done while the formation starts already: it makes links for others and, now
// and then, looks for what others have left in the directory.
func (l *Listener) Tidy() {
	l.tidying.Lock()
	defer l.tidying.Unlock()
	if l.closed {
		return
	}
	l.point(l.elsewhere)
	if cleansUp() {
		l.removeOthers()
		dropOldest(filepath.Dir(l.path))
	}
}

// cleanings is one in how many formations cleans up. There is hardly ever anything, as guardians
// remove the sockets of the killed, and to read the directory and ask everybody in it takes 0.3 ms
// and more of the start of a formation that ends at once. A variable for tests.
const cleanings = 16

var cleansUp = func() bool { return rand.N(cleanings) == 0 }

// removeOthers removes the sockets of those that were killed along with their guardians.
func (l *Listener) removeOthers() {
	dir := filepath.Dir(l.path)
	unlock := lock(dir)
	defer unlock()
	others, _ := filepath.Glob(filepath.Join(dir, "*"+socketExt))
	for _, other := range others {
		if other != l.path {
			removeDead(other)
		}
	}
}

// point makes links to the socket where others look for it who have another environment.
func (l *Listener) point(dirs []string) {
	for _, dir := range dirs {
		if makePrivate(dir) != nil {
			continue
		}
		unlock := lock(dir)
		link := filepath.Join(dir, filepath.Base(l.path))
		if _, alive := removeDead(link); !alive && os.Symlink(l.path, link) == nil {
			l.links = append(l.links, link)
		}
		unlock()
	}
}
