//go:build unix

package trial

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// ProcessesOf lists the living processes whose mark is a directory. Without /proc there
// are none to be seen.
func ProcessesOf(dir string) []string {
	mark := []byte("\x00" + Mark + "=" + dir + "\x00")
	return processes(func(entry string) bool {
		environ, _ := os.ReadFile(filepath.Join(entry, "environ"))
		return bytes.Contains(append([]byte{0}, environ...), mark)
	})
}

// ProcessesFrom lists the living processes of programs in a directory.
func ProcessesFrom(dir string) []string {
	return processes(func(entry string) bool {
		program, _ := os.Readlink(filepath.Join(entry, "exe"))
		return filepath.Dir(program) == dir
	})
}

func processes(which func(entry string) bool) (found []string) {
	entries, _ := filepath.Glob("/proc/[0-9]*")
	for _, entry := range entries {
		if pid, _ := strconv.Atoi(filepath.Base(entry)); which(entry) && IsAlive(pid) {
			args, _ := os.ReadFile(filepath.Join(entry, "cmdline"))
			found = append(found, fmt.Sprintf("%d %q", pid, strings.Split(strings.TrimSuffix(string(args), "\x00"), "\x00")))
		}
	}
	return found
}

// IsAlive reports whether a process is there and no zombie: the pid 1 of a container does not
// always reap.
func IsAlive(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return false
	}
	state := StateOf(pid)
	return (state != "" || !hasProc()) && state != "Z" && state != "X"
}

// StateOf is a process's state as ps shows it, or "" if it is not there.
func StateOf(pid int) string {
	if !hasProc() {
		shown, _ := exec.Command("ps", "-o", "state=", "-p", strconv.Itoa(pid)).Output()
		shown = bytes.TrimSpace(shown)
		return string(shown[:min(1, len(shown))])
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	end := bytes.LastIndexByte(stat, ')')
	if err != nil || end < 0 {
		return ""
	}
	return string(stat[end+2 : end+3])
}

func hasProc() bool {
	_, err := os.Stat("/proc/self/stat")
	return err == nil
}

// ExitCodeOf is how a shell would tell it: 128 and the signal for what a signal has ended.
func ExitCodeOf(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}
