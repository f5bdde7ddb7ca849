package http1

import (
	"context"
	"io"
	"maps"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxAnswer bounds the head of an answer.
const maxAnswer = 1 << 20

// Ask asks a server on a connection, which is used for nothing else before or after, and
// waits for the head of the answer. Whoever gets an answer closes it. The end of the
// context interrupts all of it, with the context's error.
func Ask(ctx context.Context, c net.Conn, r *Request) (*Response, error) {
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(past) })
	from := NewReader(c, maxAnswer)
	_, err := c.Write(r.text())
	var answer *Response
	if read, readErr := from.response(r.Method); readErr == nil || err == nil { // it may answer before it has all
		answer, err = read, readErr
	}
	if err != nil {
		stop()
		_ = c.Close()
		return nil, cause(ctx, err)
	}
	answer.Body = &interrupted{answer.Body, ctx}
	answer.Conn, answer.From = c, from.Reader
	answer.close = func() error {
		stop()
		return c.Close()
	}
	return answer, nil
}

// text is a request as it is sent.
func (r *Request) text() []byte {
	out := append([]byte(r.Method), " "+r.URL.RequestURI()+" HTTP/1.1\r\nHost: "+hostOf(r.URL)+"\r\nUser-Agent: reeve\r\n"...)
	for _, key := range slices.Sorted(maps.Keys(r.Header)) {
		for _, value := range r.Header[key] {
			out = append(out, key+": "+value+"\r\n"...)
		}
	}
	if len(r.Body) > 0 || r.Method == "POST" {
		out = append(out, "Content-Length: "+strconv.Itoa(len(r.Body))+"\r\n"...)
	}
	return append(append(out, "\r\n"...), r.Body...)
}

// hostOf is a URL's host as a request names it: the zone of an address means something on
// this machine alone.
func hostOf(u *url.URL) string {
	open, zone := strings.IndexByte(u.Host, '['), strings.IndexByte(u.Host, '%')
	end := strings.IndexByte(u.Host, ']')
	if open == 0 && zone > 0 && end > zone {
		return u.Host[:zone] + u.Host[end:]
	}
	return strings.TrimSuffix(u.Host, ":")
}

// interrupted is a body that the end of a context ends.
type interrupted struct {
	io.Reader
	ctx context.Context
}

func (b *interrupted) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	return n, cause(b.ctx, err)
}

// cause is the context's error if that has led to err.
func cause(ctx context.Context, err error) error {
	if err != nil && err != io.EOF && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
