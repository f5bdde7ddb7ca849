package control

import (
	"context"
	"errors"
	"net"
	"syscall"
	"time"
)

// Whoever reads the log may be slow, and the formation does not wait for him at its end. So
// nothing is written to him before there is room for all of it: then he never has half a
// line, and there is always room for a last word.

// ErrNoTime says that a batch has not been taken: the formation ends, and its reader has had
// the time that there is.
var ErrNoTime = errors.New("the formation is ending")

// descriptorConn is a connection whose descriptor can be looked at.
type descriptorConn interface {
	net.Conn
	syscall.Conn
}

// room is what a client's connection has of it.
type room struct {
	conn  descriptorConn
	raw   syscall.RawConn // nil: nobody can tell
	hurry context.Context
	woken chan struct{} // closed when a wait has been cut short by the end of hurry
	said  bool          // that there is no time
	close func() bool
}

// roomOf finds the room of a client's connection. It is waited for until hurry ends.
func roomOf(client net.Conn, hurry context.Context) *room {
	of := &room{hurry: hurry, woken: make(chan struct{}), close: func() bool { return false }}
	conn, ok := client.(descriptorConn)
	if !ok {
		return of
	}
	if raw, err := conn.SyscallConn(); err == nil {
		of.conn, of.raw = conn, raw
		of.close = context.AfterFunc(hurry, func() {
			_ = conn.SetWriteDeadline(time.Now())
			close(of.woken)
		})
	}
	return of
}

// wait waits for room. When there is no time it says so, once: what is written then is the
// last, and may take as long as [Server.Close] does.
func (r *room) wait() error {
	switch {
	case r.raw == nil || r.said:
		return nil
	case r.hurry.Err() == nil && r.raw.Write(hasRoom) == nil:
		return nil
	case r.hurry.Err() == nil:
		return net.ErrClosed
	}
	r.said = true
	<-r.woken
	_ = r.conn.SetWriteDeadline(time.Now().Add(lastPart))
	return ErrNoTime
}
