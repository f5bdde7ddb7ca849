package console

import (
	"os"

	"golang.org/x/sys/windows"
)

// utf8 is the number of the code page that reeve writes.
const utf8 = 65001

// former is how the console was before [Prepare].
var former struct {
	modes map[windows.Handle]uint32
	page  uint32 // 0: there is no console
}

// Prepare makes the console understand escape sequences and UTF-8.
func Prepare() {
	former.modes = map[windows.Handle]uint32{}
	for _, f := range []*os.File{os.Stdout, os.Stderr} {
		h := windows.Handle(f.Fd())
		var mode uint32
		if windows.GetConsoleMode(h, &mode) != nil {
			continue
		}
		wanted := mode | windows.ENABLE_PROCESSED_OUTPUT | windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING
		if windows.SetConsoleMode(h, wanted) == nil {
			former.modes[h] = mode
		}
	}
	if len(former.modes) == 0 {
		return
	}
	if page, err := windows.GetConsoleOutputCP(); err == nil && windows.SetConsoleOutputCP(utf8) == nil {
		former.page = page
	}
}

// Restore leaves the console as it was. The code page and the modes belong to it, and not to reeve.
func Restore() {
	for h, mode := range former.modes {
		_ = windows.SetConsoleMode(h, mode)
	}
	if former.page != 0 {
		_ = windows.SetConsoleOutputCP(former.page)
	}
	former.modes, former.page = nil, 0
}
