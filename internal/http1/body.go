package http1

import (
	"errors"
	"io"
	"strconv"
	"strings"
)

// framing says how long a body is: so many bytes, or one of these.
type framing int64

const (
	unframed framing = -1 // until the end of the connection, or none at all
	chunked  framing = -2
)

// framingOf reads it from a head. Chunks win over a length, as RFC 9112 has it.
func framingOf(h Header) (framing, error) {
	if coding := h["Transfer-Encoding"]; len(coding) > 0 {
		if len(coding) > 1 || !strings.EqualFold(strings.TrimSpace(coding[0]), "chunked") {
			return 0, Error{NoCoding, "the Transfer-Encoding must be chunked"}
		}
		return chunked, nil
	}
	lengths := h["Content-Length"]
	if len(lengths) == 0 {
		return unframed, nil
	}
	for _, other := range lengths[1:] {
		if other != lengths[0] {
			return 0, errLength
		}
	}
	n, err := strconv.ParseUint(lengths[0], 10, 63)
	if err != nil {
		return 0, errLength
	}
	return framing(n), nil
}

var errLength = Error{BadRequest, "the Content-Length is malformed"}

// body reads a body of known length, or in chunks.
func (r *Reader) body(f framing) io.Reader {
	if f == chunked {
		return &chunks{from: r}
	}
	return &counted{r, int64(f)}
}

// counted is a body of which so many bytes are still to come.
type counted struct {
	from *Reader
	left int64
}

func (b *counted) Read(p []byte) (n int, err error) {
	if b.left == 0 {
		return 0, io.EOF
	}
	n, err = b.from.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	if err == io.EOF && b.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

var errChunk = errors.New("a chunk is malformed")

// chunks is a body in chunks: each has its length in front, and the last one has none.
type chunks struct {
	from *Reader
	left uint64 // bytes of the present chunk
	next bool   // the end of a line, and the next chunk, are still to be read
	err  error
}

func (b *chunks) Read(p []byte) (n int, err error) {
	if b.left == 0 && b.err == nil {
		b.err = b.begin()
	}
	if b.err != nil {
		return 0, b.err
	}
	n, err = b.from.Read(p[:min(uint64(len(p)), b.left)])
	b.left -= uint64(n)
	b.err = unexpected(err)
	return n, b.err
}

// begin reads what is in front of a chunk. After the last one it is the end of the body.
func (b *chunks) begin() error {
	if b.next {
		switch line, err := b.line(); {
		case err != nil:
			return err
		case line != "":
			return errChunk
		}
	}
	b.next = true
	line, err := b.line()
	if err != nil {
		return err
	}
	size, _, _ := strings.Cut(line, ";")
	if b.left, err = strconv.ParseUint(strings.TrimRight(size, " \t"), 16, 63); err != nil {
		return errChunk
	}
	if b.left > 0 {
		return nil
	}
	for line != "" && err == nil { // the fields that may follow are of no use
		line, err = b.line()
	}
	if err != nil {
		return err
	}
	return io.EOF
}

// line reads a line, which must fit into the buffer.
func (b *chunks) line() (string, error) {
	line, err := b.from.ReadSlice('\n')
	if err != nil {
		return "", unexpected(err)
	}
	text, ok := strings.CutSuffix(string(line), "\r\n")
	if !ok {
		return "", errChunk
	}
	return text, nil
}

// unexpected is an error in the middle of a body.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
