package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"

	"reeve/output"
)

// scriptCommands are what the scripts can say besides testscript's own commands.
//
//	exits CODE PROGRAM ARG…     run a program to its end, which has this exit code
//	launch PROGRAM ARG…         run it in the background; it writes to the files out and err
//	await FILE [REGEXP]         wait until the file is there, and has a line like that
//	signal SIGNAL [PIDFILE]     send it to the program in the background, or to that process; on
//	                            Windows, KILL terminates that, and the others are Ctrl-Break
//	insist SIGNAL               send it to reeve until that takes it for a second one
//	ended CODE                  wait for the program in the background to end
//	runs 'NAME…' PROGRAM ARG…   run it in the background until these instances, and no
//	                            others, have started, and stop it with TERM
//	gone [PIDFILE…]             nothing that the script started is alive; or none of these
//	dies [PIDFILE…]             the same, but wait for it
//	write FILE TEXT             write a file; TEXT may have Go's escapes
//	ordered FILE N NAME…        the file has lines 1 to N of each name, in order, and nothing else
//	joined FILE NAME N PIECES   the pieces of NAME's line make a line of N bytes again
//	sequence FILE REGEXP…       wait until the file has matches of these, the first of each in this order
//	listen KEY                  listen on a free port, and put its number into a variable
//	port KEY                    put the number of a free port into a variable
//	capture KEY FILE REGEXP     wait until it matches in the file, and put what its group does into a variable
//
// While a program runs in the background, what it writes comes when it comes, whatever else has been
// seen of it: then nothing but await, sequence and capture may say what its files have, as
// TestScriptsAwait sees to.
var scriptCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"exits":   positive(1, exits),
	"launch":  positive(1, launch),
	"await":   positive(1, await),
	"signal":  positive(1, sendSignal),
	"insist":  positive(1, insist),
	"ended":   positive(1, ended),
	"runs":    positive(2, runs),
	"gone":    positive(0, gone),
	"dies":    positive(0, dies),
	"write":   positive(2, write),
	"ordered": positive(3, ordered),
	"joined":  positive(4, joined),
	"listen":  positive(1, listen),
	"port":    positive(1, port),
	"capture": positive(3, capture),

	"sequence": positive(2, sequence),
}

// positive is a command that makes no sense with "!" and needs arguments.
func positive(atLeast int, do func(ts *testscript.TestScript, args []string)) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) < atLeast {
			ts.Fatalf("wrong use: see scriptCommands")
		}
		do(ts, args)
	}
}

// setUpScript marks what the script will start, and sees to it that nothing of it is
// left at the end.
func setUpScript(env *testscript.Env) error {
	env.Setenv(scriptMark, env.WorkDir)
	env.Setenv("PATH", searchPath())
	env.Setenv("LOCALAPPDATA", filepath.Join(env.WorkDir, ".local")) // where Windows has what TMPDIR has elsewhere
	env.Setenv("TESTPID", strconv.Itoa(os.Getpid()))
	background := &background{}
	env.Values[backgroundKey{}] = background
	env.Defer(func() {
		background.kill()
		if left := within(patience, func() any { return someOr(processesOf(env.WorkDir)) }); left != nil {
			env.T().Log("still running at the end of the script: ", left)
			env.T().FailNow()
		}
	})
	return nil
}

// exits runs a program to its end.
func exits(ts *testscript.TestScript, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		ts.Fatalf("cannot run: %v", err)
	}
	code := 0
	if exit != nil {
		code = exitCodeOf(exit.ProcessState)
	}
	expectCode(ts, code, args[0])
}

func expectCode(ts *testscript.TestScript, code int, want string) {
	if strconv.Itoa(code) != want {
		ts.Fatalf("exit code %d, want %s", code, want)
	}
}

// background is a script's program in the background, if it has one.
type background struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended

	clients any // of what it serves
}

type backgroundKey struct{}

func backgroundOf(ts *testscript.TestScript) *background {
	return ts.Value(backgroundKey{}).(*background)
}

// kill ends the program if it still runs.
func (b *background) kill() {
	if b.cmd == nil {
		return
	}
	_ = b.cmd.Process.Kill()
	<-b.done
	b.cmd = nil
}

func launch(ts *testscript.TestScript, args []string) {
	b := backgroundOf(ts)
	if b.cmd != nil {
		ts.Fatalf("there is a program in the background already")
	}
	b.cmd = &exec.Cmd{Path: programPath(args[0]), Args: args, Dir: ts.MkAbs("."), Env: environOf(ts), SysProcAttr: ownGroup}
	out, err := os.Create(ts.MkAbs("out"))
	ts.Check(err)
	defer out.Close()
	errs, err := os.Create(ts.MkAbs("err"))
	ts.Check(err)
	defer errs.Close()
	b.cmd.Stdout, b.cmd.Stderr = out, errs
	ts.Check(b.cmd.Start())
	b.done = make(chan struct{})
	go func(cmd *exec.Cmd, done chan struct{}) {
		_ = cmd.Wait()
		close(done)
	}(b.cmd, b.done)
}

// environOf gives the script's environment, as a program sees it.
func environOf(ts *testscript.TestScript) []string {
	ts.Check(ts.Exec("helper", "environ", ts.MkAbs("environ")))
	return strings.Split(ts.ReadFile("environ"), "\x00")
}

func await(ts *testscript.TestScript, args []string) {
	pattern := regexp.MustCompile(`(?m)` + strings.Join(args[1:], " "))
	awaitText(ts, args[0], func(text string) error {
		if !pattern.MatchString(text) {
			return fmt.Errorf("no match for %s", pattern)
		}
		return nil
	})
}

// awaitText waits until a file is there and has what is wanted of it. What the last command has
// written is all there.
func awaitText(ts *testscript.TestScript, file string, wanted func(text string) error) {
	if file == "stdout" || file == "stderr" {
		ts.Check(wanted(ts.ReadFile(file)))
		return
	}
	missing := within(patience, func() any {
		text, err := os.ReadFile(ts.MkAbs(file))
		if err == nil {
			err = wanted(string(text))
		}
		if err != nil {
			return err
		}
		return nil
	})
	if missing == nil {
		return
	}
	for _, file := range []string{"out", "err"} {
		text, _ := os.ReadFile(ts.MkAbs(file))
		ts.Logf("%s:\n%s", file, text)
	}
	ts.Fatalf("waited in vain for %s: %v", file, missing)
}

func sendSignal(ts *testscript.TestScript, args []string) {
	process := backgroundOf(ts).cmd.Process
	if len(args) > 1 {
		var err error
		process, err = os.FindProcess(pidIn(ts, args[1]))
		ts.Check(err)
	}
	ts.Check(signalProcess(process, args[0]))
}

// insist sends a signal again, since those that come soon after the first one are that
// once more.
func insist(ts *testscript.TestScript, args []string) {
	b, count := backgroundOf(ts), func() int {
		out, _ := os.ReadFile(ts.MkAbs("out"))
		return bytes.Count(out, []byte(" again: sending SIGKILL to all"))
	}
	before := count()
	if err := within(patience, func() any {
		if count() > before {
			return nil
		}
		_ = signalProcess(b.cmd.Process, args[0]) // which may have ended
		return errors.New("no second signal")
	}); err != nil {
		ts.Fatalf("%v", err)
	}
}

func pidIn(ts *testscript.TestScript, file string) int {
	pid, err := strconv.Atoi(strings.TrimSpace(ts.ReadFile(file)))
	ts.Check(err)
	return pid
}

func ended(ts *testscript.TestScript, args []string) {
	b := backgroundOf(ts)
	running := within(patience, func() any {
		select {
		case <-b.done:
			return nil
		default:
			return "it is still running"
		}
	})
	for _, file := range []string{"out", "err"} {
		text, _ := os.ReadFile(ts.MkAbs(file))
		ts.Logf("%s:\n%s", file, text)
	}
	if running != nil {
		ts.Fatalf("%v", running)
	}
	state := b.cmd.ProcessState
	b.cmd = nil
	expectCode(ts, exitCodeOf(state), args[0])
}

// startedLine is what reeve says of each instance.
var startedLine = regexp.MustCompile(`(?m)^system +\| (\S+) started `)

func runs(ts *testscript.TestScript, args []string) {
	launch(ts, args[1:])
	names := strings.Fields(args[0])
	for _, name := range names {
		await(ts, []string{"out", `^system +\| ` + regexp.QuoteMeta(name) + ` started `})
	}
	sendSignal(ts, []string{"TERM"})
	ended(ts, []string{"0"})
	var started []string
	for _, line := range startedLine.FindAllStringSubmatch(ts.ReadFile("out"), -1) {
		started = append(started, line[1])
	}
	if !slices.Equal(started, names) {
		ts.Fatalf("started %v, want %v", started, names)
	}
}

func gone(ts *testscript.TestScript, args []string) {
	if left := alive(ts, args); left != nil {
		ts.Fatalf("still alive: %v", left)
	}
}

func dies(ts *testscript.TestScript, args []string) {
	if left := within(patience, func() any { return alive(ts, args) }); left != nil {
		ts.Fatalf("still alive: %v", left)
	}
}

// alive names those of some processes that live, or of all that the script started;
// nil if there are none.
func alive(ts *testscript.TestScript, files []string) any {
	if len(files) == 0 {
		return someOr(processesOf(ts.Getenv("WORK")))
	}
	var left []string
	for _, file := range files {
		if isAlive(pidIn(ts, file)) {
			left = append(left, file)
		}
	}
	return someOr(left)
}

func write(ts *testscript.TestScript, args []string) {
	text, err := strconv.Unquote(`"` + strings.ReplaceAll(args[1], `"`, `\"`) + `"`)
	ts.Check(err)
	// In one step, as a reeve that runs may read it at any moment; and outside of what may be watched.
	work := ts.Getenv("WORK")
	made := filepath.Join(filepath.Dir(work), filepath.Base(work)+".new")
	ts.Check(os.WriteFile(made, []byte(text), 0o666))
	ts.Check(os.Rename(made, ts.MkAbs(args[0])))
}

// logLine takes a line of the log, without a time, apart.
func logLine(line string) (name, mark, text string) {
	name, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
	mark, text, _ = strings.Cut(strings.TrimLeft(rest, " "), " ")
	return name, mark, text
}

func ordered(ts *testscript.TestScript, args []string) {
	count, err := strconv.Atoi(args[1])
	ts.Check(err)
	seen := map[string]int{}
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		name, mark, text := logLine(line)
		if name == output.System {
			continue
		}
		seen[name]++
		if want := fmt.Sprintf("line %d", seen[name]); mark != "|" || text != want {
			ts.Fatalf("%q where %q of %s should be", line, want, name)
		}
	}
	for _, name := range args[2:] {
		if seen[name] != count {
			ts.Fatalf("%d lines of %s, want %d", seen[name], name, count)
		}
	}
	if len(seen) != len(args[2:]) {
		ts.Fatalf("lines of %v, want only those of %v", seen, args[2:])
	}
}

func sequence(ts *testscript.TestScript, args []string) {
	awaitText(ts, args[0], func(text string) error {
		last := -1
		for _, pattern := range args[1:] {
			at := regexp.MustCompile(`(?m)` + pattern).FindStringIndex(text)
			if at == nil || at[0] < last {
				return fmt.Errorf("%s is missing, or too early", pattern)
			}
			last = at[0]
		}
		return nil
	})
}

func joined(ts *testscript.TestScript, args []string) {
	size, err := strconv.Atoi(args[2])
	ts.Check(err)
	var whole []byte
	pieces := 0
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		name, mark, text := logLine(line)
		if name != args[1] {
			continue
		}
		if (pieces > 0) != (mark == "+") {
			ts.Fatalf("piece %d is marked %q", pieces+1, mark)
		}
		whole = append(whole, text...)
		pieces++
	}
	if len(whole) != size || strconv.Itoa(pieces) != args[3] || len(bytes.Trim(whole, "x")) > 0 {
		ts.Fatalf("%d pieces make %d bytes, want %s and %d", pieces, len(whole), args[3], size)
	}
}

func listen(ts *testscript.TestScript, args []string) {
	for {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		ts.Check(err)
		ts.Defer(func() { _ = l.Close() })
		port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
		other, err := net.Dial("tcp", "[::1]:"+port)
		if err != nil {
			ts.Setenv(args[0], port)
			return
		}
		_ = other.Close() // somebody else's
	}
}

func capture(ts *testscript.TestScript, args []string) {
	var match []string
	awaitText(ts, args[1], func(text string) error {
		if match = regexp.MustCompile("(?m)" + args[2]).FindStringSubmatch(text); len(match) != 2 {
			return fmt.Errorf("no match for %s", args[2])
		}
		return nil
	})
	ts.Setenv(args[0], match[1])
}

// basePorts counts those that have been handed out, from a place of this process's own on.
var basePorts atomic.Int64

func init() { basePorts.Store(rand.Int64N(ports)) }

// ports is how many base ports there are from 10000 to 19999. The documentation's tests have others.
// Each has its own: in every thousand the last digit is that of an instance, the one before it that of the
// script, and the hundreds are those of the process types.
const ports = 100

// port finds a base port that is free, as is the next one.
func port(ts *testscript.TestScript, args []string) {
	for range ports {
		n := int(basePorts.Add(1) % ports)
		port := 10000 + n/10*1000 + n%10*10
		if isFree(port) && isFree(port+1) {
			ts.Setenv(args[0], strconv.Itoa(port))
			return
		}
	}
	ts.Fatalf("no port is free")
}

func isFree(port int) bool {
	l, err := net.Listen("tcp", fmt.Sprintf("localhost:%d", port))
	if err == nil {
		_ = l.Close()
	}
	return err == nil
}
