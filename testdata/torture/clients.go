package main

import (
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"time"
)

// questions are what clients ask of the formation. None of them changes it: its files are what they were.
var questions = []string{
	"GET /v1/logs", "GET /v1/logs?follow=true", "GET /v1/logs?follow=true&format=json", "GET /v1/logs?n=1000",
	"GET /v1/formation", "GET /v1/instances", "GET /v1/nothing", "POST /v1/restart?and=no", "POST /v1/reload", "no request",
}

// ask is a storm of clients. Of what is answered to them, some read all, some a little now and
// then, some nothing, and some go away.
func (r *round) ask() {
	sockets, _ := filepath.Glob(filepath.Join(r.dir, "reeve", "*.sock"))
	if len(sockets) == 0 {
		return // it is not up yet, or has ended
	}
	for i, request := range questions {
		for how := range 4 {
			go converse(sockets[0], request, i+how)
		}
	}
}

func converse(socket, request string, how int) {
	conn, err := net.DialTimeout("unix", socket, time.Second)
	if err != nil {
		return
	}
	body := "[]"
	if strings.HasSuffix(request, "/reload") {
		body = "{}"
	}
	fmt.Fprintf(conn, "%s HTTP/1.1\r\nHost: reeve\r\nContent-Length: 2\r\n\r\n%s", request, body)
	switch how % 4 {
	case 0:
		_, _ = io.Copy(io.Discard, conn)
	case 1:
		for buf := make([]byte, 1000); err == nil; _, err = conn.Read(buf) {
			time.Sleep(10 * time.Millisecond)
		}
	case 2:
		return // the connection stays open, and nobody reads
	}
	_ = conn.Close()
}
