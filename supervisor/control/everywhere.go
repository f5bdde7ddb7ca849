package control

import (
	"cmp"
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"reeve/internal/sorting"
)

// Found is a formation of this user, wherever its root is.
type Found struct {
	// Name is of its socket: the beginning of the name of its root, and a number of many digits.
	Name      string
	Root      string     // absolute; empty: it does not answer, and cannot be guessed
	Pid       int        // of its reeve; 0: it is of another PID namespace, or the platform does not tell
	Formation *Formation // what it has answered; nil: nothing in time
	Suspended bool       // which is why

	path string // of its socket
}

// Client talks to the formation, whatever has become of its root.
func (f Found) Client() *Client {
	return &Client{func() (net.Conn, error) { return dialOwn(f.path) }, make(chan net.Conn)}
}

// Everywhere finds all formations of this user, sorted by their roots. All are asked at the same
// time, and those that have not answered when the context ends are among them without an answer.
func Everywhere(ctx context.Context) (all []Found) {
	paths := socketPaths()
	found := make([]*Found, len(paths))
	var asked sync.WaitGroup
	for n, path := range paths {
		asked.Go(func() { found[n] = lookAt(ctx, path) })
	}
	asked.Wait()
	for _, f := range found {
		if f != nil {
			all = append(all, *f)
		}
	}
	sorting.Stable(all, func(x, y Found) int {
		return cmp.Or(cmp.Compare(x.Root, y.Root), cmp.Compare(x.Name, y.Name), cmp.Compare(x.Pid, y.Pid))
	})
	return all
}

// socketPaths are those of all sockets in the directories where they may be, each once: in some
// there are links to those in others.
func socketPaths() (paths []string) {
	seen := map[string]bool{}
	for _, dir := range Directories() {
		inDir, _ := filepath.Glob(filepath.Join(dir, "*"+socketExt))
		for _, path := range inDir {
			target, err := filepath.EvalSymlinks(path)
			if err != nil || seen[target] {
				continue
			}
			seen[target] = true
			paths = append(paths, path)
		}
	}
	return paths
}

// lookAt finds out whose socket is at a path; nil: nobody's, or that of somebody who is not to be
// talked to.
func lookAt(ctx context.Context, path string) *Found {
	f := &Found{Name: strings.TrimSuffix(filepath.Base(path), socketExt), path: path}
	conn, err := dialOwn(path)
	switch {
	case errors.Is(err, syscall.EAGAIN), errors.Is(err, os.ErrDeadlineExceeded):
		return f // so many wait for it already
	case err != nil:
		return nil
	}
	f.Pid = peerPid(conn)
	if f.Suspended = isSuspended(f.Pid); f.Suspended {
		_ = conn.Close()
		f.Root = guessRoot(f.Pid, f.Name)
		return f
	}
	c := &Client{nil, make(chan net.Conn, 1)}
	c.first <- conn
	if answer, err := c.outline(ctx); err == nil {
		f.Formation, f.Root = &answer, answer.Root
		return f
	}
	if ctx.Err() == nil {
		return nil // it has just ended
	}
	f.Root = guessRoot(f.Pid, f.Name)
	return f
}

// isNameOf reports whether a socket is called as that of the app in a root would be.
func isNameOf(name, root string) bool {
	return strings.HasPrefix(name, strings.TrimSuffix(socketName(root), socketExt))
}
