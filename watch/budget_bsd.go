//go:build darwin || freebsd

package watch

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// budget is how many files may be open for the sake of watching: kqueue(2) needs each file in a
// directory that is watched, and they are missed elsewhere. Looking at so many files now and then
// costs next to nothing.
type budget struct {
	most, open int
	dirs       map[string]int // what each directory takes
}

// mostWatched is the most there may be, and shareOfLimit the part of what this process may open.
const mostWatched, shareOfLimit = 4096, 4

// take takes what a directory needs, or says that there is not so much.
func (b *budget) take(dir string) error {
	if b.dirs == nil {
		b.dirs, b.most = map[string]int{}, mostWatched
		var limit unix.Rlimit
		if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) == nil {
			b.most = int(min(uint64(limit.Cur)/shareOfLimit, mostWatched)) //nolint:unconvert // FreeBSD's has a sign
		}
	}
	entries, _ := os.ReadDir(dir)
	if b.open+len(entries)+1 > b.most {
		return fmt.Errorf("that would need more than %d open files", b.most)
	}
	b.give(dir)
	b.dirs[dir] = len(entries) + 1
	b.open += b.dirs[dir]
	return nil
}

// give gives it back.
func (b *budget) give(dir string) {
	b.open -= b.dirs[dir]
	delete(b.dirs, dir)
}
