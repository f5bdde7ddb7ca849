package env

import "golang.org/x/sys/windows"

// errInUse is the error of listening on an address that is in use.
const errInUse = windows.WSAEADDRINUSE
