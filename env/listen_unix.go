//go:build unix

package env

import "syscall"

// errInUse is what a listener on an address gets that somebody else has.
const errInUse = syscall.EADDRINUSE
