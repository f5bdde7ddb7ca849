package cmdexe

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestMain: the test is also the program that says which arguments have arrived.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "say" {
		fmt.Printf("%q", os.Args[2:])
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestArrives has cmd.exe hand arguments to a batch file, and that to a program.
func TestArrives(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	batch := filepath.Join(t.TempDir(), "a batch & file.cmd")
	if err := os.WriteFile(batch, []byte("@\""+self+"\" say %*\r\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Setenv("A", "expanded")
	all := [][]string{
		{"a", "b c", ""}, {`x\`, `x y\`, `\\`}, {"a&calc", "a|b", "<", ">", "(", ")", "^", "^^", "!A!", ";", ",", "="},
		{`a"b`}, {"é", "日本"},
	}
	if os.Getenv("WINEPREFIX") == "" { // whose cmd.exe reads %NAME:~,% in a way of its own
		all = append(all, []string{"%A%", "50%", "a%A%b", "%%A%%"})
	}
	for _, args := range all {
		line, err := Batch(batch, args)
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(filepath.Join(os.Getenv("SystemRoot"), "system32", "cmd.exe"))
		cmd.SysProcAttr = &syscall.SysProcAttr{CmdLine: line}
		out, err := cmd.CombinedOutput()
		if want := fmt.Sprintf("%q", args); err != nil || strings.TrimSpace(string(out)) != want {
			t.Errorf("got  %s, %v\nwant %s", out, err, want)
		}
	}
}
