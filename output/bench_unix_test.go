//go:build unix

package output

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"reeve/output/logdir"
)

// BenchmarkMux measures all of the way from processes' pipes to a reader of the log.
func BenchmarkMux(b *testing.B) {
	for _, length := range []int{8, 80, 4096} {
		for _, writers := range []int{1, 4} {
			name := fmt.Sprintf("%d/%d", length, writers)
			b.Run(name, func(b *testing.B) { benchmarkPipes(b, chunkOf(length, false), writers, throughMux(Options{})) })
			b.Run(name+"/history", func(b *testing.B) {
				benchmarkPipes(b, chunkOf(length, false), writers, throughMux(Options{History: NewHistory(1 << 20)}))
			})
			b.Run(name+"/followed", func(b *testing.B) {
				h := NewHistory(1 << 20)
				go h.Write(b.Context(), Query{Follow: true}, benchFormats[0].format(), func([]byte) error { return nil })
				benchmarkPipes(b, chunkOf(length, false), writers, throughMux(Options{History: h}))
			})
			b.Run(name+"/files", func(b *testing.B) {
				f := NewFiles(FilesOptions{Dir: &logdir.Dir{Path: b.TempDir(), Size: 10 << 20}, Format: benchFormats[0].format(), Trouble: func(err error) { b.Error(err) }})
				benchmarkPipes(b, chunkOf(length, false), writers, throughMux(Options{Files: f}))
				f.Close(patience)
			})
			b.Run(name+"/naive", func(b *testing.B) { benchmarkPipes(b, chunkOf(length, false), writers, throughScanners) })
		}
	}
}

// route takes what is written to pipes to the log, until it has all been written.
type route func(b *testing.B, out *os.File, ins []int, written *sync.WaitGroup)

// benchmarkPipes has writers write b.N chunks together, and reads the log they become.
func benchmarkPipes(b *testing.B, chunk []byte, writers int, through route) {
	r, w, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	ins := make([]int, writers)
	var written, read sync.WaitGroup
	b.SetBytes(int64(len(chunk)))
	b.ReportAllocs()
	b.ResetTimer()
	for i := range writers {
		var ends [2]int
		if err := unix.Pipe(ends[:]); err != nil {
			b.Fatal(err)
		}
		ins[i] = ends[0]
		written.Go(func() {
			defer unix.Close(ends[1])
			for n := i; n < b.N; n += writers {
				for rest := chunk; len(rest) > 0; {
					n, _ := unix.Write(ends[1], rest)
					rest = rest[max(n, 0):]
				}
			}
		})
	}
	read.Go(func() { discard(r) })
	through(b, w, ins, &written)
	_ = w.Close()
	read.Wait()
	_ = r.Close()
}

// discard reads to the end as a fast reader would.
func discard(r *os.File) {
	buf := make([]byte, batchSize)
	for {
		if _, err := r.Read(buf); err != nil {
			return
		}
	}
}

func throughMux(o Options) route {
	return func(b *testing.B, out *os.File, ins []int, written *sync.WaitGroup) {
		o.Out, o.Format = int(out.Fd()), benchFormats[0].format()
		m, err := New(o)
		if err != nil {
			b.Fatal(err)
		}
		for i, fd := range ins {
			_ = unix.SetNonblock(fd, true)
			m.Open(NewStream(fd, Label{Name: fmt.Sprint("web.", i), Place: i}))
		}
		written.Wait()
		m.Close(context.Background(), patience)
	}
}

func throughScanners(_ *testing.B, out *os.File, ins []int, _ *sync.WaitGroup) {
	var mu sync.Mutex
	var readers sync.WaitGroup
	for _, fd := range ins {
		readers.Go(func() {
			in := os.NewFile(uintptr(fd), "pipe")
			defer in.Close()
			for lines := bufio.NewScanner(in); lines.Scan(); {
				mu.Lock()
				benchFormats[0].naive(out, lines.Bytes())
				mu.Unlock()
			}
		})
	}
	readers.Wait()
}

// BenchmarkQuiet measures what a line costs the processor that comes alone, with all that goes
// on around it: besides the mux's part there are a sleep, a write and a read.
func BenchmarkQuiet(b *testing.B) {
	r, w, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	var ends [2]int
	if err := unix.Pipe(ends[:]); err != nil {
		b.Fatal(err)
	}
	_ = unix.SetNonblock(ends[0], true)
	m, err := New(Options{Out: int(w.Fd()), Format: benchFormats[0].format()})
	if err != nil {
		b.Fatal(err)
	}
	m.Open(NewStream(ends[0], Label{Name: "web.1"}))
	var read sync.WaitGroup
	read.Go(func() { discard(r) })
	before := processorTime()
	for b.Loop() {
		_, _ = unix.Write(ends[1], []byte("a line of a quiet process\n"))
		time.Sleep(2 * time.Millisecond)
	}
	b.ReportMetric(float64((processorTime()-before).Microseconds())/float64(b.N), "cpu-µs/line")
	_ = unix.Close(ends[1])
	m.Close(context.Background(), patience)
	_ = w.Close()
	read.Wait()
	_ = r.Close()
}

// processorTime is what this process has used of the processors so far.
func processorTime() time.Duration {
	var u unix.Rusage
	_ = unix.Getrusage(unix.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
