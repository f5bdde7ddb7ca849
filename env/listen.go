package env

import (
	"errors"
	"net"
	"strconv"
)

// Owner is who listens on a TCP port. PID is 0 and Name empty where the system
// does not tell, as it does not for another user's process.
type Owner struct {
	Port int
	PID  int
	Name string
}

// taken finds the ports that somebody listens on by trying to listen there.
func taken(ports []int) []Owner {
	var owners []Owner
	for _, port := range ports {
		if isTaken(port) {
			owners = append(owners, Owner{Port: port})
		}
	}
	return owners
}

// isTaken tries the loopback addresses too: not every system refuses the
// wildcard while somebody listens on one address.
func isTaken(port int) bool {
	for _, host := range []string{"", "0.0.0.0", "::", "127.0.0.1", "::1"} {
		l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
		if err == nil {
			l.Close()
		}
		if errors.Is(err, errInUse) {
			return true
		}
	}
	return false
}
