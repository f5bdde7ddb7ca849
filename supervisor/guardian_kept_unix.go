//go:build unix

package supervisor

import (
	"encoding/hex"
	"fmt"
	"os"
	"slices"

	"golang.org/x/sys/unix"

	"reeve/supervisor/terminal"
)

// Besides processes, a reeve that is killed leaves a terminal as it was using it, and its
// socket.

// The first words of what the guardian is told of these. What follows is in hexadecimal.
const (
	terminalWord = "terminal"
	socketWord   = "socket"
)

// KeepTerminal makes the guardian give a terminal the attributes back that it has now, if
// reeve is killed: nobody else could, and a shell whose terminal does not echo is no use. What
// is to be written there then takes back what a program may have switched.
func (g *Guardian) KeepTerminal(fd int, write string) {
	path, err := terminal.Path(fd)
	attributes, attributesErr := terminal.Attributes(fd)
	if g == nil || err != nil || attributesErr != nil {
		return
	}
	g.terminal = fmt.Sprintf("%s %x %x %x\n", terminalWord, path, attributes, write)
	g.tell(g.terminal)
}

// KeepSockets makes the guardian see to the formation's socket, if reeve is killed. These are
// the places where it may be: the guardian knows them before there is one.
func (g *Guardian) KeepSockets(paths []string) {
	if g == nil {
		return
	}
	g.sockets = socketWord
	for _, path := range paths {
		g.sockets += fmt.Sprintf(" %x", path)
	}
	g.sockets += "\n"
	g.tell(g.sockets)
}

// kept is what the guardian has been told of, besides processes.
type kept struct {
	terminal   string // its path
	attributes []byte
	write      string // what makes it usable
	sockets    []string
}

// note records a line, unless that is about a process.
func (k *kept) note(fields []string) bool {
	decoded := make([]string, len(fields))
	for i := 1; i < len(fields); i++ {
		p, _ := hex.DecodeString(fields[i])
		decoded[i] = string(p)
	}
	switch {
	case len(fields) == 4 && fields[0] == terminalWord:
		k.terminal, k.attributes, k.write = decoded[1], []byte(decoded[2]), decoded[3]
	case len(fields) > 0 && fields[0] == socketWord:
		k.sockets = decoded[1:]
	default:
		return false
	}
	return true
}

// restore gives the terminal its attributes back. The guardian is in a session of its own,
// so it is no terminal's background process, which would be stopped for that.
func (k *kept) restore() {
	if k.terminal == "" {
		return
	}
	fd, err := unix.Open(k.terminal, unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return
	}
	_ = terminal.SetAttributes(fd, k.attributes)
	_, _ = unix.Write(fd, []byte(k.write))
	_ = unix.Close(fd)
}

// removeSockets hands the sockets to who can see whether they are dead, until they are gone.
func (k *kept) removeSockets(remove func(socket string)) {
	k.sockets = slices.DeleteFunc(k.sockets, func(path string) bool {
		remove(path)
		_, err := os.Lstat(path)
		return os.IsNotExist(err)
	})
}
