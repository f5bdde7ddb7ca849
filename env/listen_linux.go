package env

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"reeve/internal/sorting"
)

// Listeners tells who already listens on the ports, on any local address,
// sorted by port. A port can have more than one owner, one per address.
func Listeners(ports []int) []Owner {
	// The kernel's tables list the connections too and take it milliseconds, more
	// than all else at a start, even where they are empty. A bind takes it
	// microseconds, so only those ports are looked up that it refuses.
	ports = slices.DeleteFunc(slices.Clone(ports), freeAmong(ports))
	if len(ports) == 0 {
		return nil
	}
	return procfs("/proc").listeners(ports)
}

// PortsOf tells which ports each of some processes listens on.
func PortsOf(pids []int) map[int][]int { return procfs("/proc").portsOf(pids) }

// FirstHeld finds the first of some ports in a row on which nobody else could listen now, on
// whichever local address it is held. What is left of connections whose processes have closed
// them is not an obstacle: that is mostly what one's own server has just left.
func FirstHeld(first, last int) (o Owner, held bool) {
	for port := first; port <= last; port++ {
		err := bindAnywhere(port)
		if err == nil {
			continue
		}
		if owners := procfs("/proc").listeners([]int{port}); len(owners) > 0 {
			return owners[0], true
		}
		// A port that only root may listen on, say, is not held for that.
		if err == syscall.EADDRINUSE && !procfs("/proc").onlyLeft(port) {
			return Owner{Port: port}, true
		}
	}
	return Owner{}, false
}

// manyPorts are worth a question to the kernel about all of them. Where it is made of
// modules, that can make it load one, which takes longer than a few binds.
const manyPorts = 16

// freeAmong gives what reports whether nobody listens on one of some ports.
func freeAmong(ports []int) func(port int) bool {
	if len(ports) < manyPorts {
		return isFree
	}
	taken, err := listeningPorts()
	if err != nil {
		return isFree
	}
	return func(port int) bool { return !taken[port] }
}

// isFree reports whether nobody listens on a port for sure.
func isFree(port int) bool { return bindAnywhere(port) == nil }

// bindAnywhere binds a port on all addresses for a moment. It does not listen, so it keeps nobody
// from binding or connecting meanwhile.
func bindAnywhere(port int) error {
	err := bind(syscall.AF_INET6, &syscall.SockaddrInet6{Port: port})
	if err == syscall.EAFNOSUPPORT || err == syscall.EADDRNOTAVAIL {
		err = bind(syscall.AF_INET, &syscall.SockaddrInet4{Port: port})
	}
	return err
}

// bind binds a socket to the address and closes it. The wildcard of IPv6 stands
// for that of IPv4, too.
func bind(family int, address syscall.Sockaddr) error {
	fd, err := syscall.Socket(family, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(fd)
	if family == syscall.AF_INET6 {
		if err := syscall.SetsockoptInt(fd, syscall.IPPROTO_IPV6, syscall.IPV6_V6ONLY, 0); err != nil {
			return err
		}
	}
	// Connections that are left of somebody who listened are not an obstacle.
	if err := syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err != nil {
		return err
	}
	return syscall.Bind(fd, address)
}

// procfs is where the proc file system is mounted.
type procfs string

// listeners looks for processes only if there is somebody to look for: to read
// all the descriptors of a machine takes long.
func (p procfs) listeners(ports []int) []Owner {
	sockets, ok := p.sockets(ports)
	if !ok {
		return taken(ports)
	}
	if len(sockets) == 0 {
		return nil
	}
	var pids map[string]int
	if p.isOurs() {
		pids = p.holders(sockets)
	}
	var owners []Owner
	for inode, port := range sockets {
		owners = append(owners, Owner{Port: port, PID: pids[inode], Name: p.name(pids[inode])})
	}
	sorting.Stable(owners, func(a, b Owner) int {
		return cmp.Or(cmp.Compare(a.Port, b.Port), cmp.Compare(a.PID, b.PID))
	})
	return slices.Compact(owners)
}

// isOurs reports whether the processes here have the pids that they have for this one. In
// the /proc of another PID namespace they have others.
func (p procfs) isOurs() bool {
	self, err := os.Readlink(filepath.Join(string(p), "self"))
	return err == nil && self == strconv.Itoa(os.Getpid())
}

// sockets finds the sockets that listen on one of the ports: inode → port. It
// reports whether the system has the tables at all (without IPv6 there is one).
func (p procfs) sockets(ports []int) (found map[string]int, ok bool) {
	all, ok := p.allSockets()
	maps.DeleteFunc(all, func(_ string, port int) bool { return !slices.Contains(ports, port) })
	return all, ok
}

// portsOf looks for the sockets of some processes.
func (p procfs) portsOf(pids []int) map[int][]int {
	sockets, _ := p.allSockets()
	found := map[int][]int{}
	for _, pid := range pids {
		for _, inode := range p.socketsOf(strconv.Itoa(pid)) {
			if port, listens := sockets[inode]; listens {
				found[pid] = append(found[pid], port)
			}
		}
	}
	return found
}

// allSockets finds all the sockets that listen.
func (p procfs) allSockets() (found map[string]int, ok bool) {
	found = map[string]int{}
	for _, table := range []string{"tcp", "tcp6"} {
		text, err := os.ReadFile(filepath.Join(string(p), "net", table))
		if err != nil {
			continue
		}
		ok = true
		for line := range bytes.Lines(text) {
			if inode, port := listening(line); port != 0 {
				found[inode] = port
			}
		}
	}
	return found, ok
}

// listening reads a line of a table of sockets: "sl: address:port
// remote:port state …", the inode tenth, numbers in hex. Any other line than
// that of a listening socket has port 0.
func listening(line []byte) (inode string, port int) {
	const listen = "0A"
	if !bytes.Contains(line, []byte(" "+listen+" ")) {
		return "", 0 // spares the thousands of connections of a busy machine
	}
	fields := bytes.Fields(line)
	if len(fields) < 10 || string(fields[3]) != listen {
		return "", 0
	}
	_, hex, _ := strings.Cut(string(fields[1]), ":")
	number, err := strconv.ParseUint(hex, 16, 16)
	if err != nil {
		return "", 0
	}
	return string(fields[9]), int(number)
}

// onlyLeft reports whether all that uses a port is connections that no process has any longer:
// those have no inode.
func (p procfs) onlyLeft(port int) bool {
	found := false
	for _, table := range []string{"tcp", "tcp6"} {
		text, _ := os.ReadFile(filepath.Join(string(p), "net", table))
		suffix := []byte(fmt.Sprintf(":%04X", port))
		for line := range bytes.Lines(text) {
			fields := bytes.Fields(line)
			if len(fields) < 10 || !bytes.HasSuffix(fields[1], suffix) {
				continue
			}
			if found = true; string(fields[9]) != "0" {
				return false
			}
		}
	}
	return found
}

// holders finds the process that has each socket open, the oldest of those that
// share it. Processes that we may not look into are passed over.
func (p procfs) holders(sockets map[string]int) map[string]int {
	pids := map[string]int{}
	entries, _ := os.ReadDir(string(p))
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		for _, inode := range p.socketsOf(entry.Name()) {
			if _, wanted := sockets[inode]; wanted && (pids[inode] == 0 || pid < pids[inode]) {
				pids[inode] = pid
			}
		}
	}
	return pids
}

// socketsOf returns the inodes of the sockets that a process has open.
func (p procfs) socketsOf(pid string) []string {
	dir := filepath.Join(string(p), pid, "fd")
	entries, _ := os.ReadDir(dir)
	var inodes []string
	for _, entry := range entries {
		target, _ := os.Readlink(filepath.Join(dir, entry.Name()))
		if inode, ok := strings.CutPrefix(target, "socket:["); ok {
			inodes = append(inodes, strings.TrimSuffix(inode, "]"))
		}
	}
	return inodes
}

// name is what the process calls itself, or "".
func (p procfs) name(pid int) string {
	name, err := os.ReadFile(filepath.Join(string(p), strconv.Itoa(pid), "comm"))
	if pid == 0 || err != nil {
		return ""
	}
	return strings.TrimSuffix(string(name), "\n")
}
