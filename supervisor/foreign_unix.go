//go:build unix

package supervisor

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// foreignOwner names the user that a process runs as, if it may not be signalled: what is
// set-user-ID, such as sudo, and all that it starts. Empty: it may.
func foreignOwner(pid int) string {
	if !errors.Is(syscall.Kill(pid, 0), syscall.EPERM) {
		return ""
	}
	info, err := os.Stat(fmt.Sprintf("/proc/%d", pid))
	if err != nil {
		return "another user"
	}
	uid := strconv.FormatUint(uint64(info.Sys().(*syscall.Stat_t).Uid), 10)
	if u, err := user.LookupId(uid); err == nil {
		return u.Username
	}
	return "user " + uid
}
