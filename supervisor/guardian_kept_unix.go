//go:build unix

package supervisor

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
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
	path, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
	attributes, attributesErr := unix.IoctlGetTermios(fd, getTermios)
	if g == nil || err != nil || attributesErr != nil {
		return
	}
	var encoded bytes.Buffer
	_ = binary.Write(&encoded, binary.NativeEndian, attributes)
	g.terminal = fmt.Sprintf("%s %x %x %x\n", terminalWord, path, encoded.Bytes(), write)
	g.tell("%s", g.terminal)
}

// KeepSocket makes the guardian see to the formation's socket, if reeve is killed.
func (g *Guardian) KeepSocket(path string) {
	if g == nil {
		return
	}
	g.socket = fmt.Sprintf("%s %x\n", socketWord, path)
	g.tell("%s", g.socket)
}

// kept is what the guardian has been told of, besides processes.
type kept struct {
	terminal   string // its path
	attributes []byte
	write      string // what makes it usable
	socket     string
}

// note takes note of a line. It says no to one that is about a process.
func (k *kept) note(fields []string) bool {
	decoded := make([]string, len(fields))
	for i := 1; i < len(fields); i++ {
		p, _ := hex.DecodeString(fields[i])
		decoded[i] = string(p)
	}
	switch {
	case len(fields) == 4 && fields[0] == terminalWord:
		k.terminal, k.attributes, k.write = decoded[1], []byte(decoded[2]), decoded[3]
	case len(fields) == 2 && fields[0] == socketWord:
		k.socket = decoded[1]
	default:
		return false
	}
	return true
}

// restore gives the terminal its attributes back. The guardian is in a session of its own,
// so it is no terminal's background process, which would be stopped for that.
func (k *kept) restore() {
	var attributes unix.Termios
	if k.terminal == "" || binary.Read(bytes.NewReader(k.attributes), binary.NativeEndian, &attributes) != nil {
		return
	}
	fd, err := unix.Open(k.terminal, unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return
	}
	_ = unix.IoctlSetTermios(fd, setTermios, &attributes)
	_, _ = unix.Write(fd, []byte(k.write))
	_ = unix.Close(fd)
}

// removeSocket hands the socket to who can see whether it is dead, until it is gone.
func (k *kept) removeSocket(remove func(socket string)) {
	if k.socket == "" {
		return
	}
	remove(k.socket)
	if _, err := os.Lstat(k.socket); os.IsNotExist(err) {
		k.socket = ""
	}
}
