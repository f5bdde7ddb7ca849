package control

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"strconv"
	"time"

	"reeve/supervisor/terminal"
)

// Backend is what a [Server] speaks for. Its methods are called from many goroutines.
// Those with names fail at once if one of them is unknown or nothing can be asked of the
// formation; the outcomes come later.
type Backend interface {
	Formation() Formation
	Restart(names []string) (<-chan Outcome, error)
	Stop(names []string) (<-chan Outcome, error)
	Scale(counts map[string]int) (<-chan Outcome, error)
	// Quit asks for the end of the formation.
	Quit()
	// Logs writes what the query asks for, a batch at a time, until there is no more or
	// the context ends. When write returns [ErrNoTime] it has not taken the batch, and will
	// take one more, with a last word.
	Logs(ctx context.Context, q LogQuery, write func([]byte) error) error
	// Terminal attaches to the terminal of the process that a name means.
	Terminal(name string, size terminal.Size) (Terminal, error)
}

// Error is a [Backend]'s error with the HTTP status that tells of its kind.
type Error struct {
	Status int
	Text   string
}

func (e Error) Error() string { return e.Text }

// Server answers requests on a formation's socket.
type Server struct {
	backend Backend
	http    *http.Server
	over    chan struct{}   // closed when nothing is left of the formation
	code    int             // its exit code then
	hurry   context.Context // ends when slow readers of the log have had their time
	press   func()          // ends it
}

// Limits on what a client may send, and how long it may take for that.
const (
	maxHeader     = 64 << 10
	maxBody       = 64 << 10
	headerTimeout = 5 * time.Second
	bodyTimeout   = 5 * time.Second
)

// Serve begins to answer.
func Serve(l *Listener, b Backend) *Server {
	s := &Server{backend: b, over: make(chan struct{})}
	s.hurry, s.press = context.WithCancel(context.Background())
	s.http = &http.Server{
		Handler: s.routes(), MaxHeaderBytes: maxHeader, ReadHeaderTimeout: headerTimeout,
		IdleTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0), ConnContext: withConn,
	}
	go func() { _ = s.http.Serve(l) }()
	return s
}

// closePatience bounds how long Close waits for clients to take their answers, and the last
// part of it is for the last word to those who are slow.
const (
	closePatience = 300 * time.Millisecond
	lastPart      = 100 * time.Millisecond
)

// Close removes the socket, tells those who have asked for the formation's end of its
// exit code, and ends.
func (s *Server) Close(code int) {
	s.code = code
	close(s.over)
	defer time.AfterFunc(closePatience-lastPart, s.press).Stop()
	ctx, cancel := context.WithTimeout(context.Background(), closePatience)
	defer cancel()
	if s.http.Shutdown(ctx) != nil {
		_ = s.http.Close()
	}
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for path, r := range map[string]struct {
		method string
		answer http.HandlerFunc
	}{
		"/v1/formation": {http.MethodGet, func(w http.ResponseWriter, _ *http.Request) {
			writeJSON(w, http.StatusOK, s.backend.Formation())
		}},
		"/v1/instances": {http.MethodGet, func(w http.ResponseWriter, _ *http.Request) {
			writeJSON(w, http.StatusOK, s.backend.Formation().Instances)
		}},
		"/v1/restart":                   {http.MethodPost, s.onNames(s.backend.Restart)},
		"/v1/stop":                      {http.MethodPost, s.onNames(s.backend.Stop)},
		"/v1/scale":                     {http.MethodPost, s.scale},
		"/v1/quit":                      {http.MethodPost, s.quit},
		"/v1/logs":                      {http.MethodGet, s.logs},
		"/v1/instances/{name}/terminal": {http.MethodGet, s.terminal},
	} {
		mux.HandleFunc(r.method+" "+path, r.answer)
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Allow", r.method)
			writeError(w, Error{http.StatusMethodNotAllowed, "this is for " + r.method})
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		writeError(w, Error{http.StatusNotFound, "there is nothing at " + r.URL.Path})
	})
	return mux
}

// onNames answers a request that is about instances.
func (s *Server) onNames(do func([]string) (<-chan Outcome, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var body names
		if readBody(w, r, &body) {
			s.answer(w, r, func() (<-chan Outcome, error) { return do(body.Names) })
		}
	}
}

func (s *Server) scale(w http.ResponseWriter, r *http.Request) {
	var body scale
	if readBody(w, r, &body) {
		s.answer(w, r, func() (<-chan Outcome, error) { return s.backend.Scale(body.Formation) })
	}
}

// answer writes outcomes as they come.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, do func() (<-chan Outcome, error)) {
	outcomes, err := do()
	if err != nil {
		writeError(w, err)
		return
	}
	lines := stream(w, "application/jsonl")
	for {
		select {
		case o, more := <-outcomes:
			if !more {
				return
			}
			line, _ := json.Marshal(o)
			if lines(append(line, '\n')) != nil {
				return
			}
		case <-r.Context().Done():
			return
		}
	}
}

func (s *Server) quit(w http.ResponseWriter, r *http.Request) {
	s.backend.Quit()
	select {
	case <-s.over:
		writeJSON(w, http.StatusOK, quit{s.code})
	case <-r.Context().Done():
	}
}

func (s *Server) logs(w http.ResponseWriter, r *http.Request) {
	q, err := parseLogQuery(r.URL.Query())
	if err != nil {
		writeError(w, Error{http.StatusBadRequest, err.Error()})
		return
	}
	contentType := "text/plain; charset=utf-8"
	if q.JSON {
		contentType = "application/jsonl"
	}
	write := stream(w, contentType)
	begun, room := false, roomOf(r, s.hurry)
	defer room.close()
	err = s.backend.Logs(r.Context(), q, func(p []byte) error {
		begun = true
		if err := room.wait(); err != nil {
			return err
		}
		return write(p)
	})
	if err != nil && !begun {
		writeError(w, err)
	}
}

// stream makes a writer of an answer whose parts are sent at once.
func stream(w http.ResponseWriter, contentType string) func([]byte) error {
	control := http.NewResponseController(w)
	w.Header().Set("Content-Type", contentType)
	return func(p []byte) error {
		if _, err := w.Write(p); err != nil {
			return err
		}
		return control.Flush()
	}
}

// readBody reads the body of a request, which may be empty. It answers what is none.
func readBody(w http.ResponseWriter, r *http.Request, body any) (ok bool) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout))
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(body)
	if errors.Is(err, io.EOF) {
		err = nil
	} else if err == nil && decoder.Decode(new(any)) != io.EOF {
		err = errors.New("there is more than one JSON value")
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	if wrong := new(json.UnmarshalTypeError); errors.As(err, &wrong) {
		err = errors.New(wrong.Field + " must not be a JSON " + wrong.Value)
	}
	switch {
	case errors.As(err, new(*http.MaxBytesError)):
		writeError(w, Error{http.StatusRequestEntityTooLarge, "the body is larger than " + strconv.Itoa(maxBody) + " bytes"})
	case err != nil:
		writeError(w, Error{http.StatusBadRequest, "the body cannot be read: " + err.Error()})
	}
	return err == nil
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func writeError(w http.ResponseWriter, err error) {
	e := Error{http.StatusInternalServerError, err.Error()}
	errors.As(err, &e)
	writeJSON(w, e.Status, failure{e.Text})
}
