//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"reeve/supervisor"
)

// The test binary is also every program that the tests run: reeve, its guardian, the
// helper, see helper_test.go, and what stands in for the programs that the documentation
// uses, see docs_standins_test.go. Which one it is, its name says.
func TestMain(m *testing.M) {
	if os.Getenv("GORACE") == "" {
		// Without it every program that the race detector watches takes a second to end.
		_ = os.Setenv("GORACE", "atexit_sleep_ms=0")
	}
	testscript.Main(tidy{m}, map[string]func(){
		"reeve":                 main,
		supervisor.GuardianName: main,
		detachedName:            main,
		"helper":                helper,
		standInProgram:          standInMain,
	})
}

// tidy runs the tests and fails if any program that they started is left afterwards.
// Guardians of a reeve that was killed may need a moment.
type tidy struct{ *testing.M }

func (t tidy) Run() (code int) {
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
	testscript.Run(t, testscript.Params{
		Dir:                filepath.Join("..", "..", "testdata", "script"),
		Setup:              setUpScript,
		Cmds:               scriptCommands,
		Condition:          scriptCondition,
		RequireUniqueNames: true,
		Deadline:           time.Now().Add(6 * time.Minute),
	})
}

// programPath finds reeve or the helper among the programs of the test binary.
func programPath(name string) string {
	path, err := exec.LookPath(name)
	if err != nil {
		panic(err)
	}
	return path
}

// searchPath is PATH without the directories that this user cannot search: whether a
// command is missing or forbidden must not depend on who runs the tests.
func searchPath() string {
	dirs := slices.DeleteFunc(filepath.SplitList(os.Getenv("PATH")), func(dir string) bool {
		_, err := os.Stat(filepath.Join(dir, "."))
		return err != nil
	})
	return strings.Join(dirs, string(filepath.ListSeparator))
}

// patience is how long the tests wait for what must happen. It bounds how long a
// failure takes, and is far more than a busy machine needs.
const patience = 20 * time.Second

// within asks again and again until the answer is nil, which it returns, as it does
// the last answer when the time is over.
func within(limit time.Duration, ask func() any) any {
	for end := time.Now().Add(limit); ; time.Sleep(5 * time.Millisecond) {
		if answer := ask(); answer == nil || time.Now().After(end) {
			return answer
		}
	}
}

// someOr is nil if there are none.
func someOr[T any](list []T) any {
	if len(list) == 0 {
		return nil
	}
	return list
}
