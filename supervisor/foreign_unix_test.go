//go:build unix

package supervisor

import (
	"os"
	"testing"
)

func TestForeignOwner(t *testing.T) {
	if owner := foreignOwner(os.Getpid()); owner != "" {
		t.Errorf("this process is of %s", owner)
	}
	if os.Getuid() == 0 {
		t.Skip("root may signal everybody")
	}
	if owner := foreignOwner(1); owner != "root" && owner != "another user" {
		t.Errorf("process 1 is of %q", owner)
	}
}
