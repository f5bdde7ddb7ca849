package output

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"reeve/internal/asjson"
)

// A history can be saved when its formation has ended, and be read by another process: a line
// of JSON, and then what is on the tapes, as it is there.

// maxSaved is more than one tape can have.
const maxSaved = 1 << 30

// saved is that line.
type saved struct {
	Tapes   []savedTape `json:"tapes"`
	Notices []savedSaid `json:"notices"`
	Seq     uint64      `json:"seq"` // of the last record or notice
}

// savedTape tells of a tape, and what holds where its oldest record begins.
type savedTape struct {
	Label    Label  `json:"label"`
	Source   string `json:"source,omitempty"`
	Size     int    `json:"size"`
	Seq      uint64 `json:"seq"`
	Time     int64  `json:"time"`
	Pid      int    `json:"pid"`
	Terminal bool   `json:"terminal,omitempty"`
	Open     bool   `json:"open,omitempty"`
}

// savedSaid is a notice.
type savedSaid struct {
	Seq    uint64    `json:"seq"`
	Time   time.Time `json:"time"`
	Notice Notice    `json:"notice"`
}

// Save writes the history, of its tapes at most so many bytes. The oldest lines go first.
func (h *History) Save(w io.Writer, limit int) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.limit <= 0 {
		return errors.New("there is no history")
	}
	s := saved{Tapes: []savedTape{}, Notices: []savedSaid{}, Seq: h.seq}
	for i := range h.notices {
		n := h.notices[(h.noticed-len(h.notices)+i)%maxNotices]
		s.Notices = append(s.Notices, savedSaid{n.seq, n.time, n.Notice})
	}
	var from []int64
	for _, t := range h.tapes {
		p := t.within(min(limit, maxSaved) / len(h.tapes))
		from = append(from, p.at)
		s.Tapes = append(s.Tapes, savedTape{
			Label: t.Label, Source: t.source, Size: int(t.end.at - p.at), Seq: p.seq, Time: p.time,
			Pid: p.run.pid, Terminal: p.run.terminal, Open: p.open,
		})
	}
	to := bufio.NewWriterSize(w, 64<<10)
	if _, err := to.Write(append(asjson.Append(nil, s), '\n')); err != nil {
		return err
	}
	for i, t := range h.tapes {
		for at := from[i]; at < t.end.at; {
			p := t.straight(at, int(t.end.at-at))
			_, _ = to.Write(p) // Flush gives its error
			at += int64(len(p))
		}
	}
	return to.Flush()
}

// within gives the place after which there are at most so many bytes.
func (t *tape) within(limit int) place {
	p := t.first
	for t.end.at-p.at > int64(limit) {
		r, _ := t.after(p)
		p.pass(r)
	}
	return p
}

// LoadHistory reads what [History.Save] has written. Nothing more will come into it.
func LoadHistory(r io.Reader) (*History, error) {
	from := bufio.NewReader(r)
	line, err := from.ReadBytes('\n')
	if err != nil {
		return nil, err
	}
	var s saved
	if err := json.Unmarshal(line, &s); err != nil {
		return nil, err
	}
	h := NewHistory(1)
	h.seq, h.over = s.Seq, true
	for _, n := range s.Notices {
		h.notices = append(h.notices, said{n.Seq, n.Time, n.Notice})
	}
	h.noticed = len(h.notices)
	for _, of := range s.Tapes {
		t, err := of.load(from)
		if err != nil {
			return nil, err
		}
		h.tapes = append(h.tapes, t)
	}
	return h, nil
}

// load reads a tape, and makes sure that its records are whole.
func (s savedTape) load(from io.Reader) (*tape, error) {
	first := place{seq: s.Seq, time: s.Time, run: run{s.Pid, s.Terminal}, open: s.Open}
	if s.Size < 0 || s.Size > maxSaved {
		return nil, fmt.Errorf("a tape of %d bytes", s.Size)
	}
	t := &tape{Label: s.Label, source: s.Source, first: first, end: first, ring: make([]byte, max(s.Size, maxHead))}
	if _, err := io.ReadFull(from, t.ring[:s.Size]); err != nil {
		return nil, err
	}
	t.end.at = int64(s.Size)
	for p := t.first; p.at < t.end.at; {
		r, _ := t.after(p)
		if r.head <= 0 || r.size < 0 || int64(r.head+r.size) > t.end.at-p.at {
			return nil, errors.New("a record is not whole")
		}
		p.pass(r)
	}
	return t, nil
}

// Rehearse saves next to nothing, so that what [History.Save] needs is there.
func Rehearse() {
	h := NewHistory(leastTape)
	t := h.tapeOf(&Stream{})
	t.add(record{kind: wrote}, []byte("x\n"))
	h.notice(Notice{Event: "x", Fields: []Field{{"x", 1}}}, time.Time{})
	_ = h.Save(io.Discard, leastTape)
}
