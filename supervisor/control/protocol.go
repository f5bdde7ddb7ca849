package control

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strconv"

	"reeve/internal/http1"
	"reeve/supervisor/terminal"
)

// Protocol is what the connection for a terminal is upgraded to. A client asks with
// rows=… and columns=…, the size of its own terminal; the server answers 101. From then on
// both sides send frames: a byte that says what it is, the length of what follows in two
// bytes, the most significant first, and so many bytes.
//
//	i  to the server    what was typed
//	s  to the server    a new size: rows and columns, two bytes each
//	o  to the client    what the process has written
//	m  to the client    a message to the person, such as the end of a run
//	e  to the client    why this is the end
const Protocol = "reeve-terminal"

// The kinds of frames.
const (
	frameInput   = 'i'
	frameSize    = 's'
	frameOutput  = 'o'
	frameMessage = 'm'
	frameEnd     = 'e'
)

// Terminal is a process's terminal, for one client.
type Terminal interface {
	// Instance is the process whose it is.
	Instance() string
	// Type types something into it. It may wait for the process to read.
	Type(p []byte) error
	// Resize gives it the size of the client's.
	Resize(terminal.Size)
	// Next waits for what is written on it, or a message of reeve's about it. When there
	// is nothing more, the error says why; it is [io.EOF] at the end of the formation.
	Next(context.Context) (output []byte, message string, err error)
	// Close detaches the client.
	Close()
}

// instanceHeader is the answer's header that names the instance.
const instanceHeader = "Reeve-Instance"

const maxFrame = 1<<16 - 1

// writeFrames writes p in as many frames as it takes, in one go.
func writeFrames(w io.Writer, kind byte, p []byte) error {
	var out []byte
	for first := true; first || len(p) > 0; first = false {
		n := min(len(p), maxFrame)
		out = append(out, kind)
		out = binary.BigEndian.AppendUint16(out, uint16(n))
		out = append(out, p[:n]...)
		p = p[n:]
	}
	_, err := w.Write(out)
	return err
}

// readFrame reads a frame.
func readFrame(r io.Reader) (kind byte, p []byte, err error) {
	var head [3]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	p = make([]byte, binary.BigEndian.Uint16(head[1:]))
	_, err = io.ReadFull(r, p)
	return head[0], p, err
}

func encodeSize(size terminal.Size) []byte {
	return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, size.Rows), size.Columns)
}

func decodeSize(p []byte) (size terminal.Size, ok bool) {
	if len(p) != 4 {
		return size, false
	}
	return terminal.Size{Rows: binary.BigEndian.Uint16(p), Columns: binary.BigEndian.Uint16(p[2:])}, true
}

// terminal answers a client that wants a process's terminal.
func (s *Server) terminal(x *http1.Exchange, name string) {
	if x.Header.Get("Upgrade") != Protocol {
		writeError(x, Error{Status: http1.NoUpgrade, Text: "this requires Upgrade: " + Protocol})
		return
	}
	query := x.URL.Query()
	rows, rowsErr := strconv.ParseUint(query.Get("rows"), 10, 16)
	columns, columnsErr := strconv.ParseUint(query.Get("columns"), 10, 16)
	if errors.Join(rowsErr, columnsErr) != nil {
		writeError(x, Error{Status: http1.BadRequest, Text: "rows and columns must be the size of a terminal"})
		return
	}
	t, err := s.backend.Terminal(name, terminal.Size{Rows: uint16(rows), Columns: uint16(columns)})
	if err != nil {
		writeError(x, err)
		return
	}
	defer t.Close()
	x.Set(instanceHeader, t.Instance())
	if conn, from, err := x.Upgrade(Protocol); err == nil {
		serveTerminal(conn, from, t)
	}
}

// serveTerminal carries frames both ways until one side ends.
func serveTerminal(conn net.Conn, from *bufio.Reader, t Terminal) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		defer cancel()
		for takeFrame(from, t) == nil {
		}
	}()
	for {
		output, message, err := t.Next(ctx)
		if len(output) > 0 && writeFrames(conn, frameOutput, output) != nil {
			return
		}
		if message != "" && writeFrames(conn, frameMessage, []byte(message)) != nil {
			return
		}
		if err != nil {
			if ctx.Err() == nil {
				_ = writeFrames(conn, frameEnd, []byte(err.Error()))
			}
			return
		}
	}
}

// takeFrame does what a client's frame says.
func takeFrame(from io.Reader, t Terminal) error {
	kind, p, err := readFrame(from)
	if err != nil {
		return err
	}
	switch kind {
	case frameInput:
		return t.Type(p)
	case frameSize:
		if size, ok := decodeSize(p); ok {
			t.Resize(size)
		}
	}
	return nil
}
