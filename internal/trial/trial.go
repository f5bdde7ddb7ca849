// Package trial has what tests that run programs from outside share: waiting for what must
// happen, finding what has been left running, and terminals. Only tests import it.
package trial

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Patience is how long tests wait for what must happen. It bounds how long a failure
// takes, and is far more than a busy machine needs.
const Patience = time.Minute

// Mark is the variable by which what a test has started is found: its value is the
// directory that the test works in.
const Mark = "REEVE_TEST_SCRIPT"

// Overlap lets more tests run at the same time than there are processors, unless somebody has
// chosen with -parallel: tests of programs wait more than they compute. It is called before they
// begin.
func Overlap() {
	flag.Parse()
	chosen := false
	flag.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == "test.parallel" })
	if !chosen {
		_ = flag.Set("test.parallel", strconv.Itoa(4*runtime.GOMAXPROCS(0)))
	}
}

// Within asks again and again until the answer is nil, which it returns, as it does the
// last answer when the time is over.
func Within(limit time.Duration, ask func() any) any {
	for end := time.Now().Add(limit); ; time.Sleep(5 * time.Millisecond) {
		if answer := ask(); answer == nil || time.Now().After(end) {
			return answer
		}
	}
}

// SomeOr is nil if there are none, for [Within].
func SomeOr[T any](list []T) any {
	if len(list) == 0 {
		return nil
	}
	return list
}

// Missing has the expression if nothing in a text matches it, for [SomeOr].
func Missing(re *regexp.Regexp, text string) []string {
	if re.MatchString(text) {
		return nil
	}
	return []string{re.String()}
}

// SearchPath is PATH without the directories that this user cannot search: whether a
// command is missing or forbidden must not depend on who runs the tests.
func SearchPath() string {
	dirs := slices.DeleteFunc(filepath.SplitList(os.Getenv("PATH")), func(dir string) bool {
		_, err := os.Stat(filepath.Join(dir, "."))
		return err != nil
	})
	return strings.Join(dirs, string(filepath.ListSeparator))
}

// Program finds a program in PATH, where there must be one.
func Program(name string) string {
	path, err := exec.LookPath(name)
	if err != nil {
		panic(err)
	}
	return path
}
