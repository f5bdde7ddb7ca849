package main

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"
)

// statusServer answers with the status that is the path.
func statusServer(w http.ResponseWriter, r *http.Request) {
	status, _ := strconv.Atoi(r.URL.Path[1:])
	w.Header().Set("Location", "/500")
	w.WriteHeader(status)
}

func TestTryHTTP(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(statusServer))
	defer server.Close()
	for path, want := range map[string]string{
		"200": "", "204": "", "301": "", "304": "", "399": "",
		"400": "it answers 400 Bad Request", "404": "it answers 404 Not Found", "500": "it answers 500 Internal Server Error",
	} {
		err := tryHTTP(t.Context(), server.URL+"/"+path)
		if got := whyNot(err); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	secure := httptest.NewUnstartedServer(http.HandlerFunc(statusServer))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	if err := tryHTTP(t.Context(), secure.URL+"/200"); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a certificate of nobody's: %v", err)
	}
}

func whyNot(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestTry tries addresses at which there is nobody. No message has more of them than
// was written.
func TestTry(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	open := l.Addr().String()
	defer l.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := closed.Addr().String()
	closed.Close()
	environ := []string{"OPEN=" + open, "NOBODY=" + nobody, "WRONG=secret", "PORT=99999"}
	for _, tt := range []struct{ probe, want string }{
		{"tcp://$OPEN", ""},
		{"tcp://" + open, ""},
		{"tcp://$NOBODY", "$NOBODY: connection refused"},
		{"tcp://$WRONG", "$WRONG: missing port in address"},
		{"tcp", "localhost:99999: invalid port"},
		{"tcp://$UNSET:1", "$UNSET:1: UNSET is not set"},
		{"http://$NOBODY/", "http://$NOBODY/: connection refused"},
		{"http://$OPEN/", "http://$OPEN/: it does not answer"},
		{"http://secret:$WRONG@localhost:$PORT/", "http://secret:$WRONG@localhost:99999/: invalid port"},
	} {
		p, err := parseProbe(tt.probe)
		if err != nil {
			t.Errorf("%s: %v", tt.probe, err)
			continue
		}
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		if got := whyNot((&launcher{}).try(ctx, p, environ)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.probe, got, tt.want)
		}
		cancel()
	}
}
