package supervisor

import (
	"bytes"
	"strconv"
	"syscall"
	"unsafe"
)

// A sleeper does not get what it does not need: all of Go's memory except for the stack that it runs on.
// After a fork the kernel shares memory until either side writes to it, which reeve does at once and
// everywhere: 150 pages of a start would each cost a page fault, a copy and a message to the other
// processors, together 0.7 of 6 ms. What the sleeper keeps is 0.1 MB.

// region is a part of the address space.
type region struct{ from, to uintptr }

// inData is among the variables, which a sleeper keeps: go test -cover counts there.
var inData [1]byte

// withheld are the regions that hold Go's memory: the one that contains the stack and, unless some may
// belong to a C library, all others that are writable and not of a file. Without /proc there are none,
// and everything is copied.
func withheld(stack uintptr) (regions []region) {
	data := uintptr(unsafe.Pointer(&inData))
	for line := range bytes.Lines(readAll("/proc/self/maps")) {
		fields := bytes.Fields(line)
		if len(fields) != 5 || fields[1][1] != 'w' { // a sixth one is a name
			continue
		}
		from, to, _ := bytes.Cut(fields[0], []byte{'-'})
		begin, err := strconv.ParseUint(string(from), 16, 64)
		end, endErr := strconv.ParseUint(string(to), 16, 64)
		r := region{uintptr(begin), uintptr(end)}
		if err == nil && endErr == nil && (r.has(stack) || !libc && !r.has(data)) {
			regions = append(regions, r)
		}
	}
	return regions
}

//go:norace
//go:nosplit
func (r region) has(address uintptr) bool { return r.from <= address && address < r.to }

// adviseRaw tells the kernel what a copy gets of regions, except for the stack: the page of an address
// on it, and those around that.
//
//go:norace
//go:nosplit
func adviseRaw(regions []region, stack, page, advice uintptr) {
	for i := range len(regions) {
		before, after := regions[i], region{}
		if before.has(stack) {
			after = region{stack/page*page + 2*page, before.to}
			before.to = stack/page*page - page
		}
		before.adviseRaw(advice)
		after.adviseRaw(advice)
	}
}

//go:norace
//go:nosplit
func (r region) adviseRaw(advice uintptr) {
	if r.from < r.to {
		_, _, _ = syscall.RawSyscall(syscall.SYS_MADVISE, r.from, r.to-r.from, advice)
	}
}

// bag is memory that is filled from its beginning.
type bag struct {
	memory []byte
	used   int
}

// pointerSize is that of an address for the kernel.
const pointerSize = int(unsafe.Sizeof(uintptr(0)))

// sizeOf is how much room texts and lists of them need.
func (b *bag) sizeOf(texts []string) (size int) {
	for _, text := range texts {
		size += len(text) + 1 + pointerSize
	}
	return size + 4*pointerSize // the ends of two lists, and where they begin
}

func (b *bag) take(size int) unsafe.Pointer {
	at := unsafe.Pointer(&b.memory[b.used])
	b.used += size
	return at
}

// text puts a text in as the kernel reads it, with a NUL at the end.
func (b *bag) text(s string) uintptr {
	at := b.take(len(s) + 1)
	copy(unsafe.Slice((*byte)(at), len(s)), s)
	return uintptr(at)
}

// list puts a list of texts in.
func (b *bag) list(texts []string) uintptr {
	b.used += -b.used & (pointerSize - 1)
	list := unsafe.Slice((*uintptr)(b.take((len(texts)+1)*pointerSize)), len(texts))
	for i, text := range texts {
		list[i] = b.text(text)
	}
	return uintptr(unsafe.Pointer(unsafe.SliceData(list)))
}
