package watch

import (
	"errors"
	"fmt"
	"path/filepath"
)

// noEvents is that a directory lies on a file system that does not tell what happens in it.
type noEvents struct{ dir, system string }

func (e noEvents) Error() string { return e.dir + " is on " + e.system }

// pollingText says that a watcher polls, and how to have it otherwise.
func pollingText(why error, root string) string {
	var none noEvents
	if errors.As(why, &none) {
		dir, err := filepath.Rel(root, none.dir)
		if err != nil || dir == "." {
			dir = root
		}
		return fmt.Sprintf("looking for changed files now and then: %s is on %s, where the system does not report changes", dir, none.system)
	}
	if limit := exhausted(why); limit != "" {
		return fmt.Sprintf("looking for changed files now and then: the system's limit of watches is used up (%s)", limit)
	}
	return fmt.Sprintf("looking for changed files now and then: cannot watch them: %v", why)
}

func staleLockText(lock string) string {
	return fmt.Sprintf("no longer waiting for git: %s has been there for a minute; remove it if no git is running", lock)
}
