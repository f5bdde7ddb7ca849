package control

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// xucred is struct xucred (sys/ucred.h), the end of which golang.org/x/sys has for FreeBSD before 13:
// there it is zero.
type xucred struct {
	_   uint32
	_   uint32
	_   int16
	_   [16]uint32
	end uintptr // a union of a pointer and the pid, which has 32 bits
}

// It is as long as that, or this does not compile.
var _ = [1]int{}[unsafe.Sizeof(xucred{})-unsafe.Sizeof(unix.Xucred{})]

// pidOf is the pid of the process at the other end of a socket; 0: unknown. The machines are those
// whose words begin with the lower half.
func pidOf(_ int, cred *unix.Xucred) int { return int(int32((*xucred)(unsafe.Pointer(cred)).end)) }
