package http1

import (
	"bufio"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
)

var requests = []string{
	"GET /v1/formation HTTP/1.1\r\nHost: reeve\r\n\r\n",
	"GET /v1/formation HTTP/1.0\r\n\r\n",
	"GET http://reeve/a%20b?c=d HTTP/1.1\nHost: x\nA: b\n c\n\n",
	"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhellomore",
	"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
	"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
	"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhell",
	"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nhell",
	"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;a=b\r\n...\r\n0\r\nTrailer: x\r\n\r\nmore",
	"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloworld",
	"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
	"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
	"GET / HTTP/2.0\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nHost\r\n\r\n",
	"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", "GET x HTTP/1.1\r\nHost: x\r\n\r\n", "G(T / HTTP/1.1\r\nHost: x\r\n\r\n",
	"\x16\x03\x01\x02", "hello\n\n", "\r\n\r\n", "",
}

// received is a message as far as it matters.
type received struct {
	Method, Target string
	Status         int
	Header         map[string][]string
	Body           string
	Complete       bool
}

func ourRequest(text string) (got received, ok bool) {
	r := NewReader(strings.NewReader(text), 1<<20)
	request, err := r.request()
	if err != nil {
		return got, false
	}
	f, err := framingOf(request.Header)
	if err != nil {
		return got, false
	}
	got = received{Method: request.Method, Target: request.URL.String(), Header: request.Header, Complete: true}
	if f != unframed {
		got.read(r.body(f))
	}
	return got, true
}

func theirRequest(text string) (got received, ok bool) {
	request, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
	if err != nil {
		return got, false
	}
	got = received{Method: request.Method, Target: request.URL.String(), Header: request.Header}
	got.read(request.Body)
	return got, true
}

func (m *received) read(body io.Reader) {
	text, err := io.ReadAll(body)
	m.Body, m.Complete = string(text), err == nil
}

// framingFields are what net/http takes out of a header.
var framingFields = []string{"Host", "Content-Length", "Transfer-Encoding", "Trailer", "Connection", "Pragma", "Cache-Control"}

func (m *received) withoutFraming() {
	for _, key := range framingFields {
		delete(m.Header, key)
	}
	if len(m.Header) == 0 {
		m.Header = nil
	}
}

// FuzzRequest compares with net/http: what it refuses is refused, and of what both take
// they make the same.
func FuzzRequest(f *testing.F) {
	for _, text := range requests {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ours, ok := ourRequest(text)
		theirs, theyTake := theirRequest(text)
		if !ok {
			return // it may refuse more
		}
		if !theyTake {
			t.Fatalf("only reeve takes it: %+v", ours)
		}
		ours.withoutFraming()
		theirs.withoutFraming()
		if !reflect.DeepEqual(ours, theirs) {
			t.Errorf("it is\n%+v, not\n%+v", ours, theirs)
		}
	})
}

func TestRequestsThatAreTaken(t *testing.T) {
	for _, text := range requests {
		_, ok := ourRequest(text)
		if _, theirs := theirRequest(text); ok != theirs && !strings.Contains(text, "HTTP/2.0") {
			t.Errorf("%q: taken %v, by net/http %v", text, ok, theirs)
		}
	}
}

var responses = []string{
	"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokmore",
	"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok",
	"HTTP/1.0 404 Not Found\r\n\r\nuntil the end",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
	"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno chunk",
	"HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nabc",
	"HTTP/1.1 304 Not Modified\r\n\r\nabc",
	"HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n", "ICY 200 OK\r\n\r\n", "SSH-2.0-x\r\n", "",
}

// FuzzResponse does so with responses.
func FuzzResponse(f *testing.F) {
	for _, text := range responses {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		answer, err := NewReader(strings.NewReader(text), 1<<20).response("GET")
		theirs, theirErr := http.ReadResponse(bufio.NewReader(strings.NewReader(text)), nil)
		if err != nil {
			return
		}
		if theirErr != nil {
			t.Fatalf("only reeve takes it: %+v", answer)
		}
		if theirs.StatusCode < 200 {
			return // which is passed over
		}
		ours := received{Status: answer.Status, Header: answer.Header}
		ours.read(answer.Body)
		want := received{Status: theirs.StatusCode, Header: theirs.Header}
		want.read(theirs.Body)
		ours.withoutFraming()
		want.withoutFraming()
		if !reflect.DeepEqual(ours, want) {
			t.Errorf("it is\n%+v, not\n%+v", ours, want)
		}
	})
}

func TestResponsesThatAreTaken(t *testing.T) {
	for _, text := range responses {
		_, err := NewReader(strings.NewReader(text), 1<<20).response("GET")
		_, theirs := http.ReadResponse(bufio.NewReader(strings.NewReader(text)), nil)
		if (err == nil) != (theirs == nil) {
			t.Errorf("%q: %v, from net/http %v", text, err, theirs)
		}
	}
	passed := "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 201 Created\r\n\r\n"
	if answer, err := NewReader(strings.NewReader(passed), 1<<20).response("GET"); err != nil || answer.Status != 201 {
		t.Errorf("got %+v, %v", answer, err)
	}
	long := "HTTP/1.1 200 OK\r\nA: " + strings.Repeat("x", 5000) + "\r\n\r\n"
	if _, err := NewReader(strings.NewReader(long), 1000).response("GET"); err != ErrMalformed {
		t.Errorf("a long head: %v", err)
	}
}

func TestStatusText(t *testing.T) {
	for status := -1; status < 1000; status++ {
		if got, want := StatusText(status), http.StatusText(status); got != want {
			t.Errorf("%d: %q, want %q", status, got, want)
		}
	}
}

func ourRequestFor(method, path, body string) (*Request, error) {
	u, err := url.Parse("http://[fe80::1%25eth0]:80" + path)
	return &Request{Method: method, URL: u, Body: []byte(body)}, err
}

func TestHostOf(t *testing.T) {
	for host, want := range map[string]string{
		"localhost:5000": "localhost:5000", "localhost:": "localhost", "[::1]:80": "[::1]:80", "[fe80::1%25eth0]:80": "[fe80::1]:80", "[fe80::1%25eth0]": "[fe80::1]",
	} {
		u, err := url.Parse("http://" + host)
		if err != nil {
			t.Fatal(err)
		}
		if got := hostOf(u); got != want {
			t.Errorf("%s: %s, want %s", host, got, want)
		}
	}
}
