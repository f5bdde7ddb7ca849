package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"reeve/cmd/reeve/internal/console"
)

// helper is the child of the tests. It does what its arguments say, one step after
// the other, with "then" between them, and exits with 0 at the end:
//
//	web: helper print ready then wait
//
// The steps are the methods of verbs below.
func helper() {
	h := &child{signals: make(chan os.Signal, 100)}
	steps := splitSteps(os.Args[1:])
	if slices.ContainsFunc(steps, func(step []string) bool { return catches[step[0]] }) {
		// From the beginning: what was printed before says that the helper is ready.
		signal.Notify(h.signals, caught...)
	}
	for _, step := range steps {
		do, ok := verbs[step[0]]
		if !ok {
			h.fail("helper: no verb %q", step[0])
		}
		do(h, step[1:])
	}
	os.Exit(0)
}

// child is a running helper.
type child struct{ signals chan os.Signal }

// catches has the verbs that catch signals.
var catches = map[string]bool{"wait": true, "wait-exit": true, "signals": true, "signals-until": true, "size": true, "serve": true}

var verbs map[string]func(h *child, args []string)

// The table refers to itself through the helpers that a helper starts.
func init() {
	verbs = map[string]func(h *child, args []string){
		// Output.
		"print":  func(_ *child, args []string) { fmt.Println(strings.Join(args, " ")) },
		"warn":   func(_ *child, args []string) { fmt.Fprintln(os.Stderr, strings.Join(args, " ")) },
		"write":  (*child).write,
		"prompt": (*child).prompt,
		"args":   func(_ *child, args []string) { fmt.Printf("%q\n", args) },
		"env":    (*child).env,
		"cwd":    (*child).cwd,
		"lines":  (*child).lines,
		"flood":  (*child).flood,
		"stall":  (*child).stall,
		"tick":   (*child).tick,
		"huge":   (*child).huge,
		"tty":    (*child).tty,

		// Input.
		"read": (*child).read,
		"chat": (*child).chat,

		// Ends.
		"exit": func(_ *child, args []string) { os.Exit(number(args[0])) },

		// Signals.
		"wait":          (*child).wait,
		"wait-exit":     func(h *child, args []string) { h.wait(nil); os.Exit(number(args[0])) },
		"block":         func(*child, []string) { block() },
		"signals":       (*child).printSignals,
		"signals-until": (*child).printSignalsUntil,

		// Files.
		"environ": func(h *child, args []string) {
			h.check(os.WriteFile(args[0], []byte(strings.Join(os.Environ(), "\x00")), 0o666))
		},
		"touch":    func(h *child, args []string) { h.check(os.WriteFile(args[0], nil, 0o666)) },
		"pid":      func(h *child, args []string) { h.savePid(args[0]) },
		"wait-for": func(_ *child, args []string) { waitForFiles(args) },
		"first":    (*child).first,
		"fill":     func(h *child, args []string) { h.check(os.WriteFile(args[0], make([]byte, number(args[1])), 0o666)) },

		// Servers.
		"serve": (*child).serve,
	}
	maps.Copy(verbs, systemVerbs)
}

// splitSteps cuts a helper's arguments at "then".
func splitSteps(args []string) (steps [][]string) {
	for len(args) > 0 {
		n := slices.Index(args, "then")
		if n < 0 {
			return append(steps, args)
		}
		steps = append(steps, args[:n])
		args = args[n+1:]
	}
	return steps
}

func (h *child) fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "helper: "+format+"\n", args...)
	os.Exit(99)
}

func (h *child) check(err error) {
	if err != nil {
		h.fail("%v", err)
	}
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(err)
	}
	return n
}

// write writes a text with Go's escapes in it, and nothing more.
func (h *child) write(args []string) {
	text, err := strconv.Unquote(`"` + args[0] + `"`)
	h.check(err)
	_, _ = os.Stdout.WriteString(text)
}

// prompt asks for a line and prints the answer.
func (h *child) prompt(args []string) {
	fmt.Print(strings.Join(args, " "))
	answer, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	fmt.Printf("answer: %s\n", strings.TrimSpace(answer))
}

// env prints variables.
func (h *child) env(args []string) {
	for _, key := range args {
		if value, ok := os.LookupEnv(key); ok {
			fmt.Printf("%s=%s\n", key, value)
		} else {
			fmt.Println(key, "is not set")
		}
	}
}

func (h *child) cwd([]string) {
	dir, err := os.Getwd()
	h.check(err)
	fmt.Println("in", filepath.Base(dir))
}

// lines prints numbered lines, each with a write of its own.
func (h *child) lines(args []string) {
	for n := range number(args[0]) {
		fmt.Println("line", n+1)
	}
}

// flood prints until nobody reads any longer.
func (h *child) flood([]string) {
	block := bytes.Repeat([]byte("All work and no play makes Jack a dull boy.\n"), 100)
	for {
		if _, err := os.Stdout.Write(block); err != nil {
			return
		}
	}
}

// stall floods, and makes a file when nobody has taken any of it for a while.
func (h *child) stall(args []string) {
	taken := make(chan struct{})
	go func() {
		for {
			select {
			case <-taken:
			case <-time.After(300 * time.Millisecond):
				h.check(os.WriteFile(args[0], nil, 0o666))
				return
			}
		}
	}()
	block := bytes.Repeat([]byte("Is anybody there?\n"), 100)
	for {
		if _, err := os.Stdout.Write(block); err != nil {
			return
		}
		select {
		case taken <- struct{}{}:
		default:
		}
	}
}

// tick prints a line now and then until nobody reads any longer.
func (h *child) tick([]string) {
	for {
		if _, err := fmt.Println("tick"); err != nil {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// huge prints one line of so many bytes.
func (h *child) huge(args []string) {
	_, _ = os.Stdout.Write(append(bytes.Repeat([]byte("x"), number(args[0])), '\n'))
}

// tty tells which of the standard descriptors are terminals.
func (h *child) tty([]string) {
	for fd, name := range []string{"stdin", "stdout", "stderr"} {
		if console.IsTerminal(os.NewFile(uintptr(fd), name)) {
			fmt.Println(name, "is a terminal")
		} else {
			fmt.Println(name, "is no terminal")
		}
	}
}

// chat asks for lines and repeats them.
func (h *child) chat([]string) {
	for lines := bufio.NewScanner(os.Stdin); ; fmt.Printf("heard %q\n", lines.Text()) {
		if fmt.Print("> "); !lines.Scan() {
			return
		}
	}
}

// read prints what standard input has until its end.
func (h *child) read([]string) {
	text, err := io.ReadAll(os.Stdin)
	h.check(err)
	fmt.Printf("read %q\n", text)
}

func block() {
	for {
		time.Sleep(time.Hour)
	}
}

// wait waits for a signal that asks to stop.
func (h *child) wait([]string) {
	for sig := range h.signals {
		if asksToStop(sig) {
			return
		}
	}
}

// printSignals prints each signal. It ends a while after one that asks to stop, so
// that a second one is seen too.
func (h *child) printSignals([]string) {
	var end <-chan time.Time
	for {
		select {
		case sig := <-h.signals:
			printSignal(sig)
			if asksToStop(sig) && end == nil {
				end = time.After(200 * time.Millisecond)
			}
		case <-end:
			return
		}
	}
}

// printSignalsUntil prints each signal until a file is there.
func (h *child) printSignalsUntil(files []string) {
	go func() {
		for sig := range h.signals {
			printSignal(sig)
		}
	}()
	waitForFiles(files)
}

// first makes a file and ends the helper with a code, unless the file is there.
func (h *child) first(args []string) {
	if _, err := os.Stat(args[0]); err == nil {
		return
	}
	h.check(os.WriteFile(args[0], nil, 0o666))
	os.Exit(number(args[1]))
}

// serve answers HTTP at $PORT, with the status that is the path, until a signal asks it
// to stop. The path of a file gives 200 if it is there, and 503 if not.
func (h *child) serve([]string) {
	listener, err := net.Listen("tcp", "localhost:"+os.Getenv("PORT"))
	h.check(err)
	go func() {
		_ = http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			path := strings.TrimPrefix(r.URL.Path, "/")
			fmt.Println("asked for", path)
			status, err := strconv.Atoi(path)
			if _, missing := os.Stat(path); err != nil && missing == nil {
				status = http.StatusOK
			} else if err != nil {
				status = http.StatusServiceUnavailable
			}
			w.Header().Set("Location", "/404")
			w.WriteHeader(status)
		}))
	}()
	h.wait(nil)
}

// savePid writes the helper's pid to a file, which has all of it once it exists.
func (h *child) savePid(file string) {
	h.check(os.WriteFile(file+".new", []byte(strconv.Itoa(os.Getpid())), 0o666))
	h.check(os.Rename(file+".new", file))
}

func waitForFiles(files []string) {
	for _, file := range files {
		for {
			if _, err := os.Stat(file); err == nil {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
}
