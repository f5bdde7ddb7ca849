package control

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"reeve/internal/http1"
	"reeve/internal/trial"
	"reeve/supervisor/terminal"
)

// fake is a backend that has one instance.
type fake struct {
	mu    sync.Mutex
	asked []string
	quits chan struct{}
	logs  func(ctx context.Context, q LogQuery, write func([]byte) error) error
	term  *fakeTerminal
}

func (f *fake) note(what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, what)
}

func (f *fake) Formation(Detail) Formation {
	return Formation{Pid: 7, Root: "/app", Instances: []Instance{{Name: "web.1", Type: "web", State: "running"}}}
}

func (f *fake) Reload(r Reload) (<-chan Outcome, error) {
	if r.DryRun {
		return outcomes([]string{"dry"})
	}
	return outcomes([]string{"web.1"})
}

func (f *fake) Origin() Origin {
	return Origin{Salt: "s", Settings: map[string]string{"port": "0"}, Env: []EnvOrigin{{[]string{"web.1"}, "t", map[string]string{"A": "a"}}}}
}

// Follow tells of two moments, and then of the end.
func (f *fake) Follow(_ context.Context, tell func(Formation) error) error {
	now := f.Formation(Outline)
	if err := tell(now); err != nil {
		return err
	}
	now.Instances[0].State = "stopping"
	return tell(now)
}

// outcomes tells of an instance for each name.
func outcomes(names []string) (<-chan Outcome, error) {
	all := make(chan Outcome, len(names))
	for _, name := range names {
		if name == "nobody" {
			return nil, Error{Status: http.StatusNotFound, Text: "there is no nobody"}
		}
		all <- Outcome{Instance: name, OK: name != "bad", Text: "done"}
	}
	close(all)
	return all, nil
}

func (f *fake) Restart(names []string) (<-chan Outcome, error) {
	f.note("restart " + strings.Join(names, " "))
	return outcomes(names)
}

func (f *fake) Stop(names []string) (<-chan Outcome, error) {
	f.note("stop " + strings.Join(names, " "))
	return outcomes(names)
}

func (f *fake) Scale(counts map[string]int) (<-chan Outcome, error) {
	var names []string
	for typ := range counts {
		names = append(names, typ)
	}
	return outcomes(names)
}

func (f *fake) Quit() { f.quits <- struct{}{} }

func (f *fake) Logs(ctx context.Context, q LogQuery, write func([]byte) error) error {
	return f.logs(ctx, q, write)
}

func (f *fake) Wait(ctx context.Context, q WaitQuery, tell func(Waited) error) error {
	for _, name := range q.Names {
		if name == "nobody" {
			return Error{Status: http1.NotFound, Text: "there is no nobody"}
		}
		if err := tell(Waited{Name: name, State: Waiting, Text: "is waiting for " + fmt.Sprint(q.Line)}); err != nil {
			return err
		}
	}
	switch {
	case slices.Contains(q.Names, "bad"):
		return tell(Waited{State: Failed, Text: "bad is bad"})
	case slices.Contains(q.Names, "never"):
		<-ctx.Done()
		return ctx.Err()
	}
	return tell(Waited{State: Met})
}

func (f *fake) Terminal(name string, size terminal.Size) (Terminal, error) {
	if name != "web.1" {
		return nil, Error{Status: http.StatusConflict, Text: name + " has no terminal"}
	}
	f.term.Resize(size)
	return f.term, nil
}

// fakeTerminal writes in capitals what is typed.
type fakeTerminal struct {
	output chan []byte
	sizes  chan terminal.Size
	closed chan struct{}
}

func (f *fakeTerminal) Instance() string { return "web.1" }

func (f *fakeTerminal) Type(p []byte) error {
	f.output <- bytes.ToUpper(p)
	return nil
}

func (f *fakeTerminal) Resize(size terminal.Size) { f.sizes <- size }

func (f *fakeTerminal) Next(ctx context.Context) ([]byte, string, error) {
	select {
	case p := <-f.output:
		if string(p) == "END" {
			return []byte("last"), "a message", errors.New("it is over")
		}
		return p, "", nil
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
}

func (f *fakeTerminal) Close() { close(f.closed) }

// serve makes a server and a client of a fake formation.
func serve(t *testing.T) (*fake, *Server, *Client) {
	t.Helper()
	_, root := inRuntimeDir(t)
	l, err := Listen(root)
	if err != nil {
		t.Fatal(err)
	}
	f := &fake{
		quits: make(chan struct{}, 1),
		term:  &fakeTerminal{make(chan []byte, 100), make(chan terminal.Size, 100), make(chan struct{})},
	}
	s := Serve(l, f)
	t.Cleanup(func() {
		select {
		case <-s.over:
		default:
			s.Close(0)
		}
	})
	c, err := Dial(root)
	if err != nil {
		t.Fatal(err)
	}
	return f, s, c
}

// goClient is a client of Go's own, on which others than reeve rely.
func goClient(t *testing.T, c *Client) *http.Client {
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return c.connect() }}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// failureIn reads an answer of Go's own client.
func failureIn(response *http.Response) error {
	return failureOf(&http1.Response{Status: response.StatusCode, Body: response.Body})
}

var ctx = context.Background()

func TestFormation(t *testing.T) {
	f, _, c := serve(t)
	got, err := c.Formation(ctx)
	if err != nil || got.Pid != 7 || !reflect.DeepEqual(got.Instances, f.Formation(WithUsage).Instances) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestOrigin(t *testing.T) {
	f, _, c := serve(t)
	if got, err := c.Origin(ctx); err != nil || !reflect.DeepEqual(got, f.Origin()) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestOutcomes(t *testing.T) {
	f, _, c := serve(t)
	var got []Outcome
	tell := func(o Outcome) { got = append(got, o) }
	err := errors.Join(c.Restart(ctx, []string{"web.1", "bad"}, tell), c.Stop(ctx, []string{"x"}, tell), c.Scale(ctx, map[string]int{"y": 2}, tell))
	want := []Outcome{{Instance: "web.1", OK: true, Text: "done"}, {Instance: "bad", Text: "done"}, {Instance: "x", OK: true, Text: "done"}, {Instance: "y", OK: true, Text: "done"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
	if asked := strings.Join(f.asked, "; "); asked != "restart web.1 bad; stop x" {
		t.Errorf("asked for %s", asked)
	}
	err = c.Stop(ctx, []string{"nobody"}, tell)
	if e := (Error{}); !errors.As(err, &e) || e.Status != http.StatusNotFound || e.Text != "there is no nobody" {
		t.Errorf("got %v", err)
	}
}

func TestWait(t *testing.T) {
	_, s, c := serve(t)
	for _, tt := range []struct {
		names            []string
		line, told, want string
	}{
		{nil, "", "[]", "<nil>"},
		{[]string{"web", "a b&c=*"}, `é+&\s`, `[web is waiting for é+&\s a b&c=* is waiting for é+&\s]`, "<nil>"},
		{[]string{"bad"}, "", "[bad is waiting for <nil>]", "bad is bad"},
		{[]string{"nobody"}, "", "[]", "there is no nobody"},
	} {
		var got []string
		q := WaitQuery{Names: tt.names}
		if tt.line != "" {
			q.Line = regexp.MustCompile(tt.line)
		}
		err := c.Wait(ctx, q, func(w Waited) { got = append(got, w.Name+" "+w.Text) })
		if fmt.Sprint(got) != tt.told || fmt.Sprint(err) != tt.want {
			t.Errorf("%v: told %v, then %v", tt.names, got, err)
		}
	}
	never := WaitQuery{Names: []string{"never"}}
	longer(t, func(limit time.Duration) (enough bool) {
		soon, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		if err := c.Wait(soon, never, func(Waited) { enough = true }); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("never: %v", err)
		}
		return enough
	})
	closed := make(chan struct{})
	err := c.Wait(ctx, never, func(Waited) { go func() { s.Close(0); close(closed) }() })
	if fmt.Sprint(err) != "the formation has ended without an answer" {
		t.Errorf("at the end: %v", err)
	}
	<-closed
}

// longer tries something with more and more time, for a machine may be busy, until it was enough.
func longer(t *testing.T, try func(limit time.Duration) (enough bool)) {
	t.Helper()
	for limit := 200 * time.Millisecond; !try(limit); limit *= 2 {
		if limit > trial.Patience {
			t.Fatalf("%v were not enough", limit)
		}
	}
}

func TestQuitAnswersWhenAllIsOver(t *testing.T) {
	f, s, c := serve(t)
	closed := make(chan struct{})
	go func() {
		<-f.quits
		s.Close(137)
		close(closed)
	}()
	if code, err := c.Quit(ctx); code != 137 || err != nil {
		t.Errorf("got %d, %v", code, err)
	}
	<-closed
	if _, err := c.Formation(ctx); err == nil {
		t.Error("it still answers")
	}
}

func TestLogs(t *testing.T) {
	f, _, c := serve(t)
	asked := make(chan LogQuery, 1)
	f.logs = func(_ context.Context, q LogQuery, write func([]byte) error) error {
		asked <- q
		return errors.Join(write([]byte("one\n")), write([]byte("two\n")))
	}
	for _, q := range []LogQuery{
		{Lines: -1},
		{Names: []string{"web", "a b&c=*"}, Lines: 0, Since: 5 * time.Minute, Follow: true, JSON: true},
		{Lines: -1, Since: time.Hour, Until: time.Minute, Grep: regexp.MustCompile(`a+&(b|=)\s%`), Not: regexp.MustCompile("é"), Stderr: true},
		{Lines: 10, Timestamp: "15:04:05.000 & so on", NoPrefix: true, Color: "rich", Terminal: true},
	} {
		var out bytes.Buffer
		if err := c.Logs(ctx, q, &out); err != nil || out.String() != "one\ntwo\n" {
			t.Errorf("got %q, %v", out.String(), err)
		}
		if got := <-asked; !reflect.DeepEqual(got, q) {
			t.Errorf("asked for %+v, not %+v", got, q)
		}
	}
	f.logs = func(context.Context, LogQuery, func([]byte) error) error {
		return Error{Status: http.StatusNotFound, Text: "no such thing"}
	}
	if err := c.Logs(ctx, LogQuery{}, io.Discard); err == nil || err.Error() != "no such thing" {
		t.Errorf("got %v", err)
	}
}

func TestClientThatStopsReading(t *testing.T) {
	f, s, c := serve(t)
	writing := make(chan struct{})
	f.logs = func(_ context.Context, _ LogQuery, write func([]byte) error) error {
		for n := 0; ; n++ {
			if n == 100 {
				close(writing)
			}
			if err := write(make([]byte, 10_000)); err != nil {
				return err
			}
		}
	}
	response, err := c.do(ctx, http.MethodGet, "logs", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Close() }()
	if _, err := c.Formation(ctx); err != nil {
		t.Error(err)
	}
	s.Close(0) // does not wait for the reader
}

// A client that is slow when the formation ends has whole lines, and a last word.
func TestClientThatIsSlowAtTheEnd(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("nobody can tell there how much room there is")
	}
	f, s, c := serve(t)
	before := lastPart
	defer func() { lastPart = before }()
	lastPart = trial.Patience
	stuck := make(chan struct{})
	f.logs = func(_ context.Context, _ LogQuery, write func([]byte) error) error {
		line := []byte(strings.Repeat("x", 9999) + "\n")
		for n := 0; ; n++ {
			if n == 2 {
				close(stuck)
			}
			if err := write(line); errors.Is(err, ErrNoTime) {
				return write([]byte("the last word\n"))
			} else if err != nil {
				return err
			}
		}
	}
	response, err := c.do(ctx, http.MethodGet, "logs", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Close() }()
	<-stuck
	s.Close(0)
	got, err := io.ReadAll(response.Body)
	if last := []byte("x\nthe last word\n"); err != nil || !bytes.HasSuffix(got, last) {
		t.Errorf("%d bytes have come, which end in %q, %v", len(got), got[max(0, len(got)-20):], err)
	}
}

func TestWhatIsNoRequest(t *testing.T) {
	_, _, c := serve(t)
	client := goClient(t, c)
	for _, tt := range []struct {
		name, method, path, body string
		status                   int
		text                     string
	}{
		{"another path", "GET", "nothing", "", 404, "there is nothing at /v1/nothing"},
		{"another method", "GET", "restart", "", 405, "this is for POST"},
		{"no JSON", "POST", "restart", "{", 400, "the body cannot be read: unexpected EOF"},
		{"an unknown key", "POST", "stop", `{"name": "web"}`, 400, `the body cannot be read: json: unknown field "name"`},
		{"more than one value", "POST", "stop", `{} {}`, 400, "the body cannot be read: there is more than one JSON value"},
		{"an unknown parameter", "GET", "logs?lines=3", "", 400, `there is no parameter "lines"`},
		{"a bad parameter", "GET", "logs?n=x", "", 400, "n=x is invalid"},
		{"a negative age", "GET", "logs?since=-1", "", 400, "since=-1 is invalid"},
		{"a bad expression", "GET", "logs?grep=(", "", 400, "grep=( is invalid: missing closing )"},
		{"an impossible time", "GET", "logs?until=1m&follow=true", "", 400, "until and follow exclude each other"},
		{"an unknown parameter of wait", "GET", "wait?names=web", "", 400, `there is no parameter "names"`},
		{"a bad expression to wait for", "GET", "wait?log=(", "", 400, "log=( is invalid: missing closing )"},
		{"a terminal without an upgrade", "GET", "instances/web.1/terminal", "", 426, "this requires Upgrade: reeve-terminal"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			request, _ := http.NewRequest(tt.method, "http://reeve/v1/"+tt.path, strings.NewReader(tt.body))
			response, err := client.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			if err := failureIn(response); response.StatusCode != tt.status || err.Error() != tt.text {
				t.Errorf("got %d %v", response.StatusCode, err)
			}
		})
	}
}

func TestHugeRequest(t *testing.T) {
	_, _, c := serve(t)
	endless := io.MultiReader(strings.NewReader(`{"names": ["`), &endlessReader{})
	request, _ := http.NewRequest(http.MethodPost, "http://reeve/v1/restart", io.LimitReader(endless, 1<<30))
	response, err := goClient(t, c).Do(request)
	if err == nil { // else the server has hung up, which is an answer too
		if err := failureIn(response); response.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("got %v", err)
		}
	}
	if _, err := c.Formation(ctx); err != nil {
		t.Error(err)
	}
}

type endlessReader struct{}

func (*endlessReader) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestGarbage(t *testing.T) {
	_, _, c := serve(t)
	for _, garbage := range []string{"\x00\xff\x16\x03\x01", "GET\r\n\r\n", "hello\n\n", "GET / HTTP/9.9\r\n\r\n"} {
		conn, err := c.connect()
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, garbage)
		if half, ok := conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
			_, _ = io.ReadAll(conn)
		}
		_ = conn.Close()
	}
	if _, err := c.Formation(ctx); err != nil {
		t.Error(err)
	}
}

func TestManyClients(t *testing.T) {
	_, _, c := serve(t)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for range 10 {
				if _, err := c.Formation(ctx); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

func TestTerminal(t *testing.T) {
	f, _, c := serve(t)
	if _, err := c.Attach("web.2", terminal.Size{}); err == nil || err.Error() != "web.2 has no terminal" {
		t.Errorf("got %v", err)
	}
	a, err := c.Attach("web.1", terminal.Size{Rows: 24, Columns: 300})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	if a.Instance != "web.1" {
		t.Errorf("its instance is %q", a.Instance)
	}
	if size := <-f.term.sizes; size != (terminal.Size{Rows: 24, Columns: 300}) {
		t.Errorf("its size is %v", size)
	}
	if err := errors.Join(a.Type([]byte("hello")), a.Resize(terminal.Size{Rows: 1000, Columns: 2})); err != nil {
		t.Fatal(err)
	}
	if p, _, err := a.Next(); err != nil || string(p) != "HELLO" {
		t.Errorf("got %q, %v", p, err)
	}
	if size := <-f.term.sizes; size != (terminal.Size{Rows: 1000, Columns: 2}) {
		t.Errorf("its size is %v", size)
	}
	_ = a.Type([]byte("end"))
	first, _, _ := a.Next()
	_, message, _ := a.Next()
	_, _, err = a.Next()
	if string(first) != "last" || message != "a message" || err == nil || err.Error() != "it is over" {
		t.Errorf("got %q, %q, %v", first, message, err)
	}
	<-f.term.closed
}

func TestTerminalOfAClientThatLeaves(t *testing.T) {
	f, _, c := serve(t)
	a, err := c.Attach("web.1", terminal.Size{Rows: 1, Columns: 1})
	if err != nil {
		t.Fatal(err)
	}
	_ = a.Close()
	<-f.term.closed
}

// Whatever is written arrives, however it is cut.
func FuzzFrames(f *testing.F) {
	f.Add([]byte("hello"), byte('o'))
	f.Add([]byte(nil), byte('i'))
	f.Add(bytes.Repeat([]byte("x"), maxFrame+1), byte('e'))
	f.Fuzz(func(t *testing.T, p []byte, kind byte) {
		var wire bytes.Buffer
		if err := writeFrames(&wire, kind, p); err != nil {
			t.Fatal(err)
		}
		var got []byte
		for from := iotest.OneByteReader(&wire); ; {
			k, part, err := readFrame(from)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil || k != kind {
				t.Fatalf("got kind %c, %v", k, err)
			}
			got = append(got, part...)
		}
		if !bytes.Equal(got, p) {
			t.Errorf("got %q, want %q", got, p)
		}
	})
}

// Who follows the formation is told of each change, and of its end.
func TestFollow(t *testing.T) {
	_, _, c := serve(t)
	var states []string
	err := c.Follow(t.Context(), func(f Formation) { states = append(states, f.Instances[0].State) })
	if !slices.Equal(states, []string{"running", "stopping"}) || err == nil {
		t.Errorf("told of %q, and then %v", states, err)
	}
}
