//go:build unix

package docs

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"reeve/internal/trial"
)

// TestMain builds reeve as a reader would, and runs the tests with it. The test binary is
// also what stands in for the programs that the pages use, see standins_test.go: which one
// it is, its name says.
func TestMain(m *testing.M) {
	if os.Getenv("GORACE") == "" {
		// Without it every program that the race detector watches takes a second to end.
		_ = os.Setenv("GORACE", "atexit_sleep_ms=0")
	}
	testscript.Main(withReeve{m}, map[string]func(){standInProgram: standInMain})
}

// withReeve runs tests with reeve in the PATH, and fails if any of it is left afterwards.
type withReeve struct{ *testing.M }

func (w withReeve) Run() (code int) {
	dir, err := os.MkdirTemp("", "docs-reeve")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	args := append([]string{"build", "-buildvcs=false", "-o", filepath.Join(dir, "reeve")}, raceFlag()...)
	build := exec.Command("go", append(args, "./cmd/reeve")...)
	build.Dir = repository
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "cannot build reeve: %v\n%s", err, out)
		return 1
	}
	_ = os.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	trial.Overlap()
	code = w.M.Run()
	if left := trial.Within(patience, func() any { return trial.SomeOr(trial.ProcessesFrom(dir)) }); left != nil {
		fmt.Fprintln(os.Stderr, "still running after the tests:", left)
		code = max(code, 1)
	}
	return code
}

// raceFlag has reeve watched by the race detector if these tests are.
func raceFlag() []string {
	info, _ := debug.ReadBuildInfo()
	for _, s := range info.Settings {
		if s.Key == "-race" && s.Value == "true" {
			return []string{"-race"}
		}
	}
	return nil
}

const patience = trial.Patience
