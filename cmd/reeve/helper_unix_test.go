//go:build unix

package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"reeve/supervisor"
	"reeve/supervisor/terminal"
)

// caught are the signals of the verbs that catch signals.
var caught = []os.Signal{
	syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT,
	syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGWINCH, syscall.SIGCONT,
}

// systemVerbs are steps for which a helper needs Unix.
var systemVerbs = map[string]func(h *child, args []string){
	"leader": (*child).leader,
	"size":   (*child).size,
	"raise":  (*child).raise,
	"ignore": (*child).ignore,

	// Messages and sockets.
	"tell": func(h *child, args []string) { h.tell(strings.Join(args, "\n")) },
	"beat": (*child).beat,
	"take": func(h *child, _ []string) { h.take() },

	// What reeve check says in JSON, as it says it to people.
	"problems": (*child).problems,

	// Other processes, whose pid is written to FILE. "grandchild FILE" blocks; with
	// "stubborn" after it, it ignores TERM and HUP too. A daemon has a session of its own and no
	// parent; with "anonymous" it has no environment either.
	"grandchild": (*child).grandchild,
	"daemon":     (*child).daemon,
	"background": (*child).background,
	"exec":       (*child).exec,
}

// leader reports whether a shell stands between reeve and this process.
func (h *child) leader([]string) {
	session, err := unix.Getsid(0)
	h.check(err)
	if session == os.Getpid() {
		fmt.Println("leads its session")
	} else {
		fmt.Println("follows in its session")
	}
}

// size prints the size of the terminal now and whenever it changes, until a signal
// asks it to stop.
func (h *child) size([]string) {
	for {
		size := terminal.SizeOf(1)
		fmt.Printf("size %d×%d\n", size.Columns, size.Rows)
		if sig := <-h.signals; asksToStop(sig) {
			return
		}
	}
}

// raise kills the helper with a signal.
func (h *child) raise(args []string) {
	sig, _ := supervisor.ParseSignal(args[0])
	signal.Reset(sig)
	_ = syscall.Kill(os.Getpid(), sig)
	block()
}

func (h *child) ignore(args []string) {
	for _, name := range args {
		sig, _ := supervisor.ParseSignal(name)
		signal.Ignore(sig)
	}
}

func asksToStop(sig os.Signal) bool {
	return slices.Contains([]os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT}, sig)
}

func printSignal(sig os.Signal) {
	fmt.Println("got", supervisor.SignalName(sig.(syscall.Signal)))
}

// tell sends a message to the socket in NOTIFY_SOCKET.
func (h *child) tell(message string) {
	conn, err := net.Dial("unixgram", os.Getenv("NOTIFY_SOCKET"))
	h.check(err)
	_, err = conn.Write([]byte(message))
	h.check(err)
	_ = conn.Close()
}

// beat says that it is healthy as often as WATCHDOG_USEC asks for, until a file is there.
func (h *child) beat(args []string) {
	every := time.Duration(number(os.Getenv("WATCHDOG_USEC"))) * time.Microsecond
	for {
		if _, err := os.Stat(args[0]); err == nil {
			return
		}
		h.tell("WATCHDOG=1")
		time.Sleep(every / 4)
	}
}

// take takes the sockets over that it is given, as sd_listen_fds(3) does, and answers with its pid
// whoever connects. Without any it says so.
func (h *child) take() {
	if os.Getenv("LISTEN_PID") != strconv.Itoa(os.Getpid()) {
		fmt.Printf("no sockets: LISTEN_PID=%q LISTEN_FDS=%q\n", os.Getenv("LISTEN_PID"), os.Getenv("LISTEN_FDS"))
		return
	}
	for n := range number(os.Getenv("LISTEN_FDS")) {
		listener, err := net.FileListener(os.NewFile(uintptr(3+n), "socket"))
		h.check(err)
		fmt.Println("took over", os.Getenv("LISTEN_FDNAMES"))
		go func() {
			for {
				conn, err := listener.Accept()
				h.check(err)
				fmt.Fprintln(conn, os.Getpid())
				_ = conn.Close()
			}
		}()
	}
}

// grandchild starts a process in the same session and waits until it is ready.
func (h *child) grandchild(args []string) {
	cmd := h.command(args)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	h.check(cmd.Start())
	waitForFiles(args[:1])
}

// daemon starts a process that leaves the session and has no parent, and waits until
// it is ready.
func (h *child) daemon(args []string) {
	cmd := h.command(append([]string{"background"}, args...))
	cmd.Args = append([]string{"helper", "background"}, args...)
	h.check(cmd.Run())
	waitForFiles(args[:1])
}

// background is the part of daemon that ends at once.
func (h *child) background(args []string) {
	cmd := h.command(args)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	h.check(cmd.Start())
}

// command is a helper that writes its pid to the file args[0] and blocks.
func (h *child) command(args []string) *exec.Cmd {
	steps := []string{"pid", args[0], "then", "block"}
	if slices.Contains(args, "stubborn") {
		steps = append([]string{"ignore", "TERM", "HUP", "then"}, steps...)
	}
	self, err := os.Executable()
	h.check(err)
	cmd := exec.Command(self, steps...)
	cmd.Args[0] = "helper"
	if slices.Contains(args, "anonymous") {
		cmd.Env = []string{"PATH=/bin"}
	}
	return cmd
}

// exec becomes another program.
func (h *child) exec(args []string) {
	path, err := exec.LookPath(args[0])
	h.check(err)
	h.check(syscall.Exec(path, args, os.Environ()))
}
