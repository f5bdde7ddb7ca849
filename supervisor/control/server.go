package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"strings"
	"time"

	"reeve/internal/asjson"
	"reeve/internal/http1"
	"reeve/supervisor/terminal"
)

// Backend is what a [Server] speaks for. Its methods are called from many goroutines.
// Those with names fail at once if one of them is unknown or nothing can be asked of the
// formation; the outcomes come later.
type Backend interface {
	Formation(Detail) Formation
	// Follow tells what runs, without what it uses, at once and whenever that has changed, until
	// the formation or the context ends.
	Follow(ctx context.Context, tell func(Formation) error) error
	Origin() Origin
	Restart(names []string) (<-chan Outcome, error)
	Stop(names []string) (<-chan Outcome, error)
	Scale(counts map[string]int) (<-chan Outcome, error)
	// Reload reads the app's files again and makes the formation what they say. An outcome without
	// an instance is a remark.
	Reload(Reload) (<-chan Outcome, error)
	// Quit asks for the end of the formation.
	Quit()
	// Logs writes what the query asks for, a batch at a time, until there is no more or
	// the context ends. When write returns [ErrNoTime] it has not taken the batch, and will
	// take one more, with a last word.
	Logs(ctx context.Context, q LogQuery, write func([]byte) error) error
	// Wait waits for what the query names, and tells what there is to say of it, at last of
	// all of it, until the context ends.
	Wait(ctx context.Context, q WaitQuery, tell func(Waited) error) error
	// Terminal attaches to the terminal of the process that a name means.
	Terminal(name string, size terminal.Size) (Terminal, error)
}

// Detail says how much of a formation is asked for.
type Detail uint8

const (
	WithUsage Detail = iota // also how much of the machine its processes use
	Outline
)

// Error is a [Backend]'s error with the HTTP status that tells of its kind.
type Error = http1.Error

// Server answers requests on a formation's socket.
type Server struct {
	backend Backend
	http    *http1.Server
	over    chan struct{}   // closed when nothing is left of the formation
	code    int             // its exit code then
	hurry   context.Context // ends when slow readers of the log have had their time
	press   func()          // ends it
}

// limits on what a client may send, and how long it may take for that.
var limits = http1.Limits{
	Head: 64 << 10, Body: 64 << 10,
	HeadTime: 5 * time.Second, BodyTime: 5 * time.Second, Idle: time.Minute,
}

// Serve begins to answer.
func Serve(l *Listener, b Backend) *Server {
	s := &Server{backend: b, over: make(chan struct{})}
	s.hurry, s.press = context.WithCancel(context.Background())
	s.http = &http1.Server{
		Listener: l, Limits: limits, Handler: s.handle,
		Fail: func(x *http1.Exchange, err Error) { writeError(x, err) },
	}
	go s.http.Serve()
	return s
}

// closePatience and lastPart bound how long Close waits for clients to take their answers, and
// then for the last word to those who are slow.
const closePatience = 200 * time.Millisecond

var lastPart = 100 * time.Millisecond // variable for tests

// Close removes the socket, tells those who have asked for the formation's end of its
// exit code, and ends.
func (s *Server) Close(code int) {
	s.code = code
	_ = s.http.Listener.Close() // before anybody is told that nothing runs any more
	close(s.over)
	over := s.http.End()
	select {
	case <-over: // as at most ends: a timer would wake another thread
		return
	default:
	}
	defer time.AfterFunc(closePatience, s.press).Stop()
	select {
	case <-over:
	case <-time.After(closePatience + lastPart):
		s.http.Cut()
	}
}

// route is what is at a path.
type route struct {
	method string
	answer func(*http1.Exchange)
}

// routeOf finds what is at a path. Only the name of an instance differs from one to the
// next.
func (s *Server) routeOf(path string) (r route, ok bool) {
	switch path {
	case "/v1/formation":
		return route{"GET", s.formation}, true
	case "/v1/instances":
		return route{"GET", func(x *http1.Exchange) { writeJSON(x, http1.OK, s.backend.Formation(WithUsage).Instances) }}, true
	case "/v1/origin":
		return route{"GET", s.origin}, true
	case "/v1/restart":
		return route{"POST", s.onNames(s.backend.Restart)}, true
	case "/v1/stop":
		return route{"POST", s.onNames(s.backend.Stop)}, true
	case "/v1/scale":
		return route{"POST", s.scale}, true
	case "/v1/reload":
		return route{"POST", s.reload}, true
	case "/v1/quit":
		return route{"POST", s.quit}, true
	case "/v1/wait":
		return route{"GET", s.wait}, true
	case "/v1/logs":
		return route{"GET", s.logs}, true
	}
	below, found := strings.CutPrefix(path, "/v1/instances/")
	name, what, _ := strings.Cut(below, "/")
	name, err := url.PathUnescape(name)
	if !found || name == "" || what != "terminal" || err != nil {
		return route{}, false
	}
	return route{"GET", func(x *http1.Exchange) { s.terminal(x, name) }}, true
}

// handle answers a request. Whoever may GET may ask for the HEAD alone.
func (s *Server) handle(x *http1.Exchange) {
	r, ok := s.routeOf(x.URL.EscapedPath())
	switch {
	case !ok:
		writeError(x, Error{Status: http1.NotFound, Text: "there is nothing at " + x.URL.Path})
	case r.method != x.Method && (r.method != "GET" || x.Method != "HEAD"):
		x.Set("Allow", r.method)
		writeError(x, Error{Status: http1.WrongMethod, Text: "this is for " + r.method})
	default:
		r.answer(x)
	}
}

// onNames answers a request that is about instances.
func (s *Server) onNames(do func([]string) (<-chan Outcome, error)) func(*http1.Exchange) {
	return func(x *http1.Exchange) {
		var body names
		if readBody(x, &body) {
			outcomes, err := do(body.Names)
			answer(x, outcomes, err)
		}
	}
}

func (s *Server) scale(x *http1.Exchange) {
	var body scale
	if readBody(x, &body) {
		outcomes, err := s.backend.Scale(body.Formation)
		answer(x, outcomes, err)
	}
}

func (s *Server) reload(x *http1.Exchange) {
	var body Reload
	if readBody(x, &body) {
		outcomes, err := s.backend.Reload(body)
		answer(x, outcomes, err)
	}
}

// answer writes outcomes as they come.
func answer(x *http1.Exchange, outcomes <-chan Outcome, err error) {
	if err != nil {
		writeError(x, err)
		return
	}
	x.Set("Content-Type", "application/jsonl")
	gone := x.Context().Done()
	for {
		select {
		case o, more := <-outcomes:
			if !more {
				return
			}
			if _, err := x.Write(append(asjson.Append(nil, o), '\n')); err != nil {
				return
			}
		case <-gone:
			return
		}
	}
}

func (s *Server) quit(x *http1.Exchange) {
	s.backend.Quit()
	select {
	case <-s.over:
		writeJSON(x, http1.OK, quit{s.code})
	case <-x.Context().Done():
	}
}

func (s *Server) logs(x *http1.Exchange) {
	q, err := parseLogQuery(x.URL.Query())
	if err != nil {
		writeError(x, Error{Status: http1.BadRequest, Text: err.Error()})
		return
	}
	contentType := "text/plain; charset=utf-8"
	if q.JSON {
		contentType = "application/jsonl"
	}
	begun, room := false, roomOf(x.Conn, s.hurry)
	defer room.close()
	err = s.backend.Logs(x.Context(), q, func(p []byte) error {
		if !begun {
			x.Set("Content-Type", contentType)
		}
		begun = true
		if err := room.wait(); err != nil {
			return err
		}
		_, err := x.Write(p)
		return err
	})
	switch {
	case err != nil && !begun:
		writeError(x, err)
	case !begun:
		x.Set("Content-Type", contentType)
	}
}

// readBody reads the body of a request, which may be empty. What cannot be read it answers itself.
func readBody(x *http1.Exchange, body any) (ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(x.Body))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(body)
	if errors.Is(err, io.EOF) {
		err = nil
	} else if err == nil && decoder.Decode(new(any)) != io.EOF {
		err = errors.New("there is more than one JSON value")
	}
	if wrong := new(json.UnmarshalTypeError); errors.As(err, &wrong) {
		err = errors.New(wrong.Field + " must not be a JSON " + wrong.Value)
	}
	if err != nil {
		writeError(x, Error{Status: http1.BadRequest, Text: "the body cannot be read: " + err.Error()})
	}
	return err == nil
}

func writeJSON(x *http1.Exchange, status int, v any) {
	x.Set("Content-Type", "application/json")
	_ = x.Reply(status, append(asjson.Append(nil, v), '\n'))
}

func writeError(x *http1.Exchange, err error) {
	e := Error{Status: http1.Internal, Text: err.Error()}
	errors.As(err, &e)
	writeJSON(x, e.Status, failure{e.Text})
}
