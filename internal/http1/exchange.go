package http1

import (
	"bufio"
	"context"
	"errors"
	"net"
	"strconv"
	"time"
)

// Exchange is a request and the answer to it.
type Exchange struct {
	*Request
	Conn net.Conn // the client's

	conn   *conn
	keep   bool   // the connection, for another request
	fields []byte // of the answer's head, besides those that every answer has
	began  bool   // the answer
	parts  bool   // it has parts, and each is a chunk
	out    []byte // a part with what is around it
	cancel func()
}

// Context ends when the client hangs up. Looking for that takes a goroutine, so it is for
// handlers that wait.
func (x *Exchange) Context() context.Context {
	ctx, end := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if _, err := x.conn.from.Peek(1); err != nil { // else it is the next request
			end()
		}
	}()
	x.cancel = func() {
		_ = x.Conn.SetReadDeadline(past)
		<-done
		_ = x.Conn.SetReadDeadline(time.Time{})
		end()
	}
	return ctx
}

// Set adds a field to the head of the answer.
func (x *Exchange) Set(key, value string) {
	x.fields = append(x.fields, key+": "+value+"\r\n"...)
}

// Reply answers.
func (x *Exchange) Reply(status int, body []byte) error {
	x.Set("Content-Length", strconv.Itoa(len(body)))
	head := x.head(status)
	if x.Method != "HEAD" {
		head = append(head, body...)
	}
	_, err := x.Conn.Write(head)
	return err
}

// head begins an answer.
func (x *Exchange) head(status int) []byte {
	x.began = true
	head := append([]byte("HTTP/1.1 "), strconv.Itoa(status)+" "+StatusText(status)+"\r\n"...)
	head = append(head, x.fields...)
	head = time.Now().UTC().AppendFormat(append(head, "Date: "...), "Mon, 02 Jan 2006 15:04:05 GMT\r\n")
	switch {
	case status == Switching:
	case !x.keep:
		head = append(head, "Connection: close\r\n"...)
	case x.old:
		head = append(head, "Connection: keep-alive\r\n"...)
	}
	return append(head, "\r\n"...)
}

// errNoBody says that an answer has no body, so that nothing more need be written.
var errNoBody = errors.New("the answer to HEAD has no body")

// Write sends a part of the answer's body at once, with whatever has been set in front of
// the first one. An old client learns from the end of the connection that it is complete.
func (x *Exchange) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	x.out = x.out[:0]
	if !x.began {
		x.begin()
	}
	switch {
	case x.Method == "HEAD":
		_, err := x.Conn.Write(x.out)
		return 0, errors.Join(errNoBody, err)
	case x.parts:
		x.out = append(strconv.AppendInt(x.out, int64(len(p)), 16), "\r\n"...)
		x.out = append(append(x.out, p...), "\r\n"...)
	default:
		x.out = append(x.out, p...)
	}
	if _, err := x.Conn.Write(x.out); err != nil {
		x.keep, x.parts = false, false
		return 0, err
	}
	return len(p), nil
}

// begin begins an answer that has parts.
func (x *Exchange) begin() {
	if x.old {
		x.keep = false
	} else {
		x.parts = x.Method != "HEAD"
		x.Set("Transfer-Encoding", "chunked")
	}
	x.out = append(x.out, x.head(OK)...)
}

// finish ends the answer. One that a handler has not begun is empty.
func (x *Exchange) finish() error {
	if x.cancel != nil {
		x.cancel()
	}
	var err error
	switch {
	case !x.began:
		err = x.Reply(OK, nil)
	case x.parts:
		_, err = x.Conn.Write([]byte("0\r\n\r\n"))
	}
	return err
}

// Upgrade leaves the connection to the caller, who speaks another protocol on it. Nobody
// waits for its end.
func (x *Exchange) Upgrade(protocol string) (net.Conn, *bufio.Reader, error) {
	if x.cancel != nil {
		x.cancel()
	}
	x.conn.server.forget(x.conn)
	x.Set("Connection", "Upgrade")
	x.Set("Upgrade", protocol)
	x.keep = false
	_, err := x.Conn.Write(x.head(Switching))
	return x.Conn, x.conn.from.Reader, err
}
