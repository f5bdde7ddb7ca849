package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Drills are what has to come out the same way every time, whatever the timing is. Each is
// played many times in a row, against a formation of its own.

// drill is one of them.
type drill struct {
	name     string
	procfile string
	flags    string
	// prepare changes how reeve is started. Nil: it is not.
	prepare func(*exec.Cmd) error
	// play does it once, with the reeve that a command has started, and says what is wrong.
	play func(*drilled) string
}

// drilled is a reeve at work.
type drilled struct{ cmd *exec.Cmd }

var drills = []drill{
	{
		name:     "Ctrl-C that a wrapper forwards",
		procfile: "web: sh -c 'trap \"sleep 0.3; exit 0\" TERM; echo ready; while :; do sleep 0.01; done'\n",
		flags:    "-t 10",
		play:     forwardInterrupt,
	},
	{
		name:     "the first process first, and the rest in time",
		procfile: "web: sh -c '" + firstTrap("sleep 0.3; echo left; exit 0") + "'\nwaits: sh -c '" + firstTrap("wait; exit 0") + "'\n",
		flags:    "-t 4",
		play:     stopInTurn,
	},
	{
		name:     "TSTP and CONT at once",
		procfile: "web: sleep 60\n",
		play:     suspendAndContinue,
	},
	{
		name:     "the line of a log probe, and the end",
		procfile: "job: sh -c 'echo ready; exit 3'\nweb: true\n",
		flags:    "--can-die all --ready job=log:ready --after web=job",
		play:     endAfterLine,
	},
}

// errSkipped says that a drill cannot be played here.
var errSkipped = errors.New("not here")

// run plays a drill so many times, and returns how often it has failed.
func (d drill) run(reeve string, times int) (failed int) {
	for range times {
		if fault := d.once(reeve); fault != "" {
			failed++
			fmt.Printf("--- FAILED: %s: %s\n", d.name, fault)
		}
	}
	fmt.Printf("%s: %d rounds, %d failed\n", d.name, times, failed)
	return failed
}

func (d drill) once(reeve string) (fault string) {
	dir, err := os.MkdirTemp("", "torture")
	if err != nil {
		return err.Error()
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "Procfile"), []byte(d.procfile), 0o600); err != nil {
		return err.Error()
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return err.Error()
	}
	defer log.Close()
	args := append([]string{"start", "--no-port", "--no-timestamp"}, strings.Fields(d.flags)...)
	p := &drilled{cmd: exec.Command(reeve, args...)}
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = dir, log, log
	if d.prepare != nil {
		if err := d.prepare(p.cmd); errors.Is(err, errSkipped) {
			return ""
		} else if err != nil {
			return err.Error()
		}
	}
	if err := p.cmd.Start(); err != nil {
		return err.Error()
	}
	fault = d.play(p)
	p.signal(syscall.SIGCONT)
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	text, _ := os.ReadFile(log.Name())
	if fault != "" {
		return fault + "\n" + indent(string(text))
	}
	return ""
}

func (p *drilled) signal(sig syscall.Signal) { _ = p.cmd.Process.Signal(sig) }

// await waits until the log says something.
func (p *drilled) await(text string) bool {
	log := filepath.Join(p.cmd.Dir, "log")
	for end := time.Now().Add(slack * 3); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if said, _ := os.ReadFile(log); bytes.Contains(said, []byte(text)) {
			return true
		}
	}
	return false
}

// code waits for the end.
func (p *drilled) code() int {
	limit := time.AfterFunc(4*slack, func() { _ = p.cmd.Process.Kill() })
	defer limit.Stop()
	_ = p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode()
}

// forwardInterrupt sends what comes from a terminal and what a wrapper makes of it.
func forwardInterrupt(p *drilled) string {
	if !p.await("ready") {
		return "it does not start"
	}
	p.signal(syscall.SIGINT)
	first := time.Now()
	for range rand.IntN(3) + 1 {
		time.Sleep(rand.N(40 * time.Millisecond))
		if time.Since(first) > echo-imprecision {
			break // a busy machine
		}
		p.signal([]syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT}[rand.IntN(4)])
	}
	if code := p.code(); code != 0 {
		return fmt.Sprintf("exit code %d", code)
	}
	return ""
}

// firstTrap is a script whose first process does something when it is asked to stop, and has
// a child that tells when it is.
func firstTrap(do string) string {
	return `trap "` + do + `" TERM; (trap "echo rest; exit 0" TERM; echo ready; while :; do sleep 0.01; done) & while :; do sleep 0.01; done`
}

// stopInTurn looks who was asked when: what web has started when web has ended, and what
// waits for its child after half of the grace period.
func stopInTurn(p *drilled) string {
	if !p.await("web.1   | ready") || !p.await("waits.1 | ready") {
		return "it does not start"
	}
	began := time.Now()
	p.signal(syscall.SIGTERM)
	if code := p.code(); code != 0 {
		return fmt.Sprintf("exit code %d", code)
	}
	if took := time.Since(began); took < 2*time.Second || took > 4*time.Second {
		return fmt.Sprintf("it took %s", took)
	}
	log, _ := os.ReadFile(filepath.Join(p.cmd.Dir, "log"))
	left, rest := bytes.Index(log, []byte("web.1   | left")), bytes.Index(log, []byte("web.1   | rest"))
	if left < 0 || rest < left {
		return "the rest was asked before its turn"
	}
	return ""
}

// suspendAndContinue looks whether anything is stopped afterwards.
func suspendAndContinue(p *drilled) string {
	if !p.await("started") {
		return "it does not start"
	}
	for range 1 + rand.IntN(20) {
		p.signal(syscall.SIGTSTP)
		time.Sleep(rand.N(2 * time.Millisecond))
		p.signal(syscall.SIGCONT)
	}
	time.Sleep(100 * time.Millisecond) // by then it would have stopped
	for end := time.Now().Add(slack); ; time.Sleep(5 * time.Millisecond) {
		stopped := ""
		for _, one := range append(descendants(p.cmd.Process.Pid), proc{pid: p.cmd.Process.Pid}) {
			if now, ok := look(one.pid); ok && now.state == 'T' {
				stopped = fmt.Sprint(now)
			}
		}
		if stopped == "" {
			break
		}
		if time.Now().After(end) {
			return "still stopped: " + stopped
		}
	}
	p.signal(syscall.SIGTERM)
	if code := p.code(); code != 0 {
		return fmt.Sprintf("exit code %d", code)
	}
	return ""
}

// endAfterLine looks whether what waits for the line has started.
func endAfterLine(p *drilled) string {
	p.code()
	if !p.await("job.1 is ready") || !p.await("web.1 started") {
		return "it was not ready"
	}
	return ""
}
