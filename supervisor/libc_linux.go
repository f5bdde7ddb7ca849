//go:build cgo

package supervisor

// libc says that there may be a C library in the program, into whose memory the kernel writes, as
// for rseq(2), when a copy of the program begins to run.
const libc = true
