package supervisor

import (
	"os"

	"golang.org/x/sys/unix"
)

// stringLimit is the kernel's MAX_ARG_STRLEN, with the NUL at the end.
func stringLimit() int { return 32 * os.Getpagesize() }

// totalLimit is a quarter of the stack, within bounds that the kernel sets (see
// bprm_stack_limits in its fs/exec.c).
func totalLimit() int {
	const least, most = 128 << 10, 6 << 20
	var stack unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_STACK, &stack) != nil {
		return 0
	}
	return int(max(least, min(stack.Cur/4, most)))
}
