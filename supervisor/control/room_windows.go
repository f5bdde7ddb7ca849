package control

// hasRoom says yes, since nothing tells.
func hasRoom(uintptr) bool { return true }
