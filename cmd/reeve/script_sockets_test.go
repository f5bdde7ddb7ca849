//go:build unix

package main

import (
	"net"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// More scriptCommands, for services that are there late.
//
//	reserve KEY         like listen, but nobody listens there
//	accept KEY          listen on the port that was reserved
//	listen-unix FILE    listen on a Unix socket
func init() {
	scriptCommands["reserve"] = positive(1, reserve)
	scriptCommands["accept"] = positive(1, accept)
	scriptCommands["listen-unix"] = positive(1, listenUnix)
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
