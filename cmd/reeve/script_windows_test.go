package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"

	"reeve/supervisor"
)

// scripts are those that Windows runs as Unix does, and its own.
var scripts = testscript.Params{Files: append(sharedScripts("version", "groups", "requests", "ports_auto", "ports_taken"), windowsScripts()...)}

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

// ownGroup is for a program in the background, which Ctrl-Break is to reach.
var ownGroup = supervisor.Apart()

// signalProcess terminates a process, or sends Ctrl-Break to it.
func signalProcess(p *os.Process, name string) error {
	if name == "KILL" {
		return p.Kill()
	}
	supervisor.Break(p.Pid)
	return nil
}
