package env

import (
	"encoding/binary"
	"errors"
	"syscall"
)

// The kernel tells of the sockets that listen, and of nothing else, when asked through
// sock_diag(7): that takes it microseconds, however many there are and however many connections.

// errNoDiag says that the kernel has not told.
var errNoDiag = errors.New("no answer")

// listeningPorts asks for the ports on which somebody listens, on any address.
func listeningPorts() (map[int]bool, error) {
	fd, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, netlinkSockDiag)
	if err != nil {
		return nil, err
	}
	defer syscall.Close(fd)
	found := map[int]bool{}
	for _, family := range []byte{syscall.AF_INET, syscall.AF_INET6} {
		if err := syscall.Sendto(fd, diagRequest(family), 0, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK}); err != nil {
			return nil, err
		}
		if err := readDiag(fd, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// From the kernel's linux/netlink.h, linux/sock_diag.h and linux/inet_diag.h.
const (
	netlinkSockDiag  = 4
	sockDiagByFamily = 20
	stateListen      = 10
	requestSize      = 56 // of struct inet_diag_req_v2
	portAt           = 4  // in struct inet_diag_msg
)

// diagRequest asks for all sockets of a family that listen.
func diagRequest(family byte) []byte {
	request := make([]byte, syscall.NLMSG_HDRLEN+requestSize)
	order := binary.NativeEndian
	order.PutUint32(request, uint32(len(request)))
	order.PutUint16(request[4:], sockDiagByFamily)
	order.PutUint16(request[6:], syscall.NLM_F_REQUEST|syscall.NLM_F_DUMP)
	body := request[syscall.NLMSG_HDRLEN:]
	body[0], body[1] = family, syscall.IPPROTO_TCP
	order.PutUint32(body[4:], 1<<stateListen)
	return request
}

// readDiag reads an answer to its end. The kernel has it ready at once.
func readDiag(fd int, found map[int]bool) error {
	buf := make([]byte, 16<<10)
	for {
		n, _, err := syscall.Recvfrom(fd, buf, syscall.MSG_DONTWAIT)
		if err != nil {
			return err
		}
		messages, err := syscall.ParseNetlinkMessage(buf[:n])
		if err != nil {
			return err
		}
		for _, m := range messages {
			switch {
			case m.Header.Type == syscall.NLMSG_DONE:
				return nil
			case m.Header.Type != sockDiagByFamily || len(m.Data) < portAt+2:
				return errNoDiag
			}
			found[int(binary.BigEndian.Uint16(m.Data[portAt:]))] = true
		}
	}
}
