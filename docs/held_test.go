//go:build unix

package docs

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"

	"github.com/creack/pty"

	"reeve/internal/trial"
)

// held is a command that stays in the foreground of a terminal of its own.
type held struct {
	*trial.Terminal
	s       *session
	command string
}

// inAnotherTerminal runs a command where the shell is now, with its variables. Its name
// goes to the shell as a file, so that the shell waits for it and tells its exit code.
const inAnotherTerminal = `trap : INT
. "$1"
. "$2"`

// hold starts a command that stays.
func (s *session) hold(command string) {
	s.t.Helper()
	if _, err := s.order(":"); err != nil { // the variables and the directory as they are
		s.t.Fatalf("%s: %v", s.at, err)
	}
	state := s.last + ".env"
	file, err := s.orderFile(command)
	if err != nil {
		s.t.Fatal(err)
	}
	shell := exec.Command("/bin/sh", "-c", inAnotherTerminal, "sh", state, file)
	shell.Dir, shell.Env = s.cwd, s.env
	terminal, err := trial.InTerminal(shell, &pty.Winsize{Rows: 40, Cols: 200})
	if err != nil {
		s.t.Fatalf("%s: %s: %v", s.at, command, err)
	}
	s.held = &held{Terminal: terminal, s: s, command: command}
}

// text is what it has printed, without colours.
func (h *held) text() string { return strings.ReplaceAll(h.Text(), "\r\n", "\n") }

// await waits for a line.
func (h *held) await(line string) {
	h.s.t.Helper()
	pattern := regexp.MustCompile(`(?m)^` + lineLike(line) + `$`)
	if line == "…" || trial.Within(patience, func() any { return trial.SomeOr(trial.Missing(pattern, h.text())) }) == nil {
		return
	}
	h.s.t.Fatalf("%s: waited in vain for\n%s\nin what this prints: %s\n%s", h.s.at, line, h.command, h.text())
}

// kill ends it with all that its shell has in the terminal.
func (h *held) kill() {
	_ = syscall.Kill(-h.Cmd.Process.Pid, syscall.SIGKILL)
	h.Close()
}

// settle waits until everything runs, or until the command has ended. If the page says
// how it ends, it is waited for that.
func (s *session) settle(code int) {
	s.t.Helper()
	h := s.held
	unsettled := trial.Within(patience, func() any {
		if h.HasEnded() || code == 0 && s.isUp() {
			return nil
		}
		return "it neither runs nor ends"
	})
	if unsettled != nil {
		s.t.Fatalf("%s: %s: %v:\n%s", s.at, h.command, unsettled, h.text())
	}
	if h.HasEnded() {
		s.end(code)
	}
}

// pressCtrlC ends what stays in the foreground, which has to take it well.
func (s *session) pressCtrlC() {
	s.t.Helper()
	if s.held == nil {
		return
	}
	if err := s.held.Type("\x03"); err != nil && !s.held.HasEnded() {
		s.t.Fatalf("%s: %v", s.at, err)
	}
	if strings.HasPrefix(s.held.command, "make ") {
		s.end(130) // make says so whatever its command has said
		return
	}
	s.end(0)
}

// end waits for the end of what stays in the foreground.
func (s *session) end(code int) {
	s.t.Helper()
	h := s.held
	if trial.Within(patience, func() any { return unless(h.HasEnded()) }) != nil {
		s.t.Fatalf("%s: %s: it does not end:\n%s", s.at, h.command, h.text())
	}
	h.Drain()
	s.held, s.printed = nil, h.text()
	h.Close()
	if got := trial.ExitCodeOf(h.Cmd.ProcessState); got != code {
		s.t.Fatalf("%s: %s: exit code %d, want %d:\n%s", s.at, h.command, got, code, s.printed)
	}
}

// follow runs a command that shows what goes on, in a terminal, and leaves it.
func (s *session) follow(command string) {
	s.t.Helper()
	before := s.held
	s.hold(command)
	h := s.held
	s.held = before
	defer h.kill()
	if trial.Within(patience, func() any { return trial.SomeOr(trial.Missing(regexp.MustCompile(`\S`), h.text())) }) != nil {
		s.t.Fatalf("%s: %s: it shows nothing", s.at, command)
	}
	leave := "\x03"
	if strings.Contains(command, "attach") {
		leave = "\x1d\x1d"
	}
	_ = h.Type(leave)
	if trial.Within(patience, func() any { return unless(h.HasEnded()) }) != nil {
		s.t.Fatalf("%s: %s: it does not end:\n%s", s.at, command, h.text())
	}
	if code := trial.ExitCodeOf(h.Cmd.ProcessState); code != 0 && leave != "\x03" {
		s.t.Fatalf("%s: %s: exit code %d:\n%s", s.at, command, code, h.text())
	}
}

// The formations that run, seen from outside.

// sockets of the formations that the session has started.
func (s *session) sockets() []string {
	found, _ := filepath.Glob(filepath.Join(s.dir, "run", "reeve", "*.sock"))
	return found
}

// request sends one to a formation. What it answers may go on and on.
func request(socket, method, path string, body io.Reader) (answer io.ReadCloser, err error) {
	client := http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", socket)
		},
	}}
	r, err := http.NewRequest(method, "http://reeve"+path, body)
	if err != nil {
		return nil, err
	}
	response, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	return response.Body, nil
}

// ask sends a request and reads the answer.
func ask(socket, method, path string) ([]byte, error) {
	answer, err := request(socket, method, path, http.NoBody)
	if err != nil {
		return nil, err
	}
	defer answer.Close()
	return io.ReadAll(answer)
}

// isUp reports whether all that is to run does.
func (s *session) isUp() bool {
	up := false
	for _, socket := range s.sockets() {
		var instances []struct {
			Type, State string
			Ready       bool
		}
		answer, err := ask(socket, "GET", "/v1/instances")
		if err != nil || json.Unmarshal(answer, &instances) != nil {
			continue
		}
		for _, i := range instances {
			if !i.Ready && i.State != "stopped" && i.State != "scheduled" {
				return false
			}
			up = up || i.Ready && i.Type != "release" // whose end is waited for
		}
	}
	return up
}

// quitAll ends what runs in the background, and reports whether something did.
func (s *session) quitAll() (any bool) {
	for _, socket := range s.sockets() {
		_, err := ask(socket, "POST", "/v1/quit")
		any = any || err == nil
	}
	return any
}

// unless is nil if the condition holds, for within.
func unless(so bool) any {
	if so {
		return nil
	}
	return "not yet"
}
