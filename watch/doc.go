// Package watch tells when files below a directory have changed, and which.
//
// # Theory
//
// What is watched is a set of [Patterns] for each name, a process type. The [tree] holds
// the directories that patterns lead into and a stamp (modification time, size, inode) of
// each file that they match. An event of the system is only a hint that a path is worth
// another look: whether it has changed is what its stamp says once the changes have
// settled. So reading, listing and chmod are no change, a scratch file that came and
// went is none either, and polling, which has no hints and looks at everything, comes to the
// same results by the same code.
//
// Changes settle for [Quiet], at most for [Longest], and for as long as git holds
// the lock of its index: one switch of branches is one [Change]. Until a
// change is told, nothing of it is forgotten; what changes meanwhile joins it.
//
// One goroutine, that of [Watcher.Run], owns all of it. It sleeps until the system has an
// event: without one there is no timer.
//
// # What is never watched
//
// The metadata of version control, editors' scratch files, other worktrees of the repository,
// and what git ignores, unless a pattern names it literally. Ignored directories are
// not entered, so they cost nothing, whatever their size.
//
// # Where events fail
//
// File systems that other machines write to (NFS, SMB, 9p, FUSE) have no events, and
// the system may run out of watches. The watcher then polls, says so once, and takes
// care not to spend more than a hundredth of a processor on it.
package watch
