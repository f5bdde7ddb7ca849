package supervisor

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"

	"reeve/supervisor/terminal"
)

// child is a process that reeve has started, in a job of its own.
type child struct {
	pid     int
	process windows.Handle
	job     job
	wrapped bool           // it is the cmd.exe that runs a batch file or a shell's command
	console *terminal.Side // of its own; nil: it has reeve's, or none
}

// children are those that nobody has waited for yet, and those of which something is left.
var children sync.Map // pid → *child

// childOf finds a child; nil: there is none with this pid.
func childOf(pid int) *child {
	c, _ := children.Load(pid)
	found, _ := c.(*child)
	return found
}

// Spawn begins a run in a job of its own, apart from everything else on reeve's console. It returns
// the leader's pid.
//
// Nobody waits for the process: whoever calls Spawn does.
func Spawn(c *Command) (pid int, err error) {
	of, err := spawn(c, apart())
	if err != nil {
		return 0, err
	}
	return of.pid, nil
}

func spawn(c *Command, flags uint32) (*child, error) {
	program, err := c.LookPath()
	if err != nil {
		return nil, cmp.Or(c.dirError(), err)
	}
	l, err := c.invocation(program)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.shown(), err)
	}
	if c.Terminal != nil {
		flags = 0 // it has a console of its own, with keys for all who share it
	}
	of, err := l.start(c, flags)
	if err != nil {
		return nil, cmp.Or(c.dirError(), fmt.Errorf("%s: %w", c.shown(), startError(err)))
	}
	children.Store(of.pid, of)
	return of, nil
}

// dirError says why the command cannot run in its directory.
func (c *Command) dirError() error {
	if _, err := os.Stat(c.Dir); err != nil {
		return fmt.Errorf("cannot run in this directory: %w", err)
	}
	return nil
}

// startError says plainly why no process was created.
func startError(err error) error {
	switch {
	case errors.Is(err, windows.ERROR_FILE_NOT_FOUND), errors.Is(err, windows.ERROR_PATH_NOT_FOUND):
		return ErrNotFound
	case errors.Is(err, windows.ERROR_ACCESS_DENIED):
		return ErrNotExecutable
	case errors.Is(err, windows.ERROR_BAD_EXE_FORMAT), errors.Is(err, windows.ERROR_EXE_MACHINE_TYPE_MISMATCH):
		return fmt.Errorf("not a program for this system: is it built for %s/%s?", runtime.GOOS, runtime.GOARCH)
	case errors.Is(err, windows.ERROR_FILENAME_EXCED_RANGE):
		return errors.New("the command line is longer than the 32,767 characters that Windows allows")
	}
	return err
}

// attributeJobs is PROC_THREAD_ATTRIBUTE_JOB_LIST: a process is created in these jobs, so that it can
// never start another one outside of them.
const attributeJobs = 0x0002000d

// start begins a process.
func (l invocation) start(c *Command, flags uint32) (of *child, err error) {
	whole, err := formationJob()
	if err != nil {
		return nil, fmt.Errorf("cannot create a job object: %w", err)
	}
	own, err := newJob()
	if err != nil {
		return nil, fmt.Errorf("cannot create a job object: %w", err)
	}
	defer func() {
		if err != nil {
			own.close()
		}
	}()
	std, err := inheritable(c.Files)
	defer closeHandles(std[:])
	if err != nil {
		return nil, err
	}
	attributes, err := attributesOf(c, []job{whole, own}, std)
	if err != nil {
		return nil, err
	}
	defer attributes.Delete()
	startup := windows.StartupInfoEx{ProcThreadAttributeList: attributes.List()}
	startup.Cb = uint32(unsafe.Sizeof(startup))
	startup.Flags = windows.STARTF_USESTDHANDLES // none: that of the console, and not of reeve
	startup.StdInput, startup.StdOutput, startup.StdErr = std[0], std[1], std[2]
	var process windows.ProcessInformation
	flags |= windows.CREATE_UNICODE_ENVIRONMENT | windows.EXTENDED_STARTUPINFO_PRESENT
	err = windows.CreateProcess(l.program, l.line, nil, nil, std != [3]windows.Handle{}, flags, &l.environ[0], l.dir, &startup.StartupInfo, &process)
	runtime.KeepAlive(c)
	if err != nil {
		return nil, err
	}
	_ = windows.CloseHandle(process.Thread)
	return &child{pid: int(process.ProcessId), process: process.Process, job: own, wrapped: l.wrapped, console: c.Terminal}, nil
}

// attributesOf are what a process begins with: jobs, the handles that it inherits, and no others, and
// its console, if it has one of its own.
func attributesOf(c *Command, jobs []job, std [3]windows.Handle) (*windows.ProcThreadAttributeListContainer, error) {
	list, err := windows.NewProcThreadAttributeList(3)
	if err != nil {
		return nil, err
	}
	err = list.Update(attributeJobs, unsafe.Pointer(&jobs[0]), uintptr(len(jobs))*unsafe.Sizeof(jobs[0]))
	if files := slices.DeleteFunc(std[:], func(h windows.Handle) bool { return h == 0 }); err == nil && len(files) > 0 {
		err = list.Update(windows.PROC_THREAD_ATTRIBUTE_HANDLE_LIST, unsafe.Pointer(&files[0]), uintptr(len(files))*unsafe.Sizeof(files[0]))
	}
	if c.Terminal != nil && err == nil {
		console := c.Terminal.Console // which is the value itself, and not where it is
		err = list.Update(windows.PROC_THREAD_ATTRIBUTE_PSEUDOCONSOLE, *(*unsafe.Pointer)(unsafe.Pointer(&console)), unsafe.Sizeof(console))
	}
	if err != nil {
		list.Delete()
		return nil, err
	}
	return list, nil
}

// inheritable turns the standard files into handles that a child inherits, and no others.
func inheritable(files [3]*os.File) (std [3]windows.Handle, err error) {
	self := windows.CurrentProcess()
	for n, f := range files {
		if f == nil {
			continue
		}
		if err := windows.DuplicateHandle(self, windows.Handle(f.Fd()), self, &std[n], 0, true, windows.DUPLICATE_SAME_ACCESS); err != nil {
			return std, fmt.Errorf("cannot create standard handles: %w", err)
		}
	}
	return std, nil
}

func closeHandles(all []windows.Handle) {
	for _, h := range all {
		if h != 0 {
			_ = windows.CloseHandle(h)
		}
	}
}

// wait waits for the end of the child, and returns its exit code.
func (c *child) wait() uint32 {
	code := uint32(1)
	if _, err := windows.WaitForSingleObject(c.process, windows.INFINITE); err == nil {
		_ = windows.GetExitCodeProcess(c.process, &code)
	}
	return code
}

// forget ends what is left of the child.
func (c *child) forget() {
	children.Delete(c.pid)
	c.job.close()
}
