// Package kinfo reads the process table of macOS and FreeBSD, which have no /proc: sysctl(3) returns
// it as an array of struct kinfo_proc.
//
// The kernel's structs are read by the offsets of their fields, so that the reading can be tested on
// every platform. On macOS the compiler checks the offsets against those of golang.org/x/sys, and on
// FreeBSD each struct has its own length in it. If a struct is not as expected, there is no table, and
// callers must do without one.
//
// Nothing here is used on Linux.
package kinfo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Process is one process.
type Process struct {
	Pid, Parent, Group, Session int
	State                       byte   // as ps(1) shows it
	Start                       uint64 // microseconds since 1970; with Pid the process's identity
	Name                        string
	CPU                         time.Duration // see Usage
	Memory                      int64

	heard uint64 // the signals that do not simply end it, see isEndedBy
}

// Ended reports whether a process only waits to be reaped.
func (p Process) Ended() bool { return p.State == ended }

// The states that matter.
const (
	Stopped = 'T'
	ended   = 'Z'
)

// states are those of sys/proc.h, SIDL to SZOMB, which both systems have; FreeBSD has more.
const states = "?IRSTZ"

// layout says where the fields of a struct kinfo_proc are, and how long it is. 0: the system does
// not tell, or the struct has it nowhere.
type layout struct {
	size                        int
	pid, parent, group, session int
	start                       int // seconds, and 8 bytes further on microseconds
	state                       int
	name, nameSize              int
	signals                     []int // of what is caught, ignored or blocked: the first 32 each
	resident                    int   // pages
	runtime                     int   // microseconds
	childTime                   int   // like start
	sized                       bool  // the struct begins with its own length
}

// darwin is that of macOS (sys/sysctl.h, sys/proc.h) on 64-bit machines. The kernel leaves the
// session, what is blocked, and all that is used, empty.
var darwin = layout{
	size: 648, pid: 40, parent: 560, group: 564,
	state: 36, name: 243, nameSize: 17,
	signals: []int{232, 236},
}

// freebsd is that of FreeBSD (sys/user.h) on 64-bit machines.
var freebsd = layout{
	size: 1088, pid: 72, parent: 76, group: 80, session: 88,
	start: 336, state: 388, name: 447, nameSize: 20,
	signals:  []int{152, 136, 120},
	resident: 264, runtime: 328, childTime: 352,
	sized: true,
}

// errLayout says that the kernel's struct is not as expected.
var errLayout = errors.New("the kernel's table of processes is not of the expected form")

// parse reads an array of structs.
func (l *layout) parse(table []byte, pageSize int) (all []Process, err error) {
	if len(table)%l.size != 0 {
		return nil, errLayout
	}
	all = make([]Process, 0, len(table)/l.size)
	for one := range slices.Chunk(table, l.size) {
		if l.sized && int(word(one, 0)) != l.size {
			return nil, errLayout
		}
		all = append(all, l.process(one, int64(pageSize)))
	}
	return all, nil
}

func (l *layout) process(one []byte, pageSize int64) Process {
	p := Process{
		Pid: int(word(one, l.pid)), Parent: int(word(one, l.parent)), Group: int(word(one, l.group)),
		State: '?', Start: uint64(moment(one, l.start) / time.Microsecond),
	}
	if s := int(one[l.state]); s < len(states) {
		p.State = states[s]
	}
	name, _, _ := bytes.Cut(one[l.name:l.name+l.nameSize], []byte{0})
	p.Name = string(name)
	for _, at := range l.signals {
		p.heard |= uint64(uint32(word(one, at)))
	}
	if l.session != 0 {
		p.Session = int(word(one, l.session))
	}
	if l.resident != 0 {
		p.Memory = long(one, l.resident) * pageSize
		p.CPU = time.Duration(long(one, l.runtime))*time.Microsecond + moment(one, l.childTime)
	}
	return p
}

func word(b []byte, at int) int32 { return int32(binary.NativeEndian.Uint32(b[at:])) }
func long(b []byte, at int) int64 { return int64(binary.NativeEndian.Uint64(b[at:])) }

// moment is a struct timeval. Its microseconds are a word on one system, and have a longer one to
// themselves on the other: all machines begin with the lower half.
func moment(b []byte, at int) time.Duration {
	return time.Duration(long(b, at))*time.Second + time.Duration(word(b, at+8))*time.Microsecond
}

// afterArguments finds the environment in what macOS has of a process's memory (KERN_PROCARGS2):
// the number of arguments, the path of the program, zeros up to a limit of words, the arguments, and
// then the environment, up to an empty string. For what Apple has restricted, it is left out.
func afterArguments(memory []byte) []string {
	if len(memory) < 4 {
		return nil
	}
	arguments, rest := int(word(memory, 0)), memory[4:]
	_, rest, _ = bytes.Cut(rest, []byte{0})
	rest = bytes.TrimLeft(rest, "\x00")
	for n := 0; n < arguments && len(rest) > 0; n++ {
		_, rest, _ = bytes.Cut(rest, []byte{0})
	}
	return variables(string(rest))
}

// variables reads an environment, up to an empty string. A zero ends each variable.
func variables(text string) (environ []string) {
	for variable := range strings.SplitSeq(text, "\x00") {
		if variable == "" {
			break
		}
		environ = append(environ, variable)
	}
	return environ
}

// mostFirst bounds how many processes are asked first: a wrapper has few children.
const mostFirst = 256

// First gives the first processes of a run, those that are to be asked to stop: its leader, the
// child of whatever among them the signal would simply end, and so on. Of several children nobody
// is asked: one may read what another writes, and is to hear its last words.
func First(table map[int]Process, leader int, stop syscall.Signal) []Process {
	var first []Process
	for pid := leader; len(first) < mostFirst; {
		p, ok := table[pid]
		if !ok || p.Ended() {
			break
		}
		first = append(first, p)
		children := childrenOf(table, pid)
		if !p.isEndedBy(stop) || len(children) != 1 {
			break
		}
		pid = children[0]
	}
	return first
}

func childrenOf(table map[int]Process, pid int) (children []int) {
	for _, p := range table {
		if p.Parent == pid && !p.Ended() && p.Pid != pid {
			children = append(children, p.Pid)
		}
	}
	return children
}

// isEndedBy reports whether a signal has its default action in a process: it is neither caught nor
// ignored, nor blocked where the system tells.
func (p Process) isEndedBy(sig syscall.Signal) bool {
	return sig > 0 && sig <= 32 && p.heard&(1<<(sig-1)) == 0
}
