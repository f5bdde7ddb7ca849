package slot

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
)

// claimer is the argument by which the test binary is another formation: it claims a block, says
// whether it could, and keeps it until its standard input ends.
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

// A claim keeps others from any part of a block, whether they look or take, and ends with its
// process.
func TestClaims(t *testing.T) {
	t.Setenv("LOCALAPPDATA", t.TempDir())
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	other := exec.Command(self, claimer, "5100", "5299")
	end, _ := other.StdinPipe()
	out, _ := other.StdoutPipe()
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	if said, _ := bufio.NewReader(out).ReadString('\n'); said != "true\n" {
		t.Fatalf("the ports are claimed already: %q", said)
	}
	for _, use := range []Use{Look, Take} {
		c := Open(use)
		c.lock()
		for b, want := range map[Block]bool{{0, 5000, 5099}: true, {1, 5100, 5199}: false, {2, 5200, 5399}: false, {3, 5300, 5399}: true} {
			if by, ok := c.claim(b); ok != want || !ok && by.Block != b {
				t.Errorf("%v: %+v, %v", b, by, ok)
			}
		}
		c.unlock()
		c.Close()
	}
	_ = other.Process.Kill()
	_ = other.Wait()
	_ = end.Close()
	c := Open(Take)
	defer c.Close()
	if by, ok := c.claim(Block{1, 5100, 5199}); !ok {
		t.Errorf("after its end: %+v", by)
	}
}
