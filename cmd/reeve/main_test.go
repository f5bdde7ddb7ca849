package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"reeve/cmd/reeve/internal/live"
	"reeve/internal/trial"
	"reeve/supervisor"
)

// The test binary is also every program that the tests run: reeve, its guardian and the
// helper, see helper_test.go. Which one it is, its name says.
func TestMain(m *testing.M) {
	if os.Getenv("GORACE") == "" {
		// Without it every program that the race detector watches takes a second to end.
		_ = os.Setenv("GORACE", "atexit_sleep_ms=0")
	}
	testscript.Main(tidy{m}, map[string]func(){
		"reeve":                 main,
		supervisor.GuardianName: main,
		supervisor.HandoverName: main,
		live.DetachedName:       main,
		"helper":                helper,
	})
}

// tidy runs the tests and fails if any program that they started is left afterwards.
// Guardians of a reeve that was killed may need a moment.
type tidy struct{ *testing.M }

func (t tidy) Run() (code int) {
	trial.Overlap()
	code = t.M.Run()
	dir := filepath.Dir(programPath("reeve"))
	left := within(patience, func() (left any) { return someOr(processesFrom(dir)) })
	if left != nil {
		fmt.Fprintln(os.Stderr, "still running after the tests:", left)
		code = max(code, 1)
	}
	return code
}

// TestScript is the program as a user sees it: each script in testdata/script is one
// feature. Besides what testscript offers, the scripts have the commands of
// script_test.go and the program helper of helper_test.go.
func TestScript(t *testing.T) {
	p := scripts
	p.Setup, p.Cmds, p.Condition = setUpScript, scriptCommands, scriptCondition
	p.RequireUniqueNames, p.Deadline = true, time.Now().Add(9*time.Minute)
	testscript.Run(t, p)
}

// What these tests share with those of the documentation.
const (
	patience   = trial.Patience
	scriptMark = trial.Mark // by which [processesOf] finds what a script has started
)

var (
	within        = trial.Within
	searchPath    = trial.SearchPath
	programPath   = trial.Program
	processesOf   = trial.ProcessesOf
	processesFrom = trial.ProcessesFrom
	isAlive       = trial.IsAlive
	stateOf       = trial.StateOf
	exitCodeOf    = trial.ExitCodeOf
	missing       = trial.Missing
)

func someOr[T any](list []T) any { return trial.SomeOr(list) }
