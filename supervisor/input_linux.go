package supervisor

import "golang.org/x/sys/unix"

// shrinkPipe takes a pipe's buffer away, but for a page. A user without privileges may
// have only so many pages of them (/proc/sys/fs/pipe-user-pages-soft); beyond that the
// pipes that do carry something would become small.
func shrinkPipe(fd int) { _, _ = unix.FcntlInt(uintptr(fd), unix.F_SETPIPE_SZ, 1) }
