package stack

import "testing"

// TestGrows asks for the room: what a function asks for is of no use if the compiler leaves it out.
func TestGrows(t *testing.T) {
	if Of16K() != 0 || Of8K() != 0 {
		t.Error("the stack is not only grown")
	}
	if Of16K(1, 2) != 2 || Of8K(1, 2) != 2 {
		t.Error("there is no room on the stack")
	}
}
