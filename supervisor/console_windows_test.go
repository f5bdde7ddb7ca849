package supervisor

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/windows"

	"reeve/supervisor/terminal"
)

// onConsole is the argument by which the test binary is a program that talks to its console.
const onConsole = "on-console"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == onConsole {
		talk()
		return
	}
	if len(os.Args) > 1 && act(os.Args[1]) {
		return
	}
	os.Exit(m.Run())
}

// talk uses the console by its name: in Wine it is not among the standard files.
func talk() {
	out, outErr := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	in, inErr := os.OpenFile("CONIN$", os.O_RDWR, 0)
	if outErr != nil || inErr != nil {
		os.Exit(1)
	}
	_, _ = fmt.Fprintln(out, "who is there")
	buf := make([]byte, 100)
	n, _ := in.Read(buf)
	_, _ = fmt.Fprintln(out, "it is", strings.TrimSpace(string(buf[:n])))
	os.Exit(5)
}

// A process has the console that is its own: what it writes there can be read, what is typed it reads,
// and there is an end when the console is closed.
func TestConsoleOfItsOwn(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs, err := terminal.Open(terminal.Size{Rows: 10, Columns: 40})
	if err != nil {
		t.Fatal(err)
	}
	drawn := os.NewFile(uintptr(ours), "terminal")
	c := &Command{Args: []string{self, onConsole}, Env: os.Environ(), Dir: t.TempDir()}
	c.OnTerminal(theirs)
	pid, err := Spawn(c)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := terminal.Duplicate(ours)
	if err != nil {
		t.Fatal(err)
	}
	var seen strings.Builder
	awaitText := func(text string) {
		t.Helper()
		for buf := make([]byte, 1000); !strings.Contains(seen.String(), text); {
			n, err := drawn.Read(buf)
			seen.Write(buf[:n])
			if err != nil {
				t.Fatalf("%v after %q", err, seen.String())
			}
		}
	}
	awaitText("who is there")
	if _, err := keys.WriteString("me\r"); err != nil {
		t.Fatal(err)
	}
	awaitText("it is me")
	of := childOf(pid)
	if code := of.wait(); code != 5 {
		t.Errorf("its exit code is %d", code)
	}
	_ = windows.CloseHandle(of.process)
	of.forget()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for buf, err := make([]byte, 1000), error(nil); err == nil; {
			_, err = drawn.Read(buf)
		}
	}()
	_ = theirs.Close()
	_ = theirs.Close() // which does nothing
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Error("there is no end of what is drawn")
	}
	if _, err := terminal.Duplicate(ours); err == nil {
		t.Error("one can still type")
	}
}
