package control

import (
	"cmp"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// isForeign reports whether who listens is of another PID namespace: its pid is not told then.
func isForeign(conn net.Conn) bool { return peerPid(conn) == 0 }

// isSuspended reports whether a process is stopped, as by Ctrl-Z. A /proc of another PID
// namespace shows strangers under the pids of this one, and knows this process by another pid,
// or by more than one.
func isSuspended(pid int) bool {
	own := cmp.Or(statusOf("self", "NSpid"), statusOf("self", "Pid")) // Linux before 4.1 has only the latter
	return own == strconv.Itoa(os.Getpid()) && strings.HasPrefix(statusOf(strconv.Itoa(pid), "State"), "T")
}

// statusOf reads a field of a process's status (proc_pid_status(5)).
func statusOf(process, field string) string {
	status, _ := os.ReadFile("/proc/" + process + "/status")
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, field+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// guessRoot finds the root of a formation that does not answer, among all that its reeve may have
// been started with or in: the name of the socket tells which one it is.
func guessRoot(pid int, name string) (root string) {
	proc := "/proc/" + strconv.Itoa(pid) + "/"
	dir, err := os.Readlink(proc + "cwd")
	if err != nil {
		return ""
	}
	dir = strings.TrimSuffix(dir, " (deleted)")
	candidates := []string{dir}
	for up := filepath.Dir(dir); up != candidates[len(candidates)-1]; up = filepath.Dir(up) {
		candidates = append(candidates, up)
	}
	args, _ := os.ReadFile(proc + "cmdline")
	environ, _ := os.ReadFile(proc + "environ")
	for word := range strings.SplitSeq(string(args)+string(environ), "\x00") {
		if !strings.HasPrefix(word, "-") && strings.Contains(word, "=") && !strings.HasPrefix(word, "REEVE_") {
			continue // another variable
		}
		_, value, _ := strings.Cut(word, "=")
		short := strings.TrimLeft(word, "-")
		for _, path := range []string{word, value, short[min(1, len(short)):]} {
			if path == "" {
				continue
			}
			if !filepath.IsAbs(path) {
				path = filepath.Join(dir, path)
			}
			candidates = append(candidates, path, filepath.Dir(path))
		}
	}
	for _, root := range candidates {
		if isNameOf(name, root) {
			return realPath(root)
		}
	}
	return ""
}

// namespace names the PID namespace of this process.
func namespace() string {
	var stat unix.Stat_t
	if unix.Stat("/proc/self/ns/pid", &stat) != nil {
		return "0"
	}
	return strconv.FormatUint(stat.Ino, 36)
}

// peer tells who is at the other end of a socket: who connected, or who listens
// (unix(7), SO_PEERCRED). A pid of another PID namespace is 0.
func peer(conn net.Conn) (uid, pid int, err error) {
	raw, err := conn.(*net.UnixConn).SyscallConn()
	if err != nil {
		return 0, 0, err
	}
	var cred *unix.Ucred
	controlErr := raw.Control(func(fd uintptr) {
		cred, err = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
	})
	if err := errors.Join(controlErr, err); err != nil {
		return 0, 0, err
	}
	return int(cred.Uid), int(cred.Pid), nil
}
