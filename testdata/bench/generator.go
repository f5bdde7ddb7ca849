package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// generatorName is the name under which this program is a process of a measurement.
const generatorName = "gen"

// What processes write is made of two characters that no runner puts into a prefix
// or a message of its own: filler, and one mark at the end of each line. Between the
// lines there are messages to the meter, "@" to ";" (see meter.go).
const (
	filler = '~'
	mark   = '^'
)

// lifetime bounds a generator's life, should nobody be left to stop it.
const lifetime = time.Minute

// blockSize is how much a program writes at once that fills its buffer first.
const blockSize = 64 << 10

// generate does what one verb says:
//
//	flood SIZE block|line TIME  write lines of SIZE bytes, as blocks or one by one
//	quiet TIME                  write a line with the time in it every 2 ms
//	long BYTES                  write one line of BYTES bytes
//	forks N COMMAND…            start N processes, pass SIGTERM on, wait for all
//
// The first three say at the end what they have written, and then wait for SIGTERM:
// a formation would stop when the first of its processes ends.
func generate(args []string) {
	switch args[0] {
	case "flood":
		flood(number(args[1]), args[2], seconds(args[3]))
	case "quiet":
		quiet(seconds(args[1]))
	case "long":
		long(number(args[1]))
	case "forks":
		forks(number(args[1]), args[2:])
		return
	}
	time.Sleep(lifetime)
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	giveUp(err)
	return n
}

func seconds(s string) time.Duration {
	d, err := time.ParseDuration(s)
	giveUp(err)
	return d
}

func giveUp(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// flood writes lines of a size for a while. Blocks cut lines anywhere, as they do
// when a program's output is buffered.
func flood(size int, writes string, during time.Duration) {
	line := append(bytes.Repeat([]byte{filler}, size-2), mark, '\n')
	text := bytes.Repeat(line, blockSize/size+2)
	chunk := blockSize
	if writes == "line" {
		chunk = size
	}
	written := 0
	for end := time.Now().Add(during); time.Now().Before(end); {
		at := written % size
		put(text[at : at+chunk])
		written += chunk
	}
	if rest := written % size; rest > 0 {
		put(line[rest:])
		written += size - rest
	}
	sayEnd(written/size*(size-1), written/size)
}

// quiet writes the time every 2 ms. It lets a flood get going first.
func quiet(during time.Duration) {
	time.Sleep(100 * time.Millisecond)
	for end := time.Now().Add(during); time.Now().Before(end); {
		put(fmt.Appendf(nil, "@t%d;\n", monotonic()))
		time.Sleep(2 * time.Millisecond)
	}
	sayEnd(0, 0)
}

// long writes one line.
func long(size int) {
	block := bytes.Repeat([]byte{filler}, blockSize)
	for left := size; left > 0; left -= min(left, blockSize) {
		put(block[:min(left, blockSize)])
	}
	put([]byte("\n"))
	sayEnd(size, 0)
}

// sayEnd says how many bytes besides newlines have been written, and how many lines.
func sayEnd(bytes, lines int) { put(fmt.Appendf(nil, "@e%d,%d;\n", bytes, lines)) }

// put writes to standard output, without what package os does around it.
func put(p []byte) {
	for len(p) > 0 {
		n, err := syscall.Write(1, p)
		if err != nil && err != syscall.EINTR {
			os.Exit(1)
		}
		p = p[max(n, 0):]
	}
}

// monotonic is a clock that all processes share, in nanoseconds.
func monotonic() int64 {
	var t unix.Timespec
	giveUp(unix.ClockGettime(unix.CLOCK_MONOTONIC, &t))
	return t.Nano()
}

// forks is the least that a runner can do: it starts processes, which write where it
// would write itself, asks them to stop when it is asked, and waits for all of them.
func forks(n int, command []string) {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	path, err := exec.LookPath(command[0])
	giveUp(err)
	null, err := os.Open(os.DevNull)
	giveUp(err)
	pids := make([]int, n)
	attr := &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{null.Fd(), 1, 2}}
	for i := range pids {
		pids[i], err = syscall.ForkExec(path, command, attr)
		giveUp(err)
	}
	go func() {
		<-stop
		for _, pid := range pids {
			_ = syscall.Kill(pid, syscall.SIGTERM)
		}
	}()
	for err = nil; err != syscall.ECHILD; {
		_, err = syscall.Wait4(-1, nil, 0, nil)
	}
}
