//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"

	"reeve/supervisor"
)

// More scriptCommands, for what only Unix has.
//
//	signal SIGNAL [PIDFILE]     send it to the program in the background, or to that process
//	insist SIGNAL               send it to reeve until that takes it for a second one
//	stops PIDFILE               wait until that process and the program in the background are stopped
func init() {
	scriptCommands["signal"] = positive(1, sendSignal)
	scriptCommands["insist"] = positive(1, insist)
	scriptCommands["stops"] = positive(1, stops)
}

// scripts are the directories and files that have the tests of [TestScript].
var scripts = testscript.Params{Dir: filepath.Join("..", "..", "testdata", "script")}

// ownGroup makes nothing special of a program in the background.
var ownGroup *syscall.SysProcAttr

// scriptCondition knows [root], [proc] and [mounts], which says that a script may mount what it alone
// sees.
func scriptCondition(condition string) (bool, error) {
	switch condition {
	case "root":
		return os.Geteuid() == 0, nil
	case "proc":
		_, err := os.Stat("/proc/self/environ")
		return err == nil, nil
	case "mounts":
		return exec.Command("unshare", "--mount", "--map-root-user", "mount", "-t", "tmpfs", "none", "/mnt").Run() == nil, nil
	}
	return false, fmt.Errorf("unknown condition %q", condition)
}

func sendSignal(ts *testscript.TestScript, args []string) {
	sig, ok := supervisor.ParseSignal(args[0])
	if !ok {
		ts.Fatalf("no signal %s", args[0])
	}
	if len(args) > 1 {
		ts.Check(syscall.Kill(pidIn(ts, args[1]), sig))
		return
	}
	ts.Check(backgroundOf(ts).cmd.Process.Signal(sig))
}

// insist sends a signal again, since those that come soon after the first one are that
// once more.
func insist(ts *testscript.TestScript, args []string) {
	b, count := backgroundOf(ts), func() int {
		out, _ := os.ReadFile(ts.MkAbs("out"))
		return bytes.Count(out, []byte(" again: sending SIGKILL to all"))
	}
	sig, _ := supervisor.ParseSignal(args[0])
	before := count()
	if err := within(patience, func() any {
		if count() > before {
			return nil
		}
		_ = b.cmd.Process.Signal(sig) // which may have ended
		return errors.New("no second signal")
	}); err != nil {
		ts.Fatalf("%v", err)
	}
}

func stops(ts *testscript.TestScript, args []string) {
	for _, pid := range []int{pidIn(ts, args[0]), backgroundOf(ts).cmd.Process.Pid} {
		if running := within(patience, func() any {
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			if err != nil || bytes.Contains(status, []byte("State:\tT")) {
				return err
			}
			return errors.New("it runs")
		}); running != nil {
			ts.Fatalf("process %d does not stop: %v", pid, running)
		}
	}
}
