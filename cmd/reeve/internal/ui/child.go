package ui

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// child is a program that the terminal is lent to.
type child struct {
	cmd   *exec.Cmd
	ended chan string // and what it had to say
}

// attach gives the terminal to a process. reeve attach does that, as a program of its own: it reads
// what is typed until it ends, and whatever becomes of it, this one is left as it is.
func (r *runner) attach(e Attach) {
	self, err := os.Executable()
	if err != nil {
		r.model.fail("cannot attach: %v", err)
		return
	}
	cmd := &exec.Cmd{Path: self, Args: []string{"reeve", "attach", "--root", r.model.formation.Root, e.Name}}
	said := &bytes.Buffer{}
	cmd.Stdin, cmd.Stderr = os.Stdin, said
	r.lendTo(cmd, func() string { return lastLine(said.String()) })
}

// page shows a text in $PAGER.
func (r *runner) page(e Page) {
	pager := os.Getenv("PAGER")
	if strings.TrimSpace(pager) == "" {
		pager = defaultPager
	}
	cmd := inShell(pager)
	cmd.Env = os.Environ()
	if os.Getenv("LESS") == "" {
		cmd.Env = append(cmd.Env, "LESS=-R") // colours are shown as such
	}
	in, out, err := os.Pipe()
	if err != nil {
		r.model.fail("cannot show the log: %v", err)
		return
	}
	said := &bytes.Buffer{}
	cmd.Stdin, cmd.Stderr = in, said
	go func() {
		_, _ = io.Copy(out, bytes.NewReader(e.Text)) // a pager may be left before its end
		_ = out.Close()
	}()
	r.lendTo(cmd, func() string {
		_ = in.Close()
		if cmd.ProcessState == nil || cmd.ProcessState.Success() {
			return ""
		}
		return "$PAGER (" + pager + ") has failed: " + lastLine(said.String())
	})
}

// lendTo runs a program on the terminal. What it has to say at its end comes back with it.
func (r *runner) lendTo(cmd *exec.Cmd, say func() string) {
	r.awaitDrawn()
	r.lend()
	cmd.Stdout = os.Stdout
	c := &child{cmd, make(chan string, 1)}
	r.child = c
	if err := cmd.Start(); err != nil {
		c.ended <- err.Error()
		return
	}
	go func() {
		_ = cmd.Wait()
		c.ended <- say()
	}()
}

// back takes the terminal back.
func (r *runner) back(said string) {
	r.child = nil
	r.takeAgain()
	r.update(Back{said})
}

// childPatience is how long a child may take to leave the terminal as it was.
const childPatience = time.Second

// endChild ends whoever has the terminal.
func (r *runner) endChild() {
	if r.child == nil || r.child.cmd.Process == nil {
		return
	}
	if r.child.cmd.Process.Signal(syscall.SIGTERM) != nil { // as on Windows
		_ = r.child.cmd.Process.Kill()
	}
	select {
	case <-r.child.ended:
	case <-time.After(childPatience):
		_ = r.child.cmd.Process.Kill()
	}
}

// lastLine is the last line of what a program says, without its name.
func lastLine(text string) string {
	text = strings.TrimSpace(text)
	text = text[strings.LastIndexByte(text, '\n')+1:]
	return strings.TrimPrefix(text, "reeve: ")
}
