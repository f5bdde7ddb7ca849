//go:build unix

package supervisor

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// A run takes sockets over as systemd's services do (sd_listen_fds(3)): they are its descriptors
// from 3 on, and variables tell how many there are and what they are called. One variable,
// LISTEN_PID, has the pid of the process that they are for, so that nobody takes them over who has
// only inherited the others. Nobody knows that pid before the process is there, and then its
// environment is made. So such a run begins as reeve, which sets the variable and turns into the
// command: that takes a millisecond or two, and only runs with sockets pay for it.

// HandoverName is what the argument list of such a reeve begins with, by which the program knows
// that it is to call [Handover].
const HandoverName = "reeve-handover"

// listenPID is the variable that only Handover can set.
const listenPID = "LISTEN_PID"

// withHandover makes a command begin as reeve. Its environment tells of the sockets.
func withHandover(program string, c *Command) (through string, args, environ []string, err error) {
	if through, err = ownProgram(); err != nil {
		return "", nil, nil, fmt.Errorf("cannot find reeve's own program: %w", err)
	}
	var names []string
	for _, s := range c.Sockets {
		names = append(names, s.Name)
	}
	environ = slices.DeleteFunc(slices.Clone(c.Env), isListenVariable)
	environ = append(environ, "LISTEN_FDS="+strconv.Itoa(len(names)), "LISTEN_FDNAMES="+strings.Join(names, ":"))
	return through, append([]string{HandoverName, program}, c.Args...), environ, nil
}

// isListenVariable reports whether a variable is one of those of the protocol.
func isListenVariable(entry string) bool {
	key, _, _ := strings.Cut(entry, "=")
	return key == listenPID || key == "LISTEN_FDS" || key == "LISTEN_FDNAMES"
}

// Handover turns this process into the command that sockets are for: args are its program, as a
// path, and its argument list. It returns an exit code only if that fails.
func Handover(args []string) (exitCode int) {
	program, words := args[0], args[1:]
	environ := slices.DeleteFunc(os.Environ(), func(entry string) bool { return strings.HasPrefix(entry, listenPID+"=") })
	environ = append(environ, listenPID+"="+strconv.Itoa(os.Getpid()))
	err := syscall.Exec(program, words, environ)
	if errors.Is(err, syscall.ENOEXEC) && isScript(program) {
		err = syscall.Exec("/bin/sh", append([]string{"sh", program}, words[1:]...), environ)
	}
	err = startError(err)
	fmt.Fprintf(os.Stderr, "reeve: %s: %v\n", words[0], err)
	return StartCode(err)
}
