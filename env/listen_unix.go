//go:build unix

package env

import "syscall"

// errInUse is the error of listening on an address that is in use.
const errInUse = syscall.EADDRINUSE
