package terminal

import (
	"errors"
	"os"
	"sync"

	"golang.org/x/sys/windows"
)

// Windows has pseudo-terminals since version 1809 of Windows 10: a hidden console, whose host turns
// what is drawn into the sequences for a terminal, and which takes what is typed as a terminal would
// send it.

// Side is the side of a pseudo-terminal that is a process's console.
type Side struct {
	Console windows.Handle // HPCON
	ours    int            // from which what it draws is read
	input   *os.File       // to which what is typed is written
	close   sync.Once
}

// sides are the open ones, by our own sides.
var sides sync.Map // int → *Side

// Available reports whether there are pseudo-terminals.
var Available = sync.OnceValue(func() bool {
	kernel := windows.NewLazySystemDLL("kernel32.dll")
	// Wine has them, but they cannot be resized, nor be a process's standard handles.
	isWine := windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil
	return kernel.NewProc("CreatePseudoConsole").Find() == nil && !isWine
})

// Open makes a pseudo-terminal, where they are [Available]: what is read from it, and the console for
// whoever is started with it.
func Open(size Size) (ours int, theirs *Side, err error) {
	var in, typed, drawn, out windows.Handle
	if err := windows.CreatePipe(&in, &typed, nil, 0); err != nil {
		return -1, nil, err
	}
	defer func() { _ = windows.CloseHandle(in) }() // the host has a copy
	if err := windows.CreatePipe(&drawn, &out, nil, 0); err != nil {
		return -1, nil, errors.Join(err, windows.CloseHandle(typed))
	}
	defer func() { _ = windows.CloseHandle(out) }()
	var console windows.Handle
	if err := windows.CreatePseudoConsole(coord(size), in, out, 0, &console); err != nil {
		return -1, nil, errors.Join(err, windows.CloseHandle(typed), windows.CloseHandle(drawn))
	}
	theirs = &Side{Console: console, ours: int(drawn), input: os.NewFile(uintptr(typed), "terminal")}
	sides.Store(theirs.ours, theirs)
	return theirs.ours, theirs, nil
}

// coord is a size; the zero size is taken for the usual one.
func coord(size Size) windows.Coord {
	if size.Rows == 0 || size.Columns == 0 {
		size = usualSize
	}
	return windows.Coord{X: int16(min(size.Columns, 0x7fff)), Y: int16(min(size.Rows, 0x7fff))}
}

// Close ends the console, and whoever still has it. What it has drawn can be read, and then there is
// an end; older versions do not return before everything has been read.
func (s *Side) Close() error {
	s.close.Do(func() {
		sides.Delete(s.ours)
		go func() {
			windows.ClosePseudoConsole(s.Console)
			_ = s.input.Close()
		}()
	})
	return nil
}

// Interrupt types Ctrl-C to ask the processes on the console to stop: it is not reeve's console, so
// reeve's Ctrl-Break does not reach them.
func (s *Side) Interrupt() {
	const ctrlC = "\x03"
	go func() { _, _ = s.input.WriteString(ctrlC) }() // it may wait for one who does not read
}

// Duplicate gives a file to type into a terminal with, from any goroutine. It stays usable when the
// terminal is closed.
func Duplicate(fd int) (*os.File, error) {
	s, ok := sides.Load(fd)
	if !ok {
		return nil, os.ErrClosed
	}
	var again windows.Handle
	self := windows.CurrentProcess()
	err := windows.DuplicateHandle(self, windows.Handle(s.(*Side).input.Fd()), self, &again, 0, false, windows.DUPLICATE_SAME_ACCESS)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(again), "terminal"), nil
}

// Resize tells a pseudo-terminal its size; the zero size is taken for the usual one.
func Resize(fd int, size Size) error {
	s, ok := sides.Load(fd)
	if !ok {
		return os.ErrClosed
	}
	return windows.ResizePseudoConsole(s.(*Side).Console, coord(size))
}
