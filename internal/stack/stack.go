// Package stack gives goroutines of a start the stack that they are going to need.
//
// A goroutine begins with 2 KB, and gets twice as much whenever that does not do. To move what
// is on a stack, Go looks up in tables what each frame holds, and touches many pages of these for
// the first time. So a stack grows once, while hardly anything is on it: of a start of 7 ms that
// takes 0.4 away.
package stack

// Of16K makes the stack of the calling goroutine one of 16 KB.
//
//go:noinline
func Of16K(touched ...byte) byte {
	if len(touched) == 0 {
		return 0 // what grows the stack is the room for what follows, which a function asks for as it begins
	}
	var room [12 << 10]byte
	copy(room[:], touched)
	return room[touched[0]]
}

// Of8K makes it one of 8 KB.
//
//go:noinline
func Of8K(touched ...byte) byte {
	if len(touched) == 0 {
		return 0
	}
	var room [5 << 10]byte
	copy(room[:], touched)
	return room[touched[0]]
}
