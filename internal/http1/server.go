package http1

import (
	"errors"
	"io"
	"net"
	"strconv"
	"sync"
	"time"
)

// Server answers requests.
type Server struct {
	Listener net.Listener
	Handler  func(*Exchange)
	// Fail answers a request that the server itself turns down.
	Fail func(*Exchange, Error)
	Limits

	mu    sync.Mutex
	conns map[*conn]state
	ends  bool
	over  chan struct{} // closed when nobody is connected; nil: nobody waits for that
}

// Limits are what a client may send, and how long it may take for it.
type Limits struct {
	Head, Body         int64
	HeadTime, BodyTime time.Duration
	Idle               time.Duration // between requests
}

// state is whether somebody would notice if a connection were closed.
type state bool

const (
	waiting state = false // for a request
	busy    state = true
)

// Serve answers whoever connects, until the server is closed.
func (s *Server) Serve() {
	const first, most = 5 * time.Millisecond, time.Second
	for pause := first; ; {
		c, err := s.Listener.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil: // there may be no descriptor left for now
			time.Sleep(pause)
			pause = min(2*pause, most)
			continue
		}
		pause = first
		of := &conn{Conn: c, server: s, from: NewReader(c, s.Head)}
		if s.set(of, waiting) {
			go of.serve()
		} else {
			_ = c.Close()
		}
	}
}

// set notes what a connection is about. It fails for one that has nothing to do while the
// server ends.
func (s *Server) set(c *conn, is state) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ends && is == waiting {
		return false
	}
	if s.conns == nil {
		s.conns = map[*conn]state{}
	}
	s.conns[c] = is
	return true
}

// forget notes that a connection is no longer the server's.
func (s *Server) forget(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
	s.noteOver()
}

func (s *Server) noteOver() {
	if len(s.conns) == 0 && s.over != nil {
		close(s.over)
		s.over = nil
	}
}

// End ends the server, except for answers that are under way: over is closed when nobody is connected
// any longer.
func (s *Server) End() (over <-chan struct{}) {
	_ = s.Listener.Close()
	all := make(chan struct{})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ends, s.over = true, all
	s.closeAll(waiting)
	s.noteOver()
	return all
}

// Cut breaks off the answers that are under way.
func (s *Server) Cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closeAll(busy)
}

// closeAll closes the connections that are in a state, whose goroutines then end.
func (s *Server) closeAll(those state) {
	for c, is := range s.conns {
		if is == those {
			_ = c.Close()
		}
	}
}

// conn is a client's connection.
type conn struct {
	net.Conn
	server *Server
	from   *Reader
}

// past is a time that interrupts who waits.
var past = time.Unix(1, 0)

// serve answers one request after the other.
func (c *conn) serve() {
	defer c.server.forget(c)
	defer func() { _ = c.Close() }()
	limit := c.server.HeadTime // the first request has no leave to wait
	for {
		_ = c.SetReadDeadline(time.Now().Add(limit))
		if _, err := c.from.Peek(1); err != nil || !c.server.set(c, busy) {
			return
		}
		x := &Exchange{Conn: c.Conn, conn: c}
		if err := c.receive(x); err != nil {
			c.refuse(x, err)
			return
		}
		_ = c.SetReadDeadline(time.Time{})
		c.server.Handler(x)
		if x.finish() != nil || !x.keep || !c.server.set(c, waiting) {
			return
		}
		limit = c.server.Idle
	}
}

// receive reads a request.
func (c *conn) receive(x *Exchange) (err error) {
	_ = c.SetReadDeadline(time.Now().Add(c.server.HeadTime))
	if x.Request, err = c.from.request(); err != nil {
		return err
	}
	x.keep = !x.old && !has(x.Header, "Connection", "close") || x.old && has(x.Header, "Connection", "keep-alive")
	f, err := framingOf(x.Header)
	if err != nil || f == unframed {
		return err
	}
	tooLarge := Error{TooLarge, "the body is larger than " + strconv.FormatInt(c.server.Body, 10) + " bytes"}
	if int64(f) > c.server.Body {
		return tooLarge
	}
	if has(x.Header, "Expect", "100-continue") && c.from.Buffered() == 0 {
		if _, err := io.WriteString(c, "HTTP/1.1 100 Continue\r\n\r\n"); err != nil {
			return err
		}
	}
	_ = c.SetReadDeadline(time.Now().Add(c.server.BodyTime))
	x.Body, err = io.ReadAll(io.LimitReader(c.from.body(f), c.server.Body+1))
	switch {
	case err != nil:
		return Error{BadRequest, "the body cannot be read: " + reason(err)}
	case int64(len(x.Body)) > c.server.Body:
		return tooLarge
	}
	return nil
}

func reason(err error) string {
	var timeout net.Error
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return "it takes too long"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "it is cut short"
	}
	return err.Error()
}

// lingering is how long a client that was turned down may still send: a connection that is
// closed before everything was read takes the answer with it.
const lingering = 500 * time.Millisecond

// refuse turns down what is not a request. One that breaks off has nobody to be told.
func (c *conn) refuse(x *Exchange, err error) {
	var wrong Error
	if !errors.As(err, &wrong) {
		return
	}
	if x.Request == nil {
		x.Request = &Request{Method: "GET", old: true}
	}
	x.keep = false
	c.server.Fail(x, wrong)
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		_ = c.SetReadDeadline(time.Now().Add(lingering))
		_, _ = io.Copy(io.Discard, c.Conn)
	}
}
