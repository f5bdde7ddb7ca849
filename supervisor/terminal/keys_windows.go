package terminal

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"time"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/sys/windows"
)

// TakeKeys makes a console hand over keys one by one, as the sequences that a terminal would send,
// and show what is written to it as a terminal would. restore makes it as it was before; it can be
// called more than once.
func TakeKeys(fd int, keys Keys) (restore func(), err error) {
	in, out := windows.Handle(fd), windows.Handle(os.Stdout.Fd())
	var inBefore, outBefore uint32
	if err := errors.Join(windows.GetConsoleMode(in, &inBefore), windows.GetConsoleMode(out, &outBefore)); err != nil {
		return nil, err
	}
	const own = windows.ENABLE_LINE_INPUT | windows.ENABLE_ECHO_INPUT | windows.ENABLE_PROCESSED_INPUT | windows.ENABLE_MOUSE_INPUT | windows.ENABLE_QUICK_EDIT_MODE
	after := inBefore&^own | windows.ENABLE_EXTENDED_FLAGS
	if keys == KeysButSignals {
		after |= windows.ENABLE_PROCESSED_INPUT
	}
	// Consoles that know no such sequences tell of the keys: see bytesOf.
	if windows.SetConsoleMode(in, after|windows.ENABLE_VIRTUAL_TERMINAL_INPUT) != nil {
		err = windows.SetConsoleMode(in, after)
	}
	if err == nil {
		err = windows.SetConsoleMode(out, outBefore|windows.ENABLE_PROCESSED_OUTPUT|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING|windows.DISABLE_NEWLINE_AUTO_RETURN)
	}
	restore = func() {
		_ = windows.SetConsoleMode(in, inBefore)
		_ = windows.SetConsoleMode(out, outBefore)
	}
	if err != nil {
		restore()
		return nil, err
	}
	return restore, nil
}

// InForeground reports true: there are no background jobs.
func InForeground(int) bool { return true }

// IsForeign reports false: there are no sessions.
func IsForeign(int) bool { return false }

// SizeOf gives the size of a console's window, zero if it is none.
func SizeOf(fd int) Size {
	var info windows.ConsoleScreenBufferInfo
	if windows.GetConsoleScreenBufferInfo(windows.Handle(fd), &info) != nil {
		return Size{}
	}
	w := info.Window
	return Size{Rows: uint16(w.Bottom - w.Top + 1), Columns: uint16(w.Right - w.Left + 1)}
}

// ResizeSignal tells of a new size, see [NotifyResize].
var ResizeSignal os.Signal = syscall.Signal(-5)

// sizePoll is how often it is looked whether the console has another size: nothing tells, but for
// whoever reads what is typed.
const sizePoll = 250 * time.Millisecond

// NotifyResize has a channel told when reeve's console has another size, until stop is called.
func NotifyResize(told chan<- os.Signal) (stop func()) {
	size, ended := SizeOf(int(os.Stdout.Fd())), make(chan struct{})
	if size == (Size{}) {
		return func() {}
	}
	go func() {
		for {
			select {
			case <-ended:
				return
			case <-time.After(sizePoll):
			}
			now := SizeOf(int(os.Stdout.Fd()))
			if now == size {
				continue
			}
			size = now
			select {
			case told <- ResizeSignal:
			default: // it will look soon
			}
		}
	}()
	return sync.OnceFunc(func() { close(ended) })
}

// keyRecord is an INPUT_RECORD of wincon.h with a KEY_EVENT_RECORD in it.
type keyRecord struct {
	kind      uint16
	_         uint16
	down      int32
	repeated  uint16
	key, scan uint16
	char      uint16
	modifiers uint32
}

const keyEvent = 1

var procReadConsoleInput = windows.NewLazySystemDLL("kernel32.dll").NewProc("ReadConsoleInputW")

// ReadKeys waits for what is typed.
func ReadKeys(fd int, buf []byte) (int, error) {
	for {
		n, err := ReadTyped(fd, buf)
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// ReadTyped takes what has been typed. It waits if nothing has happened at a console; but what has
// happened may be nothing that is typed.
func ReadTyped(fd int, buf []byte) (n int, err error) {
	records := make([]keyRecord, min(len(buf)/longestKey, 128))
	var got uint32
	ok, _, err := procReadConsoleInput.Call(uintptr(fd), uintptr(unsafe.Pointer(&records[0])), uintptr(len(records)), uintptr(unsafe.Pointer(&got)))
	if ok == 0 {
		return 0, err
	}
	for _, r := range records[:got] {
		for range max(r.repeated, 1) {
			if n+longestKey > len(buf) {
				break // a key that is held
			}
			n += copy(buf[n:], bytesOf(r))
		}
	}
	return n, nil
}

// longestKey is more bytes than a key gives.
const longestKey = 8

// half is the first half of a character that comes as two keys. It belongs to who reads.
var half rune

// bytesOf is what a terminal would send for a key.
func bytesOf(r keyRecord) []byte {
	const alt = 0x12 // whose end may bring a character that was typed as a number
	if r.kind != keyEvent || r.down == 0 && (r.key != alt || r.char == 0) {
		return nil
	}
	if r.char == 0 {
		return []byte(sequences[r.key])
	}
	c := rune(r.char)
	switch {
	case utf16.IsSurrogate(c) && half == 0:
		half = c
		return nil
	case utf16.IsSurrogate(c):
		c, half = utf16.DecodeRune(half, c), 0
	}
	return utf8.AppendRune(nil, c)
}

// sequences are those of keys that are no characters, by their codes in winuser.h, for consoles that
// do not know them.
var sequences = map[uint16]string{
	0x21: "\x1b[5~", 0x22: "\x1b[6~", 0x23: "\x1b[F", 0x24: "\x1b[H",
	0x25: "\x1b[D", 0x26: "\x1b[A", 0x27: "\x1b[C", 0x28: "\x1b[B",
	0x2d: "\x1b[2~", 0x2e: "\x1b[3~",
}
