package output

import (
	"bytes"
	"encoding/binary"
)

// tape holds the last that an instance has written to one of its streams, over all of
// its runs. It is a ring of records, one for each read, that grows by need up to a
// limit and then overwrites the oldest. What a record says of itself takes some seven
// bytes, in the same ring, so that many small reads cannot outgrow their bound either.
type tape struct {
	Label
	source string
	limit  int
	writer *Stream // whose run goes on
	// counted: the lines are counted that are overwritten. It takes time, and is done
	// only while somebody might want to know how many he has missed.
	counted bool
	ring    []byte
	first   place // before the oldest record that is left
	end     place // after the newest
	news    bell
	// searched are the places of those who must not miss a line. The slice is never changed.
	searched []*searchedRun

	original *tape // of a copy
}

// place is a place between two records, and what holds there.
type place struct {
	at    int64  // the bytes of the tape before it
	seq   uint64 // of the record before it
	time  int64
	run   run
	open  bool // a line has begun and goes on after it
	lines int  // that have ended before it
}

// run is what the lines of one run of an instance have in common.
type run struct {
	pid      int
	terminal bool
}

// record is what a tape says of one piece of it.
type record struct {
	kind
	seq   uint64 // counts over all tapes, in the order in which things happened
	time  int64  // in nanoseconds since 1970
	head  int    // the bytes of all this
	size  int    // and of what the record holds
	whole bool   // that ends in a newline
	lines int    // the newlines in it, where they are counted
	run   run
}

// kind is what a record holds.
type kind uint8

const (
	wrote kind = iota // what the process has written
	began             // nothing: a run has begun
	broke             // nothing: an unfinished line is ended here
)

// Sizes of tapes. A reader copies one record at a time, so no record is long, and none
// takes much of a small tape with it when it is overwritten.
const (
	firstRing = 256
	leastTape = 4 << 10
	longestOf = 8 // records to a tape, at least
	maxHead   = 3 * binary.MaxVarintLen64
)

// pass goes from before a record to after it.
func (p *place) pass(r record) {
	p.at += int64(r.head + r.size)
	p.seq, p.time = r.seq, r.time
	p.lines += r.lines
	switch r.kind {
	case wrote:
		p.open = !r.whole
	case began:
		p.run = r.run
	case broke:
		if p.open {
			p.lines++
		}
		p.open = false
	}
}

// add appends a record.
func (t *tape) add(r record, text []byte) {
	var buf [maxHead]byte
	r.size, r.whole = len(text), len(text) > 0 && text[len(text)-1] == '\n'
	head := binary.AppendUvarint(buf[:0], uint64(r.size)<<2|uint64(r.kind))
	head = binary.AppendUvarint(head, r.seq-t.end.seq)
	if r.kind == began {
		r.time = t.end.time
		head = binary.AppendUvarint(head, r.run.encode())
	} else {
		head = binary.AppendVarint(head, r.time-t.end.time)
	}
	t.makeRoom(len(head) + len(text))
	t.put(t.end.at, head)
	t.put(t.end.at+int64(len(head)), text)
	r.head = len(head)
	t.end.pass(r)
}

// after reads what the record after a place says of itself.
func (t *tape) after(p place) (r record, ok bool) {
	if p.at == t.end.at {
		return r, false
	}
	var buf [maxHead]byte
	t.get(p.at, buf[:])
	head := buf[:]
	next := func() (v uint64) {
		v, n := binary.Uvarint(head)
		head = head[max(n, 0):] // negative: of a file, and no number
		return v
	}
	kindAndSize := next()
	r.kind, r.size = kind(kindAndSize&3), int(kindAndSize>>2)
	r.seq, r.time = p.seq+next(), p.time
	if v := next(); r.kind == began {
		r.run = decodeRun(v)
	} else {
		r.time += int64(v>>1) ^ -int64(v&1) // as binary.Varint has it
	}
	r.head = maxHead - len(head)
	r.whole = r.size > 0 && t.ring[(p.at+int64(r.head+r.size-1))%int64(len(t.ring))] == '\n'
	return r, true
}

// encode makes a number of a run.
func (r run) encode() uint64 {
	v := uint64(r.pid) << 1
	if r.terminal {
		v |= 1
	}
	return v
}

func decodeRun(v uint64) run { return run{pid: int(v >> 1), terminal: v&1 != 0} }

// text appends what a record after a place holds.
func (t *tape) text(out []byte, p place, r record) []byte {
	begin := len(out)
	out = append(out, make([]byte, r.size)...)
	t.get(p.at+int64(r.head), out[begin:])
	return out
}

// makeRoom makes room for n bytes: by a larger ring while there may be one, and then at
// the cost of the oldest records.
func (t *tape) makeRoom(n int) {
	if n += t.used(); n > len(t.ring) && len(t.ring) < t.limit {
		size := max(len(t.ring), firstRing)
		for size < n {
			size *= 4
		}
		t.grow(min(size, t.limit))
	}
	for n > len(t.ring) {
		n -= t.drop()
	}
}

func (t *tape) used() int { return int(t.end.at - t.first.at) }

// grow moves the tape to a larger ring.
func (t *tape) grow(size int) {
	old := *t
	t.ring = make([]byte, size)
	t.load(old)
}

// load fills the ring with what is on another tape, at the same places.
func (t *tape) load(from tape) {
	for at := from.first.at; at < from.end.at; {
		p := from.straight(at, int(from.end.at-at))
		t.put(at, p)
		at += int64(len(p))
	}
}

// drop gives up the oldest record, and returns its size.
func (t *tape) drop() int {
	r, _ := t.after(t.first)
	if t.counted {
		r.lines = t.newlines(t.first, r)
	}
	t.first.pass(r)
	return r.head + r.size
}

// newlines counts those in the record after a place.
func (t *tape) newlines(p place, r record) (lines int) {
	for at, n := p.at+int64(r.head), r.size; n > 0; {
		part := t.straight(at, n)
		lines += bytes.Count(part, []byte{'\n'})
		at, n = at+int64(len(part)), n-len(part)
	}
	return lines
}

// linesAfter counts the lines that end or have only begun after a place.
func (t *tape) linesAfter(p place) int {
	before := p.lines
	for r, ok := t.after(p); ok; r, ok = t.after(p) {
		r.lines = t.newlines(p, r)
		p.pass(r)
	}
	if p.open {
		p.lines++
	}
	return p.lines - before
}

// copy makes a copy of the tape as it is now.
func (t *tape) copy() *tape {
	c := *t
	c.original = t
	c.ring = make([]byte, max(t.used(), firstRing))
	c.load(*t)
	return &c
}

// straight gives the longest part without a turn of the n bytes at a place.
func (t *tape) straight(at int64, n int) []byte {
	i := int(at % int64(len(t.ring)))
	return t.ring[i:min(i+n, len(t.ring))]
}

func (t *tape) put(at int64, p []byte) {
	if len(p) > 0 {
		n := copy(t.straight(at, len(p)), p)
		copy(t.ring, p[n:])
	}
}

func (t *tape) get(at int64, p []byte) {
	n := copy(p, t.straight(at, len(p)))
	copy(p[n:], t.ring)
}
