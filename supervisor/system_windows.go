package supervisor

import (
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/windows"
)

// Windows has no signals; these never arrive.
const (
	sigTSTP = syscall.Signal(-1)
	sigSTOP = syscall.Signal(-2)
	sigCONT = syscall.Signal(-3)
	sigQUIT = syscall.Signal(-6)
)

// AsksToStop reports whether a signal to reeve is a request to stop the formation:
// Ctrl-C and Ctrl-Break, and what Go makes of a closed console, a log-off and a shutdown.
func AsksToStop(sig syscall.Signal) bool {
	return sig == syscall.SIGINT || sig == syscall.SIGTERM
}

// The signals that reeve lives by. Windows never sends the first.
var (
	ChildSignal      os.Signal = syscall.Signal(-4)
	FormationSignals           = StopSignals
	StopSignals                = []os.Signal{syscall.SIGINT, syscall.SIGTERM}
	RunSignals       []os.Signal
)

// closingTakes is how long a formation may take to stop when its console is closed. Windows ends reeve
// after five seconds.
const closingTakes = 4 * time.Second

// KeepTime asks again, as urgently as a second Ctrl-C does, when a stop takes so long that Windows would
// soon end reeve itself.
func KeepTime(signals chan<- os.Signal) {
	closed := make(chan os.Signal, 1)
	signal.Notify(closed, syscall.SIGTERM)
	go func() {
		<-closed
		time.Sleep(closingTakes)
		signals <- syscall.SIGINT
	}()
}

// Guardian is what stops everything if reeve is killed: on Windows, the system itself, see [job].
type Guardian struct{}

// GuardianName is what the guardian's argument list begins with.
const GuardianName = "reeve-guardian"

// HandoverName is what the argument list of a reeve would begin with that hands sockets over.
const HandoverName = "reeve-handover"

// Handover does nothing: there are no such sockets.
func Handover([]string) (exitCode int) { return 1 }

// StartGuardian has nothing to start.
func StartGuardian(string) (*Guardian, error) { return &Guardian{}, nil }

// KeepTerminal does nothing.
func (*Guardian) KeepTerminal(int, string) {}

// Close does nothing.
func (*Guardian) Close() {}

// KeepSockets does nothing.
func (*Guardian) KeepSockets([]string) {}

// Guard does nothing.
func Guard(io.Reader, string, func(string)) {}

// Prepare does nothing.
func Prepare() {}

// pipeSize is how much a run may have written that nobody has read.
const pipeSize = 64 << 10

// Pipe makes a pipe for a run's output.
func Pipe() (ours int, theirs *os.File, err error) {
	var r, w windows.Handle
	if err := windows.CreatePipe(&r, &w, nil, pipeSize); err != nil {
		return -1, nil, os.NewSyscallError("pipe", err)
	}
	return int(r), os.NewFile(uintptr(w), "pipe"), nil
}

// OpenInput makes a pipe for a run's standard input into which nobody writes: what the run
// reads, and the file whose closing ends that.
func OpenInput() (theirs, end *os.File, err error) { return os.Pipe() }

// NoInput is a file in which there is nothing to read.
func NoInput() (*os.File, error) { return os.OpenFile(os.DevNull, os.O_RDONLY, 0) }

// signalNames are the signals of Linux. Settings are shared with other systems, and exports are for them.
var signalNames = [...]string{
	1: "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
	"STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
}

// SignalName gives the name of a signal, as Unix has it.
func SignalName(sig syscall.Signal) string {
	if sig > 0 && int(sig) < len(signalNames) {
		return "SIG" + signalNames[sig]
	}
	return "signal " + strconv.Itoa(int(sig))
}

// ParseSignal reads the name of a signal, with or without SIG, or its number. All but SIGKILL stand
// for Ctrl-Break.
func ParseSignal(s string) (sig syscall.Signal, ok bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return syscall.Signal(n), n > 0 && n < len(signalNames)
	}
	name := strings.TrimPrefix(strings.ToUpper(s), "SIG")
	for n, known := range signalNames {
		if n > 0 && known == name {
			return syscall.Signal(n), true
		}
	}
	return 0, false
}
