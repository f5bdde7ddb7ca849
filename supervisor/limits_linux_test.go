package supervisor

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
)

// TestTooLong agrees with the kernel, to the byte.
func TestTooLong(t *testing.T) {
	one := stringLimit()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	long := func(n int) string { return strings.Repeat("s", n) }
	many := func(n int) (environ []string) {
		for i := range n {
			environ = append(environ, fmt.Sprintf("V%04d=%s", i, long(10_000)))
		}
		return append(environ, "LARGEST="+long(20_000))
	}
	for name, test := range map[string]struct {
		args, env []string
		want      string
	}{
		"nothing":      {[]string{"true"}, nil, ""},
		"longest":      {[]string{"true", long(one - 1)}, []string{"A=" + long(one-3)}, ""},
		"argument":     {[]string{"true", long(one)}, nil, "the command has an argument of 131072 bytes: the system allows at most 131071"},
		"variable":     {[]string{"true"}, []string{"A=" + long(one-2)}, "A is 131072 bytes long with its name: the system allows at most 131071 in one variable"},
		"all of it":    {[]string{"true"}, many(1000), "LARGEST alone has 20008"},
		"not quite so": {[]string{"true"}, many(10), ""},
	} {
		c := &Command{Args: test.args, Env: test.env, Dir: "/", Files: [3]*os.File{null, null, null}}
		if got := c.TooLong(); !strings.Contains(got, test.want) || (got == "") != (test.want == "") || strings.Contains(got, "ss") {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
		pid, err := Spawn(c)
		if (err != nil) != (test.want != "") || err != nil && (!errors.Is(err, syscall.E2BIG) || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			var status syscall.WaitStatus
			_, _ = syscall.Wait4(pid, &status, 0, nil)
		}
	}
}
