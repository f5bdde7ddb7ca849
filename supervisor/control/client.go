package control

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"

	"reeve/internal/asjson"
	"reeve/internal/http1"
	"reeve/supervisor/terminal"
)

// Client talks to a running formation. It can be used by many goroutines.
type Client struct {
	connect func() (net.Conn, error)
	first   chan net.Conn // what Dial has connected, for the first request
}

// SuspendedError says that a formation is stopped, as by Ctrl-Z, and so answers nobody.
type SuspendedError struct{ Pid int } // of reeve

func (e SuspendedError) Error() string { return fmt.Sprintf("reeve is suspended, pid %d", e.Pid) }

// Dial finds the formation of the app in a root. The error is [ErrNotRunning] if there is
// none, and [SuspendedError] if it cannot answer for now: there is a client then, whose
// requests wait.
func Dial(root string) (*Client, error) {
	conn, err := dial(root)
	if err != nil {
		return nil, err
	}
	again := func() (net.Conn, error) { return dial(root) }
	if pid := peerPid(conn); isSuspended(pid) {
		_ = conn.Close()
		return &Client{again, make(chan net.Conn)}, SuspendedError{pid}
	}
	first := make(chan net.Conn, 1)
	first <- conn
	return &Client{again, first}, nil
}

// Close closes what [Dial] has connected, if nothing was asked.
func (c *Client) Close() {
	select {
	case conn := <-c.first:
		_ = conn.Close()
	default:
	}
}

// dial makes a connection, which is for one request.
func (c *Client) dial() (net.Conn, error) {
	select {
	case conn := <-c.first:
		return conn, nil
	default:
		return c.connect()
	}
}

// Formation tells what runs.
func (c *Client) Formation(ctx context.Context) (f Formation, err error) {
	return c.formation(ctx, "formation")
}

// outline tells what runs, but not what that uses, which is worth milliseconds.
func (c *Client) outline(ctx context.Context) (f Formation, err error) {
	return c.formation(ctx, "formation?usage=false")
}

func (c *Client) formation(ctx context.Context, what string) (f Formation, err error) {
	response, err := c.do(ctx, "GET", what, nil)
	if err != nil {
		return f, err
	}
	defer func() { _ = response.Close() }()
	return f, json.NewDecoder(response.Body).Decode(&f)
}

// Restart asks for a new run of each instance that the names mean, and tells of every
// outcome as it comes. Without names it is all of them.
func (c *Client) Restart(ctx context.Context, of []string, tell func(Outcome)) error {
	return c.outcomes(ctx, "restart", names{of}, tell)
}

// Stop stops instances, but not the formation.
func (c *Client) Stop(ctx context.Context, of []string, tell func(Outcome)) error {
	return c.outcomes(ctx, "stop", names{of}, tell)
}

// Scale changes the number of instances of process types.
func (c *Client) Scale(ctx context.Context, counts map[string]int, tell func(Outcome)) error {
	return c.outcomes(ctx, "scale", scale{counts}, tell)
}

// Reload has the formation read its files again.
func (c *Client) Reload(ctx context.Context, r Reload, tell func(Outcome)) error {
	return c.outcomes(ctx, "reload", r, tell)
}

// outcomes makes a request that is answered by outcomes.
func (c *Client) outcomes(ctx context.Context, what string, body any, tell func(Outcome)) error {
	response, err := c.do(ctx, "POST", what, body)
	if err != nil {
		return err
	}
	defer func() { _ = response.Close() }()
	for lines := json.NewDecoder(response.Body); ; {
		var o Outcome
		switch err := lines.Decode(&o); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return lost(err)
		}
		tell(o)
	}
}

// Quit stops the formation, waits until nothing is left of it, and returns its exit code.
func (c *Client) Quit(ctx context.Context) (code int, err error) {
	response, err := c.do(ctx, "POST", "quit", nil)
	if err != nil {
		return 0, err
	}
	defer func() { _ = response.Close() }()
	var answer quit
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return 0, lost(err)
	}
	return answer.Code, nil
}

// Logs copies the log to w. A formation that ends is the end of the log.
func (c *Client) Logs(ctx context.Context, q LogQuery, w io.Writer) error {
	response, err := c.do(ctx, "GET", "logs?"+q.values().Encode(), nil)
	if err != nil {
		return err
	}
	defer func() { _ = response.Close() }()
	_, err = io.Copy(w, response.Body)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return nil // the formation was killed
	}
	return err
}

// do makes a request. What is not answered by success is an error.
func (c *Client) do(ctx context.Context, method, what string, body any) (*http1.Response, error) {
	r := &http1.Request{Method: method}
	var err error
	if r.URL, err = url.Parse("http://reeve/v1/" + what); err != nil {
		return nil, err
	}
	if body != nil {
		r.Body = asjson.Append(nil, body)
	}
	return c.ask(ctx, r)
}

func (c *Client) ask(ctx context.Context, r *http1.Request) (*http1.Response, error) {
	conn, err := c.dial()
	if err != nil {
		return nil, err
	}
	response, err := http1.Ask(ctx, conn, r)
	if err != nil {
		return nil, lost(err)
	}
	if response.Status >= http1.BadRequest {
		return nil, failureOf(response)
	}
	return response, nil
}

// lost says plainly that the connection has broken off.
func lost(err error) error {
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), isBrokenOff(err):
		return errors.New("the formation has ended without an answer")
	}
	return fmt.Errorf("the formation does not answer: %w", err)
}

// failureOf reads the answer to what has failed.
func failureOf(response *http1.Response) error {
	defer func() { _ = response.Close() }()
	var f failure
	if err := json.NewDecoder(io.LimitReader(response.Body, limits.Body)).Decode(&f); err != nil || f.Error == "" {
		return Error{Status: response.Status, Text: http1.StatusText(response.Status)}
	}
	return Error{Status: response.Status, Text: f.Error}
}

// Attachment is a client's side of a process's terminal. One goroutine may call Next while
// others call the rest.
type Attachment struct {
	Instance string // whose terminal it is
	conn     net.Conn
	from     *bufio.Reader
}

// Attach attaches to the terminal of the process that a name means.
func (c *Client) Attach(name string, size terminal.Size) (*Attachment, error) {
	query := url.Values{"rows": {strconv.Itoa(int(size.Rows))}, "columns": {strconv.Itoa(int(size.Columns))}}
	where, err := url.Parse("http://reeve/v1/instances/" + url.PathEscape(name) + "/terminal?" + query.Encode())
	if err != nil {
		return nil, err
	}
	header := http1.Header{"Connection": {"Upgrade"}, "Upgrade": {Protocol}}
	response, err := c.ask(context.Background(), &http1.Request{Method: "GET", URL: where, Header: header})
	if err != nil {
		return nil, err
	}
	if response.Status != http1.Switching {
		return nil, failureOf(response)
	}
	return &Attachment{response.Header.Get(instanceHeader), response.Conn, response.From}, nil
}

// Type sends what was typed.
func (a *Attachment) Type(p []byte) error { return writeFrames(a.conn, frameInput, p) }

// Resize sends the size of the client's terminal.
func (a *Attachment) Resize(size terminal.Size) error {
	return writeFrames(a.conn, frameSize, encodeSize(size))
}

// Next waits for what the process writes, or a message about it. The error says why there
// is no more.
func (a *Attachment) Next() (output []byte, message string, err error) {
	kind, p, err := readFrame(a.from)
	switch {
	case err != nil:
		return nil, "", errors.New("the formation has ended")
	case kind == frameOutput:
		return p, "", nil
	case kind == frameMessage:
		return nil, string(p), nil
	case kind == frameEnd:
		return nil, "", errors.New(string(p))
	}
	return nil, "", nil
}

// Close detaches.
func (a *Attachment) Close() error { return a.conn.Close() }
