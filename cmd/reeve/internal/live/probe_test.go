package live

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"reeve/env/service"
	"reeve/procfile/probe"
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
	if err := tryHTTP(t.Context(), secure.URL+"/200"); whyNot(err) != "its certificate is signed by an unknown authority" {
		t.Errorf("a certificate of nobody's: %v", err)
	}
}

// TestTryHTTPAtOthers asks what is no server of the kind that is meant.
func TestTryHTTPAtOthers(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(statusServer))
	defer plain.Close()
	secure := httptest.NewUnstartedServer(http.HandlerFunc(statusServer))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	for _, tt := range []struct{ name, url, want string }{
		{"HTTP for HTTPS", strings.Replace(plain.URL, "http", "https", 1), "it speaks HTTP, not HTTPS"},
		{"HTTPS for HTTP", strings.Replace(secure.URL, "https", "http", 1), "it answers 400 Bad Request"},
		{"another protocol", "http://" + greeter(t, "SSH-2.0-OpenSSH_9.2\r\n"), "it does not speak HTTP"},
		{"garbage", "http://" + greeter(t, "\x15\x03\x01\x00\x02\x02\x46"), "it closes the connection"},
		{"another protocol for HTTPS", "https://" + greeter(t, "SSH-2.0-OpenSSH_9.2\r\n"), "it does not speak TLS"},
		{"nothing", "http://" + greeter(t, ""), "it closes the connection"},
		{"an end in the header", "http://" + greeter(t, "HTTP/1.1 200 OK\r\nA: b\r\n"), "it closes the connection"},
		{"a text of its own", "http://" + greeter(t, "HTTP/1.1 404 secret\r\n\r\n"), "it answers 404 Not Found"},
		{"an unknown status", "http://" + greeter(t, "HTTP/1.1 799 secret\r\n\r\n"), "it answers 799"},
		{"an old server", "http://" + greeter(t, "HTTP/1.0 200 OK\r\n\r\n"), ""},
		{"first a hint", "http://" + greeter(t, "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"), ""},
	} {
		if got := whyNot(tryHTTP(t.Context(), tt.url)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// greeter is the address of a server that reads a little, says something and hangs up.
func greeter(t *testing.T, greeting string) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 4096))
			_, _ = io.WriteString(conn, greeting)
			conn.Close()
		}
	}()
	return l.Addr().String()
}

// TestTryHTTPAsks looks at what a server is asked.
func TestTryHTTPAsks(t *testing.T) {
	asked := make(chan *http.Request, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r }))
	defer server.Close()
	at := strings.TrimPrefix(server.URL, "http://")
	for _, tt := range []struct{ url, want string }{
		{"http://" + at, "GET / " + at},
		{"http://" + at + "/a%20b?c=d#e", "GET /a%20b?c=d " + at},
		{"http://us%20er:pass@" + at + "?x", "GET /?x " + at + " us er pass"},
	} {
		if err := tryHTTP(t.Context(), tt.url); err != nil {
			t.Fatal(err)
		}
		r := <-asked
		got := r.Method + " " + r.RequestURI + " " + r.Host
		if user, password, ok := r.BasicAuth(); ok {
			got += " " + user + " " + password
		}
		if got != tt.want {
			t.Errorf("%s: asked for %s, not %s", tt.url, got, tt.want)
		}
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
	nobody := "127.0.0.1:1" // a free one may be somebody's by then
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
		p, err := probe.Readiness.Parse(tt.probe)
		if err != nil {
			t.Errorf("%s: %v", tt.probe, err)
			continue
		}
		limit := time.Minute
		if strings.HasSuffix(tt.want, service.ErrNoAnswer.Error()) {
			limit = 300 * time.Millisecond
		}
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		if got := whyNot((&prober{}).try(ctx, "web.1", p, environ)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.probe, got, tt.want)
		}
		cancel()
	}
}

// TestTryShowsNoValue: whatever a variable in a probe holds, and whatever answers there,
// no message has a piece of it.
func TestTryShowsNoValue(t *testing.T) {
	const secret = "s3cr3t"
	here := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "http://"+secret+".invalid/")
		w.WriteHeader(http.StatusTeapot)
	}))
	defer here.Close()
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	rude, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer rude.Close()
	go func() {
		for {
			conn, err := rude.Accept()
			if err != nil {
				return
			}
			fmt.Fprintf(conn, "HTTP/1.1 %s\r\n\r\n", secret)
			conn.Close()
		}
	}()
	values := []string{
		secret, "user:" + secret, secret + " host", secret + "%zz", secret + `"x`, "h[" + secret + "]x", "[" + secret, "[::1]" + secret,
		secret + ":1:2", ":" + secret, "user:" + secret + "@", secret + "@", secret + "\x00", secret + "\n", "\x7f" + secret, "é" + secret,
		"[fe80::1%25" + secret + "]:1", secret + ":99999", secret + ".invalid:1", "127.0.0.1:" + secret, "//" + secret, "%" + secret,
		strings.TrimPrefix(here.URL, "http://") + "/" + secret, secret + ":" + secret + "@" + strings.TrimPrefix(here.URL, "http://"),
		strings.TrimPrefix(secure.URL, "https://") + "/" + secret, rude.Addr().String() + "/" + secret,
		strings.Repeat(secret, 100), "xn--" + secret + ":80", secret + "..:80", "-" + secret + ":80",
	}
	for _, value := range values {
		for _, form := range []string{
			"tcp://$V", "tcp://localhost:$V", "tcp://$V:80", "http://$V", "http://$V/", "https://$V/", "http://localhost:$V/",
			"http://$V@127.0.0.1:1/", "http://127.0.0.1:1/$V", "http://127.0.0.1:1/?$V", "http://127.0.0.1:1/#$V", "http://$V:$V/",
		} {
			p, err := probe.Readiness.Parse(form)
			if err != nil {
				t.Errorf("%s: %v", form, err)
				continue
			}
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			err = (&prober{}).try(ctx, "web.1", p, []string{"V=" + value})
			cancel()
			if text := whyNot(err); strings.Contains(text, secret) || strings.Contains(text, "\n") {
				t.Errorf("%s with %q: %s", form, value, text)
			}
		}
	}
}

func TestExpandProbe(t *testing.T) {
	environ := []string{"PORT=5000", "EMPTY="}
	for _, tt := range []struct{ text, want string }{
		{"localhost:$PORT", "localhost:5000"},
		{"http://localhost:${PORT}/a$EMPTY", "http://localhost:5000/a"},
		{"localhost:5432", "localhost:5432"},
		{"$HOST:$PORT", "$HOST:$PORT: HOST is not set"},
	} {
		got, err := expand(tt.text, environ)
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.text, got, tt.want)
		}
	}
}

// TestTriesAllKinds walks the kinds of probes: each is tried.
func TestTriesAllKinds(t *testing.T) {
	own := []string{probe.Log, probe.Exec, probe.Exit, probe.Notify} // they ask no server
	for _, kind := range probe.Kinds {
		if _, ok := tries[kind.Name]; !ok && !slices.Contains(own, kind.Name) {
			t.Errorf("nobody knows how to try a probe of the kind %s", kind.Name)
		}
	}
}
