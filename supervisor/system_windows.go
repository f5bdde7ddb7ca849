package supervisor

import (
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"

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
// Ctrl-C, and what Go makes of a closed console, a log-off and a shutdown.
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

// Processes is the [System] of Windows. There are no sessions and no signals: a run is
// its first process, Ctrl-Break asks that and its process group to stop, and killing
// ends the first process alone.
type Processes struct {
	Begin     func(Spec) (pid int, err error)
	Formation string
	Recheck   chan<- os.Signal
	Guardian  *Guardian
	Report    func(Report)

	// StopWith starts the command that asks the run of a leader to stop.
	StopWith func(s Spec, leader int) (pid int, err error)

	exits    chan Exit
	specs    map[int]Spec // of the runs, by their leaders
	stoppers map[int]int  // the leaders of the runs that commands ask to stop, by the pids of these
}

// Guardian does not exist on Windows.
type Guardian struct{}

// GuardianName is what the guardian's argument list begins with.
const GuardianName = "reeve-guardian"

// HandoverName is what the argument list of a reeve would begin with that hands sockets over.
const HandoverName = "reeve-handover"

// Handover does nothing: there are no such sockets.
func Handover([]string) (exitCode int) { return 1 }

var errNoGuardian = errors.New("there is no guardian on Windows")

// StartGuardian fails.
func StartGuardian(string) (*Guardian, error) { return nil, errNoGuardian }

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

// Spawn begins a run in a process group of its own.
func Spawn(c *Command) (pid int, err error) {
	program, err := c.LookPath()
	if err != nil {
		return 0, err
	}
	p, err := os.StartProcess(program, c.Args, &os.ProcAttr{
		Dir: c.Dir, Env: c.Env, Files: c.Files[:],
		Sys: &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP},
	})
	if err != nil {
		return 0, err
	}
	spawned.Store(p.Pid, p)
	return p.Pid, nil
}

// spawned has the processes that were started and not been waited for yet.
var spawned sync.Map // pid → *os.Process

// executable reports whether a path is a file.
func executable(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return ErrNotFound
	}
	if info.IsDir() {
		return ErrNotExecutable
	}
	return nil
}

// Start begins a run, and a goroutine that waits for its end.
func (p *Processes) Start(s Spec) (int, error) {
	pid, err := p.Begin(s)
	if err != nil {
		return 0, err
	}
	if p.exits == nil {
		p.exits = make(chan Exit, 1024)
		p.specs, p.stoppers = map[int]Spec{}, map[int]int{}
	}
	p.specs[pid] = s
	go p.wait(pid)
	return pid, nil
}

func (p *Processes) wait(pid int) {
	v, _ := spawned.Load(pid)
	e := Exit{Pid: pid, Status: Status{Code: 1}}
	if process, ok := v.(*os.Process); ok {
		if state, err := process.Wait(); err == nil {
			e.Status.Code = state.ExitCode()
		}
	}
	spawned.Delete(pid)
	p.exits <- e
	p.Recheck <- os.Interrupt
}

// Reap collects the leaders that have ended since the last call.
func (p *Processes) Reap() []Exit {
	var exits []Exit
	for {
		select {
		case e := <-p.exits:
			if !p.stopperEnded(e) {
				exits = append(exits, e)
			}
		default:
			return exits
		}
	}
}

// AskFirst sends Ctrl-Break to the runs' process groups: there is no smaller audience. Or it has a
// command ask them.
func (p *Processes) AskFirst(runs []int) {
	for _, pid := range runs {
		if !p.stopWith(pid) {
			askGroup(pid)
		}
	}
}

func askGroup(leader int) {
	_ = windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, uint32(leader))
}

// Ask does nothing: everybody has been asked.
func (p *Processes) Ask([]int) {}

// Kill ends the leaders of the runs.
func (p *Processes) Kill(runs []int) (met []int) {
	for _, pid := range runs {
		p.killStoppers(pid)
		if v, ok := spawned.Load(pid); ok {
			_ = v.(*os.Process).Kill()
		}
	}
	return nil
}

// Signal does nothing.
func (p *Processes) Signal(syscall.Signal, []int) {}

// Forward does nothing.
func (p *Processes) Forward(syscall.Signal, []int) {}

// Gone says that nothing is left of a run without a leader: Windows cannot tell.
func (p *Processes) Gone(runs []int) (gone, bereft []int) {
	for _, pid := range runs {
		p.killStoppers(pid)
		delete(p.specs, pid)
	}
	return runs, nil
}

// Left knows nothing.
func (p *Processes) Left([]int) map[int][]Process { return nil }

// Settle does nothing.
func (p *Processes) Settle() {}

// Suspend does nothing.
func (p *Processes) Suspend(func() bool) {}

// Resume does nothing.
func (p *Processes) Resume() {}

// Dismiss does nothing.
func (p *Processes) Dismiss() {}

// Close does nothing.
func (p *Processes) Close() {}

// Pipe makes a pipe for a run's output.
func Pipe() (ours int, theirs *os.File, err error) {
	var ends [2]syscall.Handle
	if err := syscall.Pipe(ends[:]); err != nil {
		return -1, nil, err
	}
	return int(ends[0]), os.NewFile(uintptr(ends[1]), "pipe"), nil
}

// OpenInput makes a pipe for a run's standard input into which nobody writes: what the run
// reads, and the file whose closing ends that.
func OpenInput() (theirs, end *os.File, err error) { return os.Pipe() }

// NoInput is a file in which there is nothing to read.
func NoInput() (*os.File, error) { return os.OpenFile(os.DevNull, os.O_RDONLY, 0) }

// SignalName gives the name of a signal.
func SignalName(sig syscall.Signal) string { return sig.String() }

// ParseSignal knows the one request to stop that there is.
func ParseSignal(s string) (sig syscall.Signal, ok bool) {
	return syscall.SIGTERM, strings.EqualFold(s, "TERM") || strings.EqualFold(s, "SIGTERM")
}

// Exec runs the command and ends with its exit code: there is no exec on Windows.
func Exec(c *Command) error {
	status := Init(c, Spec{}, nil, nil)
	if status.Err == nil {
		os.Exit(status.ExitCode())
	}
	return status.Err
}

// Init runs the command and waits for it.
func Init(c *Command, _ Spec, _ chan os.Signal, _ *Guardian) Status {
	pid, err := Spawn(c)
	if err != nil {
		return Status{Code: StartCode(err), Err: err}
	}
	p := &Processes{exits: make(chan Exit, 1), Recheck: make(chan os.Signal, 1)}
	p.wait(pid)
	return (<-p.exits).Status
}

// AddHelper makes a goroutine tell of the end of a process that [Spawn] has started.
func (p *Processes) AddHelper(pid int, ended chan<- Status) {
	helper := &Processes{exits: make(chan Exit, 1), Recheck: make(chan os.Signal, 1)}
	go func() {
		helper.wait(pid)
		ended <- (<-helper.exits).Status
	}()
}

// KillHelper ends a helper that takes too long.
func (p *Processes) KillHelper(pid int) { p.Kill([]int{pid}) }
