package supervisor

import (
	"encoding/binary"
	"io"
	"math"
	"os"
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"
)

func pipe(ends []int) error { return unix.Pipe2(ends, unix.O_CLOEXEC) }

// wire is how reeve tells its guardian things: by writing them down in a file in memory, which
// is read when reeve is gone. A pipe would have to be read all the time, by somebody who is
// awake and remembers it.
//
// The head of the file, which is also in memory that both share, says where the lines begin.
// What is told anew is written behind everything else, and that number changed last: at any
// moment, one of the two is whole.
type wire struct {
	alive  int // reeve's end of a pipe, by which the guardian knows that reeve lives
	file   int
	shared []byte
	head   *wireHead
	end    int64 // of what is in the file
}

// wireHead is a page.
type wireHead struct {
	begin   int64
	done    int32       // not 0: the guardian has done its work
	leaders [1021]int32 // of the runs, see guardRaw; it does without those that find no place
}

const wireHeadSize = int64(unsafe.Sizeof(wireHead{}))

// wireRoom is how many bytes of lines may gather before all is told anew.
const wireRoom = 64 << 10

func newWire() (w *wire, theirs int, err error) {
	file, err := unix.MemfdCreate(GuardianName, unix.MFD_CLOEXEC|unix.MFD_NOEXEC_SEAL)
	if err != nil { // before Linux 6.3
		file, err = unix.MemfdCreate(GuardianName, unix.MFD_CLOEXEC)
	}
	if err != nil {
		return nil, -1, err
	}
	w = &wire{alive: -1, file: file, end: wireHeadSize}
	if err := w.share(); err != nil {
		w.close()
		return nil, -1, err
	}
	var ends [2]int
	if err := pipe(ends[:]); err != nil {
		w.close()
		return nil, -1, err
	}
	w.alive = ends[1]
	return w, ends[0], nil
}

// share makes the head.
func (w *wire) share() (err error) {
	if err = unix.Ftruncate(w.file, wireHeadSize); err != nil {
		return err
	}
	w.shared, err = unix.Mmap(w.file, 0, int(wireHeadSize), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return err
	}
	w.head = (*wireHead)(unsafe.Pointer(&w.shared[0]))
	w.head.begin = wireHeadSize
	return nil
}

// write tells something.
func (w *wire) write(p []byte) {
	n, _ := unix.Pwrite(w.file, p, w.end)
	w.end += int64(max(n, 0))
}

// isLong says that what is told anew would be shorter, most likely.
func (w *wire) isLong() bool { return w.end-w.head.begin > wireRoom }

// anew tells everything that is to be known.
func (w *wire) anew(p []byte) {
	before, begin := w.head.begin, w.end
	w.write(p)
	if w.end-begin == int64(len(p)) {
		w.head.begin = begin
		_ = unix.Fallocate(w.file, unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, before, begin-before)
	}
}

// replace exchanges one leader for another; 0 stands for none.
func (w *wire) replace(before, by int) {
	if i := slices.Index(w.head.leaders[:], int32(before)); i >= 0 {
		w.head.leaders[i] = int32(by)
	}
}

func (w *wire) close() {
	if w.alive >= 0 {
		_ = unix.Close(w.alive)
	}
	if w.shared != nil {
		_ = unix.Munmap(w.shared)
	}
	_ = unix.Close(w.file)
}

// sayDone ends the guardian's work.
func sayDone(in *os.File) {
	_, _ = in.WriteAt([]byte{1}, int64(unsafe.Offsetof(wireHead{}.done)))
}

// told is what was written down.
func told(in *os.File) io.Reader {
	var begin [8]byte
	_, _ = in.ReadAt(begin[:], 0)
	return io.NewSectionReader(in, int64(binary.NativeEndian.Uint64(begin[:])), math.MaxInt64)
}

// beginGuardian makes a guardian that does not wake before reeve is gone.
func beginGuardian(program, formation string) (pid int, w *wire, err error) {
	s, free, err := layOut(program, []string{GuardianName, formation}, guardianEnviron)
	if err != nil {
		return 0, nil, err
	}
	defer free()
	w, theirs, err := newWire()
	if err != nil {
		return 0, nil, err
	}
	defer unix.Close(theirs)
	s.wake, s.story, s.head = theirs, w.file, w.head
	if pid, err = s.fork(); err != nil {
		w.close()
		return 0, nil, err
	}
	return pid, w, nil
}
