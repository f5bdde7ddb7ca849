//go:build unix

package main

import (
	"io"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// More scriptCommands, for services that are there late.
//
//	reserve KEY         like listen, but nobody listens there
//	accept KEY          listen on the port that was reserved
//	listen-unix FILE    listen on a Unix socket
//	hammer PORT|FILE    connect there again and again in the background
//	hammered            that has been answered, and nobody has refused a connection
func init() {
	scriptCommands["reserve"] = positive(1, reserve)
	scriptCommands["accept"] = positive(1, accept)
	scriptCommands["listen-unix"] = positive(1, listenUnix)
	scriptCommands["hammer"] = positive(1, hammer)
	scriptCommands["hammered"] = positive(0, hammered)
}

// clients are those that a script has connect again and again.
type clients struct {
	end     chan struct{}
	all     sync.WaitGroup
	answers atomic.Int64
	refused atomic.Value // error
}

func hammer(ts *testscript.TestScript, args []string) {
	c := &clients{end: make(chan struct{})}
	network, addresses := "tcp", []string{"127.0.0.1:" + args[0], "[::1]:" + args[0]}
	if _, err := strconv.Atoi(args[0]); err != nil {
		network, addresses = "unix", []string{ts.MkAbs(args[0])}
	}
	for _, address := range addresses {
		c.all.Go(func() { c.connect(network, address) })
	}
	backgroundOf(ts).clients = c
	ts.Defer(func() { c.stop() })
}

func (c *clients) stop() {
	select {
	case <-c.end:
	default:
		close(c.end)
	}
	c.all.Wait()
}

// connect connects, and waits for the answer, until it is to end.
func (c *clients) connect(network, address string) {
	for {
		select {
		case <-c.end:
			return
		default:
		}
		conn, err := net.DialTimeout(network, address, patience)
		if err != nil {
			c.refused.Store(err)
			return
		}
		_ = conn.SetDeadline(time.Now().Add(time.Second)) // it may be in the queue of one that has ended
		if answer, _ := io.ReadAll(conn); len(answer) > 0 {
			c.answers.Add(1)
		}
		_ = conn.Close()
	}
}

func hammered(ts *testscript.TestScript, _ []string) {
	c := backgroundOf(ts).clients.(*clients)
	for began := time.Now(); c.answers.Load() == 0 && time.Since(began) < patience; {
		time.Sleep(time.Millisecond)
	}
	c.stop()
	if err := c.refused.Load(); err != nil {
		ts.Fatalf("after %d answers: %v", c.answers.Load(), err)
	}
	if c.answers.Load() == 0 {
		ts.Fatalf("there was no answer")
	}
}

func reserve(ts *testscript.TestScript, args []string) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	ts.Check(err)
	unix.CloseOnExec(fd)
	ts.Defer(func() { _ = unix.Close(fd) })
	ts.Check(unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	at, err := unix.Getsockname(fd)
	ts.Check(err)
	ts.Setenv(args[0], strconv.Itoa(at.(*unix.SockaddrInet4).Port))
	ts.Setenv(args[0]+"_FD", strconv.Itoa(fd))
}

func accept(ts *testscript.TestScript, args []string) {
	ts.Check(unix.Listen(number(ts.Getenv(args[0]+"_FD")), 10))
}

func listenUnix(ts *testscript.TestScript, args []string) {
	l, err := net.Listen("unix", ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Defer(func() { _ = l.Close() })
}
