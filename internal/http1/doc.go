// Package http1 is as much of HTTP/1.1 as reeve speaks: a server for its socket, and a
// client for that and for the readiness probe.
//
// net/http is a fifth of a megabyte of text for a server and a client, and what it
// initialises brings proxies, cookies, host names in every alphabet and Unicode's tables of
// normal forms along: 0.7 MB of the program, and 0.1 ms of every start. Nothing of that is
// of use on a socket with a dozen paths, so this package reads and writes the messages
// themselves, after RFC 9112, with headers as [net/textproto] reads them. Tests compare it
// with net/http, in both roles.
//
// # Messages
//
// A [Reader] takes messages from a connection, one after the other. It bounds their heads;
// who asks for the body bounds that. A body is as long as Content-Length says, or comes in
// chunks, or ends with the connection, see framing.
//
// # The server
//
// Each connection has a goroutine, which reads a request with all of its body, calls the
// handler with an [Exchange], and goes on to the next one. So requests may be pipelined, a
// handler never waits for its client to send, and one that is slow or sends garbage holds
// up nobody but itself. Whether the client has hung up is looked at only for handlers that
// ask, with [Exchange.Context].
package http1
