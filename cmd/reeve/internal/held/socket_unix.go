//go:build unix

package held

import (
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// backlog is how many connections may wait, as far as the system allows.
const backlog = 1<<16 - 1

// Socket is a socket that listens, and on which reeve never accepts.
type Socket struct {
	at   Address
	file *os.File
	info fs.FileInfo // of a Unix socket's file
}

// Bind makes the socket of an address, which listens from then on. Those that reeve is about to close
// are not in its way, where the system can do that.
func Bind(at Address, leaving ...*Socket) (*Socket, error) {
	first, end := at.beside(leaving)
	fd, err := at.bind(first...)
	if err == nil {
		err = unix.Listen(fd, backlog)
	}
	end(fd)
	if err != nil {
		closeSocket(fd)
		return nil, at.explain(err)
	}
	s := &Socket{at: at, file: os.NewFile(uintptr(fd), at.String())}
	if file := at.File(); file != "" {
		s.info, err = os.Lstat(file)
	}
	return s, err
}

// Try reports why the socket of an address could not be made now. It makes none.
func Try(at Address, leaving ...*Socket) error {
	if file := at.File(); file != "" {
		_, err := at.unixRoom()
		return at.explain(err)
	}
	first, end := at.beside(leaving)
	fd, err := at.bind(first...)
	end(fd)
	closeSocket(fd)
	return at.explain(err)
}

// beside lets a socket be bound and listen while others have its port on other addresses, as a run may
// still have them. Linux allows that to those who all say so meanwhile (socket(7), SO_REUSEPORT).
func (a Address) beside(leaving []*Socket) (first []func(fd int) error, end func(fd int)) {
	share := func(fd, on int) error { return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, on) }
	var others []int
	for _, s := range leaving {
		if a.path == "" && s.at.Overlaps(a) {
			others = append(others, int(s.file.Fd()))
			_ = share(int(s.file.Fd()), 1)
		}
	}
	if len(others) == 0 {
		return nil, func(int) {}
	}
	end = func(fd int) {
		for _, fd := range append(others, fd) {
			_ = share(fd, 0)
		}
	}
	return []func(int) error{func(fd int) error { return share(fd, 1) }}, end
}

// File is what a run is given.
func (s *Socket) File() *os.File { return s.file }

// At is where the socket is.
func (s *Socket) At() Address { return s.at }

// Mend makes good what a run may have done to a socket that it shared: a socket that it has shut down
// listens again, and one whose file it has removed is made anew.
func (s *Socket) Mend() error {
	if s.at.File() == "" || s.isThere() {
		return unix.Listen(int(s.file.Fd()), backlog)
	}
	anew, err := Bind(s.at)
	if err != nil {
		return err
	}
	_ = s.file.Close()
	*s = *anew
	return nil
}

// Block makes reads from the socket wait again, which a run may have ended for all who share it. No
// run may have it now.
func (s *Socket) Block() { _ = unix.SetNonblock(int(s.file.Fd()), false) }

// Close ends reeve's part in the socket: when nobody has it any longer, connections are refused.
func (s *Socket) Close() { _ = s.file.Close() }

// Remove removes the file of a Unix socket, unless it is another one's by now.
func (s *Socket) Remove() {
	if file := s.at.File(); file != "" && s.isThere() {
		_ = os.Remove(file)
	}
}

// isThere reports whether the file of a Unix socket is still its own. A file system may give the number of
// a file that was removed to the next one, but not its type and its time.
func (s *Socket) isThere() bool {
	info, err := os.Lstat(s.at.File())
	return err == nil && os.SameFile(info, s.info) && info.Mode().Type() == fs.ModeSocket &&
		info.ModTime().Equal(s.info.ModTime())
}
