package held

import (
	"net"

	"golang.org/x/sys/unix"
)

// confine leaves a socket of all addresses only what comes from this machine itself, by way of the
// loopback interface. Unprivileged users may since Linux 5.7.
func confine(fd int) error { return unix.BindToDevice(fd, "lo") }

// peerPid is who listens at the other end of a Unix socket; 0: it cannot be told.
func peerPid(fd int) int {
	cred, err := unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED)
	if err != nil {
		return 0
	}
	return int(cred.Pid)
}

// interfaceIndex is the number of a network interface, for an address with a zone.
func interfaceIndex(name string) uint32 {
	i, err := net.InterfaceByName(name)
	if err != nil {
		return 0
	}
	return uint32(i.Index)
}
