package supervisor

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/windows"

	"reeve/internal/cmdexe"
)

// invocation is a command in the form in which CreateProcess takes it.
type invocation struct {
	program *uint16 // its path
	line    *uint16 // the command line, of which the program makes its arguments
	environ []uint16
	dir     *uint16
	wrapped bool // the program is cmd.exe
}

// invocation makes it. What is no program, such as a batch file, is for cmd.exe.
func (c *Command) invocation(program string) (l invocation, err error) {
	line := c.Line
	l.wrapped = line != ""
	if line == "" {
		if ext := strings.ToLower(filepath.Ext(program)); ext != ".exe" && ext != ".com" {
			if line, err = cmdexe.Batch(program, c.Args[1:]); err != nil {
				return l, err
			}
			program, l.wrapped = Shell(), true
		} else {
			line = windows.ComposeCommandLine(c.Args)
		}
	}
	var errs [4]error
	l.program, errs[0] = windows.UTF16PtrFromString(program)
	l.line, errs[1] = windows.UTF16PtrFromString(line)
	l.dir, errs[2] = windows.UTF16PtrFromString(c.Dir)
	l.environ, errs[3] = environmentBlock(c.Env)
	return l, errors.Join(errs[:]...)
}

// Shell is the path of cmd.exe: Windows' own, whatever the environment says.
func Shell() string {
	dir, _ := windows.GetSystemDirectory()
	return filepath.Join(dir, "cmd.exe")
}

// environmentBlock is an environment as CreateProcess takes it: each key once, whatever its case, and
// the last one wins; sorted, as Windows itself sorts them; and with SystemRoot, without which many
// programs cannot even start.
func environmentBlock(environ []string) ([]uint16, error) {
	last := map[string]string{}
	for _, entry := range environ {
		key, _, ok := strings.Cut(entry, "=")
		if !ok || key == "" {
			continue
		}
		last[strings.ToUpper(key)] = entry
	}
	if _, ok := last["SYSTEMROOT"]; !ok {
		if dir, set := syscall.Getenv("SystemRoot"); set {
			last["SYSTEMROOT"] = "SystemRoot=" + dir
		}
	}
	keys := make([]string, 0, len(last))
	for key := range last {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	var block []uint16
	for _, key := range keys {
		entry, err := windows.UTF16FromString(last[key])
		if err != nil {
			return nil, errors.New("a variable of the environment has a NUL character: " + key)
		}
		block = append(block, entry...)
	}
	return append(block, 0, 0), nil
}
