package supervisor

import (
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"testing"
	"time"
)

// act is one of the programs that the tests run, and reports whether there is one of that name.
func act(name string) bool {
	switch name {
	case "spin":
		for began := time.Now(); time.Since(began) < time.Minute; {
		}
	case "family": // of which the parent ends
		child := exec.Command(programOfTest(), "stubborn")
		child.Stdout = os.Stdout
		return child.Start() == nil
	case "stubborn":
		signal.Notify(make(chan os.Signal, 1), os.Interrupt)
		_, _ = os.Stdout.WriteString("here\n")
		time.Sleep(time.Minute)
	default:
		return false
	}
	return true
}

func programOfTest() string {
	path, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return path
}

// startProgram starts the test as one of its programs, and gives what it writes.
func startProgram(t *testing.T, p *Processes, what string) (pid int, out io.Reader) {
	t.Helper()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = r.Close(), null.Close() })
	p.Begin = func(Spec) (int, error) {
		return Spawn(&Command{Args: []string{programOfTest(), what}, Env: os.Environ(), Dir: t.TempDir(), Files: [3]*os.File{null, w, null}})
	}
	pid, err = p.Start(Spec{Name: what + ".1", Type: what})
	if err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	return pid, r
}

// until waits until something holds, looking again whenever something has ended.
func until(t *testing.T, recheck <-chan os.Signal, holds func() bool) {
	t.Helper()
	for end := time.After(20 * time.Second); !holds(); {
		select {
		case <-recheck:
		case <-time.After(20 * time.Millisecond):
		case <-end:
			t.Fatal("waited in vain")
		}
	}
}

// TestUsage: processor time and memory of a run come from its job.
func TestUsage(t *testing.T) {
	recheck := make(chan os.Signal, 1)
	p := &Processes{Recheck: recheck}
	pid, _ := startProgram(t, p, "spin")
	until(t, recheck, func() bool {
		u := UsageOf([]int{pid})[pid]
		return u.CPU > 50*time.Millisecond && u.Memory > 1<<20
	})
	if members := Members([]int{pid, 1})[pid]; !slices.Contains(members, pid) {
		t.Errorf("its processes are %v", members)
	}
	p.Kill([]int{pid})
	var exits []Exit
	until(t, recheck, func() bool { exits = append(exits, p.Reap()...); return len(exits) > 0 })
	if exits[0].Pid != pid || exits[0].Status.ExitCode() != killedCode {
		t.Errorf("it has ended as %v", exits[0])
	}
	until(t, recheck, func() bool { gone, _ := p.Gone([]int{pid}); return len(gone) == 1 })
	if u := UsageOf([]int{pid}); len(u) > 0 {
		t.Errorf("when it is over it uses %v", u)
	}
}

// TestOrphan: a run goes on without its leader, is named, and ends with its job.
func TestOrphan(t *testing.T) {
	recheck := make(chan os.Signal, 1)
	p := &Processes{Recheck: recheck}
	pid, out := startProgram(t, p, "family")
	var exits []Exit
	until(t, recheck, func() bool { exits = append(exits, p.Reap()...); return len(exits) > 0 })
	if _, err := io.ReadFull(out, make([]byte, len("here\n"))); err != nil {
		t.Fatal(err)
	}
	p.Ask([]int{pid})
	if gone, bereft := p.Gone([]int{pid}); len(gone) > 0 || len(bereft) != 1 {
		t.Errorf("gone are %v, bereft %v", gone, bereft)
	}
	left := p.Left([]int{pid})[pid]
	if !slices.ContainsFunc(left, func(of Process) bool { return strings.EqualFold(of.Name, programOf(os.Getpid())) }) {
		t.Errorf("left are %v", left)
	}
	if met := p.Kill([]int{pid}); len(met) != 1 {
		t.Errorf("killing has met %v", met)
	}
	until(t, recheck, func() bool { gone, _ := p.Gone([]int{pid}); return len(gone) == 1 })
}

// TestCodeText explains what no program chooses.
func TestCodeText(t *testing.T) {
	for code, want := range map[int]string{
		3: "", 0xC0000005: " (0xC0000005, access violation)", 0xC000013A: " (0xC000013A, Ctrl-C)", 0xC0001234: " (0xC0001234)",
	} {
		if got := CodeText(code); got != want {
			t.Errorf("%d: %q", code, got)
		}
	}
}

// TestEnvironmentBlock has each variable once, the last one of several.
func TestEnvironmentBlock(t *testing.T) {
	block, err := environmentBlock([]string{"Path=a", "b=1", "PATH=c", "odd", "=C:=C:\\x", "SystemRoot=C:\\w"})
	text := strings.ReplaceAll(strings.TrimRight(string(utf16Runes(block)), "\x00"), "\x00", "|")
	if want := `b=1|PATH=c|SystemRoot=C:\w`; err != nil || text != want {
		t.Errorf("%q, %v; want %q", text, err, want)
	}
	if _, err := environmentBlock([]string{"A=b\x00c"}); err == nil {
		t.Error("a NUL is no error")
	}
}

func utf16Runes(block []uint16) (runes []rune) {
	for _, c := range block {
		runes = append(runes, rune(c))
	}
	return runes
}
