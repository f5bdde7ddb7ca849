package http1

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a listener to whom tests connect, without a descriptor.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func newPipes() *pipes { return &pipes{make(chan net.Conn), make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		if c == nil {
			return nil, syscall.EMFILE
		}
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return nil }

func (p *pipes) dial() net.Conn {
	ours, theirs := net.Pipe()
	p.conns <- theirs
	return ours
}

// inBubble serves paths that are named for what they do, in fake time.
func inBubble(t *testing.T, f func(t *testing.T, p *pipes, s *Server)) {
	synctest.Test(t, func(t *testing.T) {
		p := newPipes()
		s := &Server{
			Listener: p, Handler: handle,
			Fail:   func(x *Exchange, err Error) { _ = x.Reply(err.Status, []byte(err.Text)) },
			Limits: Limits{Head: 1000, Body: 100, HeadTime: 5 * time.Second, BodyTime: 3 * time.Second, Idle: time.Minute},
		}
		go s.Serve()
		f(t, p, s)
		select {
		case <-p.closed:
		default:
			<-s.End()
		}
	})
}

func handle(x *Exchange) {
	switch x.URL.Path {
	case "/echo":
		_ = x.Reply(OK, x.Body)
	case "/parts":
		x.Set("Content-Type", "text/x")
		for _, part := range strings.Fields("one two three") {
			if _, err := x.Write([]byte(part)); err != nil {
				return
			}
		}
	case "/gone":
		<-x.Context().Done()
	case "/slow":
		select {
		case <-x.Context().Done():
		case <-time.After(10 * time.Second):
			_ = x.Reply(OK, []byte("at last"))
		}
	case "/upgrade":
		conn, from, err := x.Upgrade("shout")
		if err == nil {
			line, _ := from.ReadString('\n')
			_, _ = io.WriteString(conn, strings.ToUpper(line))
		}
	}
}

// talk sends everything and gives what comes back until the connection ends.
func talk(p *pipes, send string) string {
	c := p.dial()
	defer c.Close()
	go func() { _, _ = io.WriteString(c, send) }()
	got, _ := io.ReadAll(c)
	return string(got)
}

const (
	date  = "Date: Sat, 01 Jan 2000 00:00:00 GMT\r\n"
	last  = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
	ended = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + date + "Connection: close\r\n\r\n"
)

func TestServer(t *testing.T) {
	for _, tt := range []struct{ name, send, want string }{
		{"a body", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello" + last,
			"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n" + date + "\r\nhello" + ended},
		{"chunks", "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n" + last,
			"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n" + date + "\r\nhello" + ended},
		{"in parts", "GET /parts HTTP/1.1\r\nHost: x\r\n\r\n" + last,
			"HTTP/1.1 200 OK\r\nContent-Type: text/x\r\nTransfer-Encoding: chunked\r\n" + date + "\r\n3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n" + ended},
		{"the last one in parts", "GET /parts HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
			"HTTP/1.1 200 OK\r\nContent-Type: text/x\r\nTransfer-Encoding: chunked\r\n" + date + "Connection: close\r\n\r\n3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n"},
		{"only the head", "HEAD /echo HTTP/1.1\r\nHost: x\r\n\r\nHEAD /parts HTTP/1.1\r\nHost: x\r\n\r\n" + last,
			"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + date + "\r\nHTTP/1.1 200 OK\r\nContent-Type: text/x\r\nTransfer-Encoding: chunked\r\n" + date + "\r\n" + ended},
		{"an old client", "GET /parts HTTP/1.0\r\n\r\n",
			"HTTP/1.1 200 OK\r\nContent-Type: text/x\r\n" + date + "Connection: close\r\n\r\nonetwothree"},
		{"an old client that stays", "GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + last,
			"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + date + "Connection: keep-alive\r\n\r\n" + ended},
		{"an upgrade", "GET /upgrade HTTP/1.1\r\nHost: x\r\n\r\nhello\n",
			"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: shout\r\n" + date + "\r\nHELLO\n"},
		{"one after the other for a client that waits", "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n" + last,
			"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nDate: Sat, 01 Jan 2000 00:00:10 GMT\r\n\r\nat last" + strings.Replace(ended, "00:00:00", "00:00:10", 1)},
		{"garbage", "\x16\x03\x01\r\n\r\n", refused(400, "this is not an HTTP request")},
		{"no host", "GET / HTTP/1.1\r\n\r\n", refused(400, "there must be one Host")},
		{"another version", "GET / HTTP/2.0\r\n\r\n", refused(505, "this is for HTTP/1.1")},
		{"a long head", "GET / HTTP/1.1\r\nA: " + strings.Repeat("x", 10_000), refused(431, "the header is too long")},
		{"a long body", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n", refused(413, "the body is larger than 100 bytes")},
		{"long chunks", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n" + strings.Repeat("x", 10_000), refused(413, "the body is larger than 100 bytes")},
		{"a broken chunk", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", refused(400, "the body cannot be read: a chunk is malformed")},
		{"a slow body", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhello", strings.Replace(refused(400, "the body cannot be read: it takes too long"), "00:00:00", "00:00:03", 1)},
		{"a slow head", "GET / HT", ""},
		{"nothing", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, p *pipes, _ *Server) {
				if got := talk(p, tt.send); got != tt.want {
					t.Errorf("got\n%q, want\n%q", got, tt.want)
				}
			})
		})
	}
}

// refused is how a request is turned down.
func refused(status int, text string) string {
	var out strings.Builder
	x := &Exchange{Request: &Request{}, Conn: stringConn{&out}}
	_ = x.Reply(status, []byte(text))
	head, _, _ := strings.Cut(out.String(), "Date: ")
	return head + date + "Connection: close\r\n\r\n" + text
}

type stringConn struct{ *strings.Builder }

func (stringConn) Read([]byte) (int, error)         { return 0, io.EOF }
func (stringConn) Close() error                     { return nil }
func (stringConn) LocalAddr() net.Addr              { return nil }
func (stringConn) RemoteAddr() net.Addr             { return nil }
func (stringConn) SetDeadline(time.Time) error      { return nil }
func (stringConn) SetReadDeadline(time.Time) error  { return nil }
func (stringConn) SetWriteDeadline(time.Time) error { return nil }

func TestTimes(t *testing.T) {
	inBubble(t, func(t *testing.T, p *pipes, _ *Server) {
		for _, tt := range []struct {
			send string
			want time.Duration
		}{{"", 5 * time.Second}, {"GET / HT", 5 * time.Second}, {"GET /echo HTTP/1.1\r\nHost: x\r\n\r\n", time.Minute}} {
			start := time.Now()
			talk(p, tt.send)
			if took := time.Since(start); took != tt.want {
				t.Errorf("after %q the server hangs up after %v, not %v", tt.send, took, tt.want)
			}
		}
	})
}

func TestExpect(t *testing.T) {
	inBubble(t, func(t *testing.T, p *pipes, _ *Server) {
		c := p.dial()
		defer c.Close()
		_, _ = io.WriteString(c, "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
		from := bufio.NewReader(c)
		line, _ := from.ReadString('\n')
		if blank, _ := from.ReadString('\n'); line != "HTTP/1.1 100 Continue\r\n" || blank != "\r\n" {
			t.Errorf("got %q, %q", line, blank)
		}
		_, _ = io.WriteString(c, "hi")
		if line, _ = from.ReadString('\n'); line != "HTTP/1.1 200 OK\r\n" {
			t.Errorf("got %q", line)
		}
	})
}

// A handler that waits learns that its client has left, so that the server ends at once.
func TestClientThatLeaves(t *testing.T) {
	inBubble(t, func(t *testing.T, p *pipes, s *Server) {
		c := p.dial()
		_, _ = io.WriteString(c, "GET /gone HTTP/1.1\r\nHost: x\r\n\r\n")
		synctest.Wait()
		_ = c.Close()
		synctest.Wait()
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.conns) > 0 {
			t.Errorf("%d connections are left", len(s.conns))
		}
	})
}

func TestClose(t *testing.T) {
	for _, tt := range []struct {
		name, send    string
		patience, end time.Duration
		want          string
	}{
		{"nobody asks", "", time.Minute, 0, ""},
		{"somebody has asked", "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n", time.Minute, 0, "200"},
		{"somebody waits", "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n", time.Minute, 10 * time.Second, "200"},
		{"somebody waits for too long", "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n", time.Second, time.Second, ""},
		{"somebody has another protocol", "GET /upgrade HTTP/1.1\r\nHost: x\r\n\r\n", time.Minute, 0, "101"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, p *pipes, s *Server) {
				c := p.dial()
				defer c.Close()
				answer := make(chan string, 1)
				go func() {
					_, _ = io.WriteString(c, tt.send)
					line, _ := bufio.NewReader(c).ReadString('\n')
					answer <- line
				}()
				synctest.Wait()
				start := time.Now()
				select {
				case <-s.End():
				case <-time.After(tt.patience):
					s.Cut()
				}
				if took := time.Since(start); took != tt.end {
					t.Errorf("it took %v, not %v", took, tt.end)
				}
				if got := <-answer; !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
					t.Errorf("the answer is %q", got)
				}
			})
		})
	}
}

// Without descriptors nobody can connect for a while, and then again.
func TestAcceptFails(t *testing.T) {
	inBubble(t, func(t *testing.T, p *pipes, _ *Server) {
		for range 3 {
			p.conns <- nil
		}
		if got := talk(p, last); !strings.HasPrefix(got, "HTTP/1.1 200") {
			t.Errorf("got %q", got)
		}
	})
}

func TestAsk(t *testing.T) {
	inBubble(t, func(t *testing.T, p *pipes, _ *Server) {
		ask := func(ctx context.Context, method, path string, body string) (*Response, error) {
			r, err := ourRequestFor(method, path, body)
			if err != nil {
				t.Fatal(err)
			}
			return Ask(ctx, p.dial(), r)
		}
		for _, tt := range []struct{ method, path, body, want string }{
			{"POST", "/echo", "hello", "hello"}, {"GET", "/parts", "", "onetwothree"}, {"HEAD", "/parts", "", ""}, {"POST", "/nothing", "", ""},
		} {
			answer, err := ask(t.Context(), tt.method, tt.path, tt.body)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(answer.Body); string(got) != tt.want || err != nil {
				t.Errorf("%s: got %q, %v", tt.path, got, err)
			}
			_ = answer.Close()
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := ask(ctx, "GET", "/slow", ""); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}
