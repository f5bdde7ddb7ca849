//go:build unix

package slot

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// claimer is the argument by which the test binary is another formation: it claims a block, says
// what it has, and keeps it until its standard input ends.
const claimer = "claim"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == claimer {
		c := Open(Take)
		var b Block
		_, _ = fmt.Sscan(os.Args[2], &b.First)
		_, _ = fmt.Sscan(os.Args[3], &b.Last)
		_, ok := c.claim(b)
		fmt.Println(ok)
		_, _ = io.Copy(io.Discard, os.Stdin)
		return
	}
	os.Exit(m.Run())
}

// other is another formation that has claimed some ports, if it could.
func other(t *testing.T, first, last int) (p *os.Process, ok bool) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, claimer, fmt.Sprint(first), fmt.Sprint(last))
	in, _ := c.StdinPipe()
	out, _ := c.StdoutPipe()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close(); _ = c.Wait() })
	said, _ := bufio.NewReader(out).ReadString('\n')
	return c.Process, said == "true\n"
}

// inDirectories gives the test directories of its own. What is in /tmp it shares with all other
// tests, so it uses ports that no formation has.
func inDirectories(t *testing.T) {
	t.Helper()
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	t.Setenv("TMPDIR", t.TempDir())
}

const beyond = 1 << 20 // all ports

func TestClaims(t *testing.T) {
	inDirectories(t)
	first := beyond + 1000*(os.Getpid()%10000)
	block := func(from, to int) Block { return Block{First: first + from, Last: first + to} }
	p, ok := other(t, first+100, first+299)
	if !ok {
		t.Fatal("the ports are claimed already")
	}
	if _, ok := other(t, first+299, first+300); ok {
		t.Error("somebody else could claim one of the ports as well")
	}
	for _, use := range []Use{Look, Take} {
		c := Open(use)
		if len(c.files) < 2 {
			t.Errorf("there are %d files", len(c.files))
		}
		for _, b := range []Block{block(0, 100), block(299, 300), block(150, 160), block(0, 999)} {
			by, ok := c.claim(b)
			if want := (Obstacle{Block: block(100, 299), Claimer: p.Pid}); ok || by != want {
				t.Errorf("%v: %+v, %v, want %+v", b, by, ok, want)
			}
		}
		for _, b := range []Block{block(0, 99), block(300, 300)} {
			if by, ok := c.claim(b); !ok {
				t.Errorf("%v cannot be had: %+v", b, by)
			}
		}
		c.Close()
	}
	// The same ports of another network are others.
	c := Open(Take)
	c.namespace += 1 << 16
	if by, ok := c.claim(block(100, 299)); !ok {
		t.Errorf("in another network: %+v", by)
	}
	c.Close()
	if err := p.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_, _ = p.Wait()
	c = Open(Take)
	defer c.Close()
	if by, ok := c.claim(block(100, 299)); !ok {
		t.Errorf("after its end: %+v", by)
	}
	if _, ok := other(t, first+299, first+400); ok {
		t.Error("what was claimed could be claimed by somebody else")
	}
	c.drop(block(100, 299))
	if _, ok := other(t, first+299, first+400); !ok {
		t.Error("what was given back cannot be claimed")
	}
}

// TestClaimsElsewhere wants formations to know of each other that have been started with other
// directories for what is temporary, as those of cron and of a login have.
func TestClaimsElsewhere(t *testing.T) {
	if _, err := os.Stat("/tmp"); err != nil {
		t.Skip(err)
	}
	inDirectories(t)
	first := beyond + 1000*(os.Getpid()%10000) + 500
	if _, ok := other(t, first, first); !ok {
		t.Fatal("the port is claimed already")
	}
	inDirectories(t)
	c := Open(Take)
	defer c.Close()
	if _, ok := c.claim(Block{First: first, Last: first}); ok {
		t.Error("the port can be had")
	}
}

// TestNoDirectories chooses where nothing can be written.
func TestNoDirectories(t *testing.T) {
	var none Claims
	none.use = Take
	if _, ok := none.Choose(Wish{Root: "/", Base: 20000, Ports: 1}); !ok {
		t.Error("there are no ports")
	}
	file := filepath.Join(t.TempDir(), fileName)
	if err := os.Mkdir(file, 0o700); err != nil { // that is no file
		t.Fatal(err)
	}
	t.Setenv("XDG_RUNTIME_DIR", file)
	c := Open(Take)
	defer c.Close()
	if _, ok := c.claim(Block{First: beyond, Last: beyond}); !ok {
		t.Error("there are no ports")
	}
}
