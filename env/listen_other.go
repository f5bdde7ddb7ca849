//go:build !linux

package env

// Listeners tells which of the ports somebody already listens on, on any local
// address. Who it is, this system does not tell.
func Listeners(ports []int) []Owner {
	return taken(ports)
}

// FirstHeld finds the first of some ports in a row on which nobody else could listen now.
func FirstHeld(first, last int) (o Owner, held bool) {
	for port := first; port <= last; port++ {
		if isTaken(port) {
			return Owner{Port: port}, true
		}
	}
	return Owner{}, false
}

// PortsOf knows nothing either.
func PortsOf([]int) map[int][]int { return nil }
