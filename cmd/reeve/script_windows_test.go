package main

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/windows"
)

// scripts are those that Windows runs as Unix does, and its own.
var scripts = testscript.Params{Files: append(sharedScripts("version"), windowsScripts()...)}

// sharedScripts are scripts that use nothing of Unix.
func sharedScripts(names ...string) []string {
	for i, name := range names {
		names[i] = filepath.Join("..", "..", "testdata", "script", name+".txtar")
	}
	return names
}

func windowsScripts() []string {
	files, _ := filepath.Glob(filepath.Join("..", "..", "testdata", "windows", "script", "*.txtar"))
	return files
}

// scriptCondition knows nothing more.
func scriptCondition(condition string) (bool, error) {
	return false, fmt.Errorf("unknown condition %q", condition)
}

// More scriptCommands.
//
//	signal INT                  send Ctrl-Break to the program in the background
//	signal KILL [PIDFILE]       terminate that, or another process
func init() { scriptCommands["signal"] = positive(1, sendSignal) }

// ownGroup lets a program in the background have a Ctrl-Break that the test does not get.
var ownGroup = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}

func sendSignal(ts *testscript.TestScript, args []string) {
	pid := 0
	if len(args) > 1 {
		pid = pidIn(ts, args[1])
	} else {
		pid = backgroundOf(ts).cmd.Process.Pid
	}
	if args[0] != "KILL" {
		ts.Check(windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, uint32(pid)))
		return
	}
	process, err := os.FindProcess(pid)
	ts.Check(err)
	ts.Check(process.Kill())
}
