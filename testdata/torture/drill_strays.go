package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Drills about what could be left behind.

var strayDrills = []drill{
	{
		name: "SIGKILL of reeve, and daemons without their environment",
		procfile: "plain: sh -c 'setsid -f sleep 600; exec sleep 600'\n" +
			"bare: sh -c 'env -i PATH=\"$PATH\" setsid -f sleep 600; exec sleep 600'\n" +
			"other: sh -c 'if [ $(id -u) = 0 ]; then su -s /bin/sh - nobody -c \"setsid -f sleep 600\"; else setsid -f sleep 600; fi; exec sleep 600'\n",
		flags: "-t 1",
		play:  killAmongDaemons,
	},
	{
		name:     "SIGKILL of reeve as it starts, and its socket",
		procfile: "web: sleep 600\n",
		flags:    "-t 1",
		prepare:  ownRuntimeDir,
		play:     killAtStart,
	},
	{
		name:     "the end of the guardian, then of reeve",
		procfile: "web: sleep 600\n",
		flags:    "-t 1",
		play:     killBoth,
	},
	{
		name:     "the process limit",
		procfile: "web: sleep 600\nbomb: sh -c 'while :; do sleep 600 & done'\n",
		flags:    "-t 1 --restart bomb=always",
		prepare:  limitProcesses,
		play:     reachLimit,
	},
}

// killAmongDaemons kills reeve and looks who of its processes is left.
func killAmongDaemons(p *drilled) string {
	var all []proc
	for end := time.Now().Add(2 * slack); ; time.Sleep(5 * time.Millisecond) {
		all = descendants(p.cmd.Process.Pid)
		daemons := 0
		for _, one := range all {
			if one.name == "sleep" && one.ppid == p.cmd.Process.Pid {
				daemons++
			}
		}
		if daemons == 6 {
			break
		}
		if time.Now().After(end) {
			return fmt.Sprintf("it does not start: %v", all)
		}
	}
	return p.kill(all)
}

// ownRuntimeDir makes reeve put its socket where nobody else does.
func ownRuntimeDir(c *exec.Cmd) error {
	dir := filepath.Join(c.Dir, "run")
	c.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+dir, "TMPDIR="+dir)
	return os.Mkdir(dir, 0o700)
}

// killAtStart kills reeve in its first moments, of which none may leave a socket or a link
// to one.
func killAtStart(p *drilled) string {
	time.Sleep(rand.N(40 * time.Millisecond))
	if fault := p.kill(descendants(p.cmd.Process.Pid)); fault != "" {
		return fault
	}
	for end := time.Now().Add(2 * slack); ; time.Sleep(10 * time.Millisecond) {
		sockets, _ := filepath.Glob(filepath.Join(p.cmd.Dir, "run", "*", "*.sock"))
		if len(sockets) == 0 {
			return ""
		}
		if time.Now().After(end) {
			return fmt.Sprintf("left behind: %s", sockets)
		}
	}
}

// killBoth kills the guardian at some moment, and reeve when there is another one.
func killBoth(p *drilled) string {
	if !p.await("web.1 started") {
		return "it does not start"
	}
	reeve := proc{pid: p.cmd.Process.Pid}
	time.Sleep(rand.N(1100 * time.Millisecond))
	killYoungest(reeve, isGuardian)
	time.Sleep(500 * time.Millisecond)
	return p.kill(descendants(reeve.pid))
}

// kill ends reeve by SIGKILL, and says who of its processes has not ended in time.
func (p *drilled) kill(all []proc) string {
	p.signal(syscall.SIGKILL)
	_ = p.cmd.Wait()
	for end := time.Now().Add(2 * slack); ; time.Sleep(10 * time.Millisecond) {
		left := survivors(all)
		if len(left) == 0 {
			return ""
		}
		if time.Now().After(end) {
			for _, one := range left {
				signalTo(one, syscall.SIGKILL)
			}
			return fmt.Sprintf("left behind: %v", left)
		}
	}
}

// limitProcesses makes reeve run as a user of its own, who may have few processes.
func limitProcesses(c *exec.Cmd) error {
	if os.Getuid() != 0 {
		return errSkipped
	}
	program, err := os.ReadFile(c.Path)
	if err != nil {
		return err
	}
	uid := 60_000 + rand.IntN(4000)
	if err := errors.Join(os.WriteFile(filepath.Join(c.Dir, "reeve"), program, 0o755), os.Chown(c.Dir, uid, uid), os.Chmod(c.Dir, 0o755),
		os.Chmod(filepath.Join(c.Dir, "Procfile"), 0o644)); err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(c.Dir, "run"), 0o700); err != nil {
		return err
	}
	if err := os.Chown(filepath.Join(c.Dir, "run"), uid, uid); err != nil {
		return err
	}
	limited := exec.Command("setpriv", append([]string{fmt.Sprintf("--reuid=%d", uid), fmt.Sprintf("--regid=%d", uid), "--clear-groups",
		"prlimit", fmt.Sprintf("--nproc=%d", 30+rand.IntN(40)), "./reeve"}, c.Args[1:]...)...)
	c.Path, c.Args, c.Err = limited.Path, limited.Args, limited.Err
	c.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+filepath.Join(c.Dir, "run"))
	return nil
}

// reachLimit talks to a reeve that can have no further thread, and then ends it.
func reachLimit(p *drilled) string {
	if !p.await("web.1 started") {
		return "it does not start"
	}
	time.Sleep(rand.N(500 * time.Millisecond))
	sockets, _ := filepath.Glob(filepath.Join(p.cmd.Dir, "run", "reeve", "*.sock"))
	for range 10 * len(sockets) {
		var conns []net.Conn
		for range 20 {
			if conn, err := net.Dial("unix", sockets[0]); err == nil {
				_, _ = conn.Write([]byte("GET /v1/instances HTTP/1.0\r\n\r\n"))
				conns = append(conns, conn)
			}
		}
		for _, conn := range conns {
			_ = conn.SetDeadline(time.Now().Add(2 * slack))
			_, _ = conn.Read(make([]byte, 100))
			_ = conn.Close()
		}
	}
	all := descendants(p.cmd.Process.Pid)
	if rand.IntN(2) == 0 {
		return p.kill(all)
	}
	p.signal(syscall.SIGTERM)
	const noFork = 2 // what sh exits with
	if code := p.code(); code != 0 && code != noFork && code != killed {
		return fmt.Sprintf("exit code %d", code)
	}
	if left := survivors(all); len(left) > 0 {
		return fmt.Sprintf("left behind: %v", left)
	}
	if log, _ := os.ReadFile(filepath.Join(p.cmd.Dir, "log")); strings.Contains(string(log), "newosproc") {
		return "reeve has crashed"
	}
	return ""
}
