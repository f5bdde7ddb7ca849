package http1

import (
	"bufio"
	"errors"
	"io"
	"math"
	"net"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
)

// Header has the fields of a message's head.
type Header = textproto.MIMEHeader

// Error is what is wrong with a request, with the status that tells of its kind.
type Error struct {
	Status int
	Text   string
}

func (e Error) Error() string { return e.Text }

// ErrMalformed says that what has come is not an answer in HTTP.
var ErrMalformed = errors.New("malformed HTTP")

// Request is what a client asks.
type Request struct {
	Method string
	URL    *url.URL
	Header Header
	Body   []byte
	old    bool // HTTP/1.0, which knows neither chunks nor connections that stay open
}

// Response is what a server answers.
type Response struct {
	Status int
	Header Header
	Body   io.Reader
	Conn   net.Conn      // for what it is upgraded to,
	From   *bufio.Reader // and what has come of that already
	close  func() error
}

// Close ends the connection that the response has come on.
func (r *Response) Close() error {
	if r.close == nil {
		return nil
	}
	return r.close()
}

// Reader reads messages.
type Reader struct {
	*bufio.Reader
	from    io.LimitedReader
	maxHead int64
}

// NewReader makes a reader of messages whose heads have at most about so many bytes.
func NewReader(from io.Reader, maxHead int64) *Reader {
	r := &Reader{from: io.LimitedReader{R: from, N: math.MaxInt64}, maxHead: maxHead}
	r.Reader = bufio.NewReader(&r.from)
	return r
}

// errHead says that a head is too long.
var errHead = Error{TooLong, "the header is too long"}

// head reads a message's first line, which begin judges before more is waited for, and its
// fields. An end in between is unexpected.
func (r *Reader) head(begin func(line string) error) (h Header, err error) {
	r.from.N = r.maxHead
	defer func() {
		if err != nil && r.from.N <= 0 {
			err = errHead
		}
		r.from.N = math.MaxInt64
	}()
	line, err := r.ReadString('\n')
	if err != nil {
		return nil, unexpected(err)
	}
	if err := begin(strings.TrimSuffix(line[:len(line)-1], "\r")); err != nil {
		return nil, err
	}
	h, err = textproto.NewReader(r.Reader).ReadMIMEHeader()
	return h, unexpected(err)
}

// isMalformed reports whether an error of head is about the fields.
func isMalformed(err error) bool {
	var malformed textproto.ProtocolError
	return errors.As(err, &malformed)
}

// request reads a request's head.
func (r *Reader) request() (*Request, error) {
	request := &Request{}
	version := ""
	h, err := r.head(func(line string) (err error) {
		version, err = request.begin(line)
		return err
	})
	switch {
	case isMalformed(err):
		return nil, Error{BadRequest, "the header is malformed"}
	case err != nil:
		return nil, err
	}
	request.Header, request.old = h, withoutChunks(version, h)
	if hosts := h["Host"]; len(hosts) > 1 || len(hosts) == 0 && !request.old {
		return nil, Error{BadRequest, "there must be one Host"}
	}
	return request, nil
}

// begin reads the first line of a request.
func (r *Request) begin(line string) (version string, err error) {
	method, rest, _ := strings.Cut(line, " ")
	target, version, _ := strings.Cut(rest, " ")
	switch {
	case !isToken(method) || !strings.HasPrefix(version, "HTTP/"):
		return "", Error{BadRequest, "this is not an HTTP request"}
	case !isVersion(version):
		return "", Error{NoVersion, "this is for HTTP/1.1"}
	}
	r.Method = method
	if r.URL, err = url.ParseRequestURI(target); err != nil {
		return "", Error{BadRequest, "the path is malformed"}
	}
	return version, nil
}

// response reads a response to a method. One that only says that there will be one is
// passed over.
func (r *Reader) response(method string) (*Response, error) {
	for {
		var version string
		var status int
		h, err := r.head(func(line string) (err error) {
			version, status, err = statusOf(line)
			return err
		})
		switch {
		case isMalformed(err), errors.Is(err, errHead):
			return nil, ErrMalformed
		case err != nil:
			return nil, err
		}
		if status >= 200 || status == Switching {
			withoutChunks(version, h)
			body, err := r.bodyOf(method, status, h)
			return &Response{Status: status, Header: h, Body: body}, err
		}
	}
}

// statusOf reads the first line of a response.
func statusOf(line string) (version string, status int, err error) {
	version, rest, _ := strings.Cut(line, " ")
	code, _, _ := strings.Cut(rest, " ")
	n, err := strconv.ParseUint(code, 10, 16)
	if err != nil || len(code) != 3 || !isVersion(version) {
		return "", 0, ErrMalformed
	}
	return version, int(n), nil
}

// bodyOf is the body of a response.
func (r *Reader) bodyOf(method string, status int, h Header) (io.Reader, error) {
	f, err := framingOf(h)
	switch {
	case err != nil:
		return nil, ErrMalformed
	case method == "HEAD" || status < 200 || status == 204 || status == 304:
		return strings.NewReader(""), nil
	case f == unframed:
		return r.Reader, nil
	}
	return r.body(f), nil
}

// isVersion reports whether this is HTTP/1.x, all of which are alike.
func isVersion(s string) bool {
	minor, ok := strings.CutPrefix(s, "HTTP/1.")
	return ok && len(minor) == 1 && minor[0] >= '0' && minor[0] <= '9'
}

// withoutChunks reports whether a version has none, and what is said of them means nothing.
func withoutChunks(version string, h Header) (old bool) {
	if old = version == "HTTP/1.0"; old {
		delete(h, "Transfer-Encoding")
	}
	return old
}

// isToken reports whether s may be a method.
func isToken(s string) bool {
	for _, c := range []byte(s) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return s != ""
}

// has reports whether a field that is a list has a word.
func has(h Header, key, word string) bool {
	for _, value := range h[key] {
		for item := range strings.SplitSeq(value, ",") {
			if strings.EqualFold(strings.TrimSpace(item), word) {
				return true
			}
		}
	}
	return false
}
