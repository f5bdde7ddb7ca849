//go:build !cgo

package supervisor

const libc = false
