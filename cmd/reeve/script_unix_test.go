//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"

	"reeve/internal/trial"
	"reeve/supervisor"
)

// More scriptCommands, for what only Unix has.
//
//	stops PIDFILE               wait until that process and the program in the background are stopped
func init() { scriptCommands["stops"] = positive(1, stops) }

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

// signalProcess sends a signal to a process.
func signalProcess(p *os.Process, name string) error {
	sig, ok := supervisor.ParseSignal(name)
	if !ok {
		return fmt.Errorf("no signal %s", name)
	}
	return p.Signal(sig)
}

func stops(ts *testscript.TestScript, args []string) {
	for _, pid := range []int{pidIn(ts, args[0]), backgroundOf(ts).cmd.Process.Pid} {
		if running := within(patience, func() any {
			if state := trial.StateOf(pid); state != "T" {
				return "its state is " + state
			}
			return nil
		}); running != nil {
			ts.Fatalf("process %d does not stop: %v", pid, running)
		}
	}
}
