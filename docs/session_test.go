//go:build unix

package docs

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"reeve/internal/trial"
)

// session is what a reader of a page has: the directory of an app, and a shell. Where a
// command stays in the foreground, as reeve start does, the reader would open another
// terminal for what comes next, and press Ctrl-C before the next reeve start.
type session struct {
	t   *testing.T
	at  string // the block, for people
	app string
	dir string // has the app, a home and what the session itself needs
	cwd string // of the shell

	env     []string
	shell   *exec.Cmd
	orders  *os.File      // the commands for the shell
	answers *bufio.Reader // their exit codes
	count   int           // of the commands
	last    string        // the file of the last one

	exampleApp func() string // its program

	printed string // what the last command has printed
	held    *held  // what stays in the foreground
	latest  *held  // the same, if it was the last command
}

// obey is the shell: it reads the names of files with commands, and answers with the
// exit code of each. Variables and the directory stay from one to the next, and in the
// other terminals, too.
const obey = `set -a
while IFS= read -r order <&3; do
	. "$order" >"$order.out" 2>&1 </dev/null 3<&- 4>&-
	code=$?
	pwd >"$order.dir"
	export -p >"$order.env"
	echo "$code" >&4
done`

func newSession(t *testing.T) *session {
	t.Helper()
	dir, err := os.MkdirTemp("", "docs")
	if err != nil {
		t.Fatal(err)
	}
	dir, _ = filepath.EvalSymlinks(dir)
	s := &session{t: t, dir: dir, app: filepath.Join(dir, "shop")}
	s.cwd = s.app
	t.Cleanup(s.close)
	for _, name := range []string{"shop", "home", "run", "bin", "orders"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	s.env = []string{
		"PATH=" + filepath.Join(dir, "bin") + ":" + trial.SearchPath(), "HOME=" + filepath.Join(dir, "home"),
		"XDG_RUNTIME_DIR=" + filepath.Join(dir, "run"), "TERM=xterm", "LANG=C.UTF-8", "USER=ada",
		"REEVE_PORT=" + strconv.Itoa(freeBase(t)), "GORACE=" + os.Getenv("GORACE"),
		"GOCOVERDIR=" + os.Getenv("GOCOVERDIR"), "GOCACHE=" + goCache(), trial.Mark + "=" + dir, standInState + "=" + dir,
	}
	s.startShell()
	return s
}

func (s *session) startShell() {
	s.t.Helper()
	orders, toShell, err := os.Pipe()
	if err != nil {
		s.t.Fatal(err)
	}
	fromShell, answers, err := os.Pipe()
	if err != nil {
		s.t.Fatal(err)
	}
	s.orders, s.answers = toShell, bufio.NewReader(fromShell)
	s.shell = exec.Command("/bin/sh", "-c", obey)
	s.shell.Dir, s.shell.Env = s.app, s.env
	s.shell.Stderr = os.Stderr
	s.shell.ExtraFiles = []*os.File{orders, answers}
	s.shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := s.shell.Start(); err != nil {
		s.t.Fatal(err)
	}
	_, _ = orders.Close(), answers.Close()
	s.t.Cleanup(func() { _ = fromShell.Close() })
}

func (s *session) close() {
	if s.held != nil {
		s.held.kill()
	}
	if s.shell != nil {
		_ = syscall.Kill(-s.shell.Process.Pid, syscall.SIGKILL)
		_ = s.orders.Close()
		_ = s.shell.Wait()
	}
	if s.quitAll() && !s.t.Failed() {
		s.t.Error("the page leaves a formation running in the background")
	}
	if left := trial.Within(patience, func() any { return trial.SomeOr(trial.ProcessesOf(s.dir)) }); left != nil {
		s.t.Error("still running:", left)
	}
	_ = os.RemoveAll(s.dir)
}

// goCache is where the go command keeps what it has built; a new home has nothing.
func goCache() string {
	out, _ := exec.Command("go", "env", "GOCACHE").Output()
	return strings.TrimSpace(string(out))
}

// freeBases are handed out one after the other, from anywhere on, lest two pages get the same: there
// are more of them than pages.
var freeBases atomic.Int64

func init() { freeBases.Store(rand.Int64N(mostBases)) }

// mostBases is how many there are from 20000 to 29999, where no other test is: in every thousand two
// times ten, with a port for each of four types, and for ten instances.
const mostBases = 200

// freeBase finds a base port, such that the ports of a formation are free.
func freeBase(t *testing.T) int {
	t.Helper()
	for range mostBases {
		n := int(freeBases.Add(1) % mostBases)
		base := 20000 + n/20*1000 + n%20/10*400 + n%10*10
		if isFreeFrom(base) {
			return base
		}
	}
	t.Fatal("no ports are free")
	return 0
}

func isFreeFrom(base int) bool {
	for port := base; port < base+400; port += 100 {
		l, err := net.Listen("tcp", fmt.Sprintf("localhost:%d", port))
		if err != nil {
			return false
		}
		_ = l.Close()
	}
	return true
}

// isWhole reports whether the shell would not wait for another line.
func (s *session) isWhole(command string) bool {
	return !strings.HasSuffix(command, "\\\n") && exec.Command("/bin/sh", "-n", "-c", command).Run() == nil
}

// What commands are like.
var (
	staying    = regexp.MustCompile(`\b(reeve start|make demo|docker run)\b`)
	detaching  = regexp.MustCompile(`\breeve start .*(-D|--detach)\b`)
	following  = regexp.MustCompile(`\breeve (ui(\s+#.*)?$|attach|logs .*(-f|--follow)\b|ps .*(-w|--watch)\b)|follow=true`)
	promised   = regexp.MustCompile(`#.*\bexit code ([0-9]+)`)
	commentary = regexp.MustCompile(`^\s*(#.*)?$`)
)

// typeCommand runs a command, to its end or until it has settled in the foreground.
func (s *session) typeCommand(command string) {
	s.t.Helper()
	command = strings.TrimSpace(command)
	if commentary.MatchString(command) {
		return
	}
	code := 0
	s.latest = nil
	if found := promised.FindStringSubmatch(command); found != nil {
		code, _ = strconv.Atoi(found[1])
	}
	if staying.MatchString(command) {
		s.pressCtrlC()
	}
	switch {
	case staying.MatchString(command) && !detaching.MatchString(command):
		s.hold(command)
		s.latest = s.held
		s.settle(code)
	case following.MatchString(command):
		s.follow(command)
	default:
		s.run(command, code)
	}
}

// run runs a command to its end.
func (s *session) run(command string, want int) {
	s.t.Helper()
	code, err := s.order(command)
	if err != nil || code != want {
		s.t.Fatalf("%s: %s\nexit code %d, want %d (%v):\n%s", s.at, command, code, want, err, s.printed)
	}
}

// orderFile writes a command to a file of its own, for a shell reads as it goes.
func (s *session) orderFile(command string) (file string, err error) {
	s.count++
	s.last = filepath.Join(s.dir, "orders", strconv.Itoa(s.count))
	return s.last, os.WriteFile(s.last, []byte(command+"\n"), 0o600)
}

// order gives the shell a command.
func (s *session) order(command string) (code int, err error) {
	file, err := s.orderFile(command)
	if err != nil {
		return 0, err
	}
	if _, err := fmt.Fprintln(s.orders, file); err != nil {
		return 0, err
	}
	type answer struct {
		line string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		line, err := s.answers.ReadString('\n')
		answers <- answer{line, err}
	}()
	select {
	case a := <-answers:
		s.printed, s.cwd = readText(file+".out"), strings.TrimSpace(readText(file+".dir"))
		code, _ = strconv.Atoi(strings.TrimSpace(a.line))
		return code, a.err
	case <-time.After(patience):
		s.printed = readText(file + ".out")
		return 0, fmt.Errorf("it does not end")
	}
}

// readText is what a file has, and nothing if it is not there.
func readText(file string) string {
	text, _ := os.ReadFile(file)
	return string(text)
}
