//go:build unix

package supervisor

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// keepWord begins the line that tells the guardian of a terminal.
const keepWord = "terminal"

// KeepTerminal makes the guardian give a terminal the attributes back that it has now, if
// reeve is killed: nobody else could, and a shell whose terminal does not echo is no use.
func (g *Guardian) KeepTerminal(fd int) {
	path, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
	attributes, attributesErr := unix.IoctlGetTermios(fd, getTermios)
	if g == nil || err != nil || attributesErr != nil || strings.ContainsAny(path, " \n") {
		return
	}
	var encoded bytes.Buffer
	_ = binary.Write(&encoded, binary.NativeEndian, attributes)
	g.terminal = fmt.Sprintf("%s %s %s\n", keepWord, path, hex.EncodeToString(encoded.Bytes()))
	g.tell("%s", g.terminal)
}

// keptTerminal is what the guardian has been told of a terminal.
type keptTerminal struct{ path, attributes string }

// restore gives the terminal its attributes back. The guardian is in a session of its own,
// so it is no terminal's background process, which would be stopped for that.
func (t keptTerminal) restore() {
	encoded, err := hex.DecodeString(t.attributes)
	if err != nil || t.path == "" {
		return
	}
	var attributes unix.Termios
	if binary.Read(bytes.NewReader(encoded), binary.NativeEndian, &attributes) != nil {
		return
	}
	fd, err := unix.Open(t.path, unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return
	}
	_ = unix.IoctlSetTermios(fd, setTermios, &attributes)
	_ = unix.Close(fd)
}
