package main

import (
	"bytes"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// actName is what this program is called when it is a process of a formation.
const actName = "act"

// Files in the working directory of a formation.
const (
	birthsFile = "births" // a line of /proc/PID/stat for every process, from its first moment
	readyFile  = "ready"  // the pids of those that have done everything but their last step
	asksFile   = "asks"   // who has heard a request to stop, and who has ended on it, with the time
)

// lifetime ends what nobody else has ended, this program included.
const lifetime = 30 * time.Second

// act is the life of a process of a formation: its part is its one argument.
func act(part string) {
	birth()
	time.AfterFunc(lifetime, func() { os.Exit(99) })
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{})
	steps, err := parse(part)
	if err != nil {
		fmt.Fprintln(os.Stderr, "act:", err)
		os.Exit(98)
	}
	for i, s := range steps {
		if i == len(steps)-1 {
			record(readyFile, strconv.Itoa(os.Getpid()))
		}
		verbs[s.verb](s)
	}
}

// birth tells everybody that this process exists.
func birth() {
	if line, err := os.ReadFile("/proc/self/stat"); err == nil {
		record(birthsFile, string(bytes.TrimSpace(line)))
	}
}

// record appends one line to a file, in one write.
func record(file, line string) {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return
	}
	_, _ = f.WriteString(line + "\n")
	_ = f.Close()
}

// verbs are what a process can do.
var verbs map[string]func(step)

func init() {
	verbs = map[string]func(step){
		"stay":    func(step) { select {} },
		"sleep":   func(s step) { time.Sleep(s.duration(0)) },
		"exit":    func(s step) { os.Exit(s.number(0)) },
		"die":     func(s step) { die(s.signal(0)) },
		"stop":    func(step) { _ = syscall.Kill(os.Getpid(), syscall.SIGSTOP) },
		"ignore":  func(step) { signal.Ignore(requests...) },
		"answer":  answer,
		"flood":   flood,
		"mutter":  mutter,
		"close":   func(step) { _, _ = syscall.Close(1), syscall.Close(2) },
		"null":    func(step) { null() },
		"fork":    fork,
		"chain":   chain,
		"collect": func(step) { collect() },
	}
}

// requests are the signals that ask a process to stop.
var requests = []os.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP}

// die ends this process by a signal, with what the kernel does about it.
func die(sig syscall.Signal) {
	// Go's own handlers would print stacks. The kernel's struct sigaction, all zero,
	// means the default action.
	var standard [32]byte
	resetSignal(sig, &standard)
	_ = syscall.Kill(os.Getpid(), sig)
	select {}
}

// answer makes the process exit with a code some time after it has been asked to stop.
func answer(s step) {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, requests...)
	go func() {
		<-asked
		recordMoment("asked")
		time.Sleep(s.duration(1))
		recordMoment("ended")
		os.Exit(s.number(0))
	}()
}

// recordMoment writes down what happens to this process now.
func recordMoment(what string) {
	session, _ := unix.Getsid(0)
	record(asksFile, fmt.Sprintf("%s %d %d %d", what, os.Getpid(), session, time.Now().UnixNano()))
}

// dull is what a flood consists of.
const dull = "all work and no play makes a dull process"

// flood writes lines for a while, as fast as they are taken.
func flood(s step) {
	lines := bytes.Repeat([]byte(dull+"\n"), 100)
	for end := time.Now().Add(s.duration(0)); time.Now().Before(end); {
		if _, err := os.Stdout.Write(lines); err != nil {
			return
		}
	}
}

// mutter writes a number of bytes without ever ending the line.
func mutter(s step) { _, _ = os.Stdout.Write(bytes.Repeat([]byte("m"), s.number(0))) }

// null makes the process silent, and lets go of reeve's pipe or terminal.
func null() {
	fd, err := syscall.Open(os.DevNull, syscall.O_RDWR, 0)
	if err != nil {
		return
	}
	for i := range 3 {
		_ = unix.Dup2(fd, i)
	}
	_ = syscall.Close(fd)
}

// fork starts some processes with parts of their own and, where that is not what is
// wanted, does not reap them:
//
//	group    in this process's group
//	pgrp     in a group of their own
//	session  in a session of their own
//	daemon   the same, and this process is not their parent
//	bare     the same, and their environment is empty
func fork(s step) {
	how, part := s.args[1], format(s.body)
	attr := &syscall.ProcAttr{Env: os.Environ(), Files: files(), Sys: &syscall.SysProcAttr{}}
	switch how {
	case "pgrp":
		attr.Sys.Setpgid = true
	case "session", "orphan":
		attr.Sys.Setsid = true
	case "daemon", "bare":
		// The process between ends at once.
		part = fmt.Sprintf("fork:1:orphan [ %s ] exit:0", part)
	}
	if how == "bare" {
		attr.Env = nil
	}
	for range s.number(0) {
		pid, err := syscall.ForkExec("/proc/self/exe", []string{actName, part}, attr)
		if err == nil && (how == "daemon" || how == "bare") {
			_, _ = syscall.Wait4(pid, nil, 0, nil)
		}
	}
}

// files are the descriptors that a child shall have, those that are open.
func files() []uintptr {
	fds := []uintptr{0, 1, 2}
	for i, fd := range fds {
		if _, err := unix.FcntlInt(fd, unix.F_GETFD, 0); err != nil {
			fds[i] = ^uintptr(0)
		}
	}
	return fds
}

// collect reaps children until there are none.
func collect() {
	for {
		if _, err := syscall.Wait4(-1, nil, 0, nil); err == syscall.ECHILD {
			return
		}
	}
}

// step is one thing that a process does: "verb:arg:arg", and for fork the part of the
// new process after it, "[ … ]".
type step struct {
	verb string
	args []string
	body []step
}

func (s step) number(i int) int             { n, _ := strconv.Atoi(s.args[i]); return n }
func (s step) signal(i int) syscall.Signal  { return unix.SignalNum("SIG" + s.args[i]) }
func (s step) duration(i int) time.Duration { d, _ := time.ParseDuration(s.args[i]); return d }

// format writes steps as parse reads them.
func format(steps []step) string {
	var words []string
	for _, s := range steps {
		words = append(words, strings.Join(append([]string{s.verb}, s.args...), ":"))
		if s.verb == "fork" {
			words = append(words, "[ "+format(s.body)+" ]")
		}
	}
	return strings.Join(words, " ")
}

// parse reads a part.
func parse(part string) ([]step, error) {
	steps, rest, err := parseWords(strings.Fields(part))
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("unexpected %q", rest[0])
	}
	return steps, err
}

// parseWords reads steps up to the end or a closing bracket.
func parseWords(words []string) (steps []step, rest []string, err error) {
	for len(words) > 0 && words[0] != "]" {
		fields := strings.Split(words[0], ":")
		s := step{verb: fields[0], args: fields[1:]}
		words = words[1:]
		if verbs[s.verb] == nil {
			return nil, nil, fmt.Errorf("no verb %q", s.verb)
		}
		if s.verb == "fork" {
			if s.body, words, err = parseBody(words); err != nil {
				return nil, nil, err
			}
		}
		steps = append(steps, s)
	}
	return steps, words, nil
}

func parseBody(words []string) (body []step, rest []string, err error) {
	if len(words) == 0 || words[0] != "[" {
		return nil, nil, fmt.Errorf("fork without [ … ]")
	}
	if body, rest, err = parseWords(words[1:]); err != nil {
		return nil, nil, err
	}
	if len(rest) == 0 {
		return nil, nil, fmt.Errorf("[ without ]")
	}
	return body, rest[1:], nil
}
