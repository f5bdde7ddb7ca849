//go:build unix

package trial

import (
	"os"
	"os/exec"
	"regexp"
	"sync"
	"syscall"

	"github.com/creack/pty"
)

// Terminal is a program in a terminal of its own, as if a person had started it there.
type Terminal struct {
	Cmd    *exec.Cmd
	Master *os.File
	// Slave is kept open, so that what is left of the terminal's attributes can be seen
	// when the program has ended.
	Slave *os.File

	ended, drained chan struct{}

	mu     sync.Mutex
	screen []byte // everything that was written to the terminal so far
}

// InTerminal starts a command in a terminal of a size.
func InTerminal(cmd *exec.Cmd, size *pty.Winsize) (*Terminal, error) {
	master, slave, err := pty.Open()
	if err != nil {
		return nil, err
	}
	x := &Terminal{Cmd: cmd, Master: master, Slave: slave, ended: make(chan struct{}), drained: make(chan struct{})}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err = pty.Setsize(master, size); err == nil {
		err = cmd.Start()
	}
	if err != nil {
		_, _ = master.Close(), slave.Close()
		return nil, err
	}
	go x.read()
	go func() {
		_ = cmd.Wait()
		close(x.ended)
	}()
	return x, nil
}

func (x *Terminal) read() {
	defer close(x.drained)
	buf := make([]byte, 4096)
	for {
		n, err := x.Master.Read(buf)
		x.mu.Lock()
		x.screen = append(x.screen, buf[:n]...)
		x.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// Raw is everything that was written so far; lines end in "\r\n".
func (x *Terminal) Raw() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return string(x.screen)
}

// sgr matches what only changes the look of text.
var sgr = regexp.MustCompile("\x1b\\[[0-9;]*m")

// Text is the same without colours.
func (x *Terminal) Text() string { return sgr.ReplaceAllString(x.Raw(), "") }

// Type types a text.
func (x *Terminal) Type(text string) error {
	_, err := x.Master.WriteString(text)
	return err
}

// Ended is closed when the program has ended.
func (x *Terminal) Ended() <-chan struct{} { return x.ended }

// HasEnded reports whether the program has.
func (x *Terminal) HasEnded() bool {
	select {
	case <-x.ended:
		return true
	default:
		return false
	}
}

// Drain waits for all that an ended program has written.
func (x *Terminal) Drain() {
	_ = x.Slave.Close() // the last who has it, so that reading comes to an end
	<-x.drained
}

// Close kills the program, if it still runs, and closes the terminal.
func (x *Terminal) Close() {
	_ = x.Cmd.Process.Kill()
	<-x.ended
	_, _ = x.Slave.Close(), x.Master.Close()
}
