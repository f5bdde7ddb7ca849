package env

import (
	"bytes"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
)

// Listening is which sockets listen on a port at some moment.
type Listening []string

// ListeningOn finds the sockets that listen on a port, on any local address. It is fast where
// there is none.
func ListeningOn(port int) (all Listening) {
	if isFree(port) {
		return nil
	}
	sockets, _ := procfs("/proc").sockets([]int{port})
	for inode := range sockets {
		all = append(all, inode)
	}
	return all
}

// brokers listen for others, who may begin later: a container's port, a socket of systemd.
var brokers = []string{
	"systemd", "init", "docker-proxy", "dockerd", "containerd", "rootlessport", "rootlesskit", "slirp4netns", "pasta", "passt", "gvproxy",
}

// StrangerOn names who holds a port, if all that listens there did so before. Empty: somebody
// else does, or it cannot be told, or who listens does so for others.
func (before Listening) StrangerOn(port int) string {
	if len(before) == 0 {
		return ""
	}
	return procfs("/proc").strangerOn(before, port)
}

func (p procfs) strangerOn(before Listening, port int) string {
	sockets, ok := p.sockets([]int{port})
	if !ok || len(sockets) == 0 {
		return ""
	}
	for inode := range sockets {
		if !slices.Contains(before, inode) {
			return ""
		}
	}
	stranger := ""
	pids := p.holders(sockets)
	for inode := range sockets {
		name, pid := p.name(pids[inode]), pids[inode]
		switch uid := p.uidOf(inode); {
		case slices.Contains(brokers, name), pid == 0 && uid <= 0:
			return ""
		case pid != 0:
			stranger = "pid " + strconv.Itoa(pid) + " (" + name + ")"
		default:
			stranger = "a process of " + userName(uid)
		}
	}
	return stranger
}

// uidOf is the user who has made a socket; -1: nobody knows.
func (p procfs) uidOf(inode string) int {
	for _, table := range []string{"tcp", "tcp6"} {
		text, _ := os.ReadFile(filepath.Join(string(p), "net", table))
		for line := range bytes.Lines(text) {
			if fields := bytes.Fields(line); len(fields) >= 10 && string(fields[9]) == inode {
				uid, err := strconv.Atoi(string(fields[7]))
				if err == nil {
					return uid
				}
			}
		}
	}
	return -1
}

func userName(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return "user " + strconv.Itoa(uid)
}
