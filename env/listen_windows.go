package env

import "golang.org/x/sys/windows"

// errInUse is what a listener on an address gets that somebody else has.
const errInUse = windows.WSAEADDRINUSE
