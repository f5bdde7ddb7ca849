package control

// hasRoom reports true: there is no way to tell.
func hasRoom(uintptr) bool { return true }
