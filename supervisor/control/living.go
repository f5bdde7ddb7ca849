package control

import (
	"errors"
	"net"
	"os"
	"time"
)

// Of a reeve that was killed the kernel accepts connections until the last of its threads has ended,
// and breaks them off then. So only who answers counts as alive for those who want its place, and who
// is suspended or busy.

// answerPatience bounds how long they wait for that.
const answerPatience = 200 * time.Millisecond

// mostDying bounds for how many of the dying, one after the other.
const mostDying = 5

// dialLiving connects to somebody who is not about to be gone.
func dialLiving(dial func(at string) (net.Conn, error), at string) (conn net.Conn, err error) {
	for range mostDying {
		if conn, err = dial(at); err != nil || lives(conn) {
			return conn, err
		}
		_ = conn.Close()
	}
	return dial(at)
}

// lives reports whether there is somebody at the other end who will still be there in a moment.
func lives(conn net.Conn) bool {
	if isSuspended(peerPid(conn)) {
		return true
	}
	_ = conn.SetDeadline(time.Now().Add(answerPatience))
	// There is nothing at that path: nobody is asked for anything.
	_, err := conn.Write([]byte("HEAD / HTTP/1.1\r\nHost: reeve\r\n\r\n"))
	if err == nil {
		_, err = conn.Read(make([]byte, 1))
	}
	return err == nil || errors.Is(err, os.ErrDeadlineExceeded)
}
