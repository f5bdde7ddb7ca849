package notify

import (
	"crypto/rand"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Supported reports whether this system tells who has sent a message.
const Supported = true

// Socket is where one run sends its messages.
type Socket struct {
	conn *net.UnixConn
	raw  syscall.RawConn
	file string // empty: it has none
}

// Sender is who has sent a message. Pid 0: somebody outside of this PID namespace.
type Sender struct{ Pid, Uid int }

// NewPath is where the socket of an instance can be, which nobody else has. Many programs know only
// sockets that are files, so it is one wherever a file can be made.
func NewPath(instance string) string {
	return filepath.Join(os.TempDir(), "reeve-"+strings.ToLower(rand.Text())[:12]+"-"+instance+".notify")
}

// Listen makes a socket. What is there already goes: it is that of an earlier run. If no file can be
// made there, the socket gets a name instead.
func Listen(path string) (*Socket, error) {
	_ = os.Remove(path)
	s, err := listen(path)
	if err != nil {
		if s, err = listen("@" + filepath.Base(path)); err != nil {
			return nil, err
		}
		return s, nil
	}
	s.file = path
	mode := os.FileMode(0o600)
	if os.Geteuid() == 0 {
		mode = 0o666 // processes may run as other users, and it is known who sends
	}
	return s, os.Chmod(path, mode)
}

func listen(name string) (*Socket, error) {
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		return nil, err
	}
	s := &Socket{conn: conn}
	s.raw, err = conn.SyscallConn()
	if err == nil {
		var optErr error
		err = s.raw.Control(func(fd uintptr) { optErr = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_PASSCRED, 1) })
		err = errors.Join(err, optErr)
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return s, nil
}

// Address is the value of NOTIFY_SOCKET.
func (s *Socket) Address() string {
	if s.file != "" {
		return s.file
	}
	return s.conn.LocalAddr().String()
}

// Each calls take with each message until the socket is closed, as soon as it has come.
func (s *Socket) Each(take func()) {
	_ = s.raw.Read(func(uintptr) bool { take(); return false })
}

// Next takes a message, if one has come. Descriptors that came with it are closed, which is what
// systemd-notify waits for.
func (s *Socket) Next() (m Message, from Sender, ok bool) {
	controlErr := s.raw.Control(func(fd uintptr) { m, from, ok = receive(int(fd)) })
	return m, from, ok && controlErr == nil
}

// Close ends it, and removes its file.
func (s *Socket) Close() {
	_ = s.conn.Close()
	if s.file != "" {
		_ = os.Remove(s.file)
	}
}

// largest is what a message may have, in bytes: four times as much as with systemd.
const largest = 16 << 10

// mostFiles is how many descriptors a message can have (unix(7), SCM_MAX_FD).
const mostFiles = 253

// receive takes a message. One that is too large, or says not who has sent it, is empty.
func receive(fd int) (m Message, from Sender, ok bool) {
	text := make([]byte, largest)
	oob := make([]byte, unix.CmsgSpace(unix.SizeofUcred)+unix.CmsgSpace(4*mostFiles))
	n, oobn, flags, _, err := unix.Recvmsg(fd, text, oob, unix.MSG_DONTWAIT|unix.MSG_CMSG_CLOEXEC)
	if err != nil {
		return m, from, false
	}
	known := false
	controls, _ := unix.ParseSocketControlMessage(oob[:oobn])
	for _, c := range controls {
		if cred, err := unix.ParseUnixCredentials(&c); err == nil {
			from, known = Sender{int(cred.Pid), int(cred.Uid)}, true
		}
		if files, err := unix.ParseUnixRights(&c); err == nil {
			for _, f := range files {
				_ = unix.Close(f)
			}
		}
	}
	if !known || flags&unix.MSG_TRUNC != 0 {
		return m, from, true
	}
	return Read(string(text[:n])), from, true
}
