package supervisor

import (
	"errors"
	"math/bits"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A process can be the reaper of all its descendants (procctl(2)): orphans come to it; the kernel lists
// the descendants, and from which of its children each comes, whatever they have done to hide that; and
// it kills the descendants of one child without letting any of them fork away.

// reaps says that orphans of the formation come to reeve.
var reaps bool

// The commands of procctl(2), from sys/procctl.h.
const (
	reapAcquire = 2
	reapStatus  = 4
	reapPids    = 5
	reapKill    = 6
)

// adoptOrphans makes orphans among reeve's descendants its children, instead of init's.
func adoptOrphans() {
	err := procctl(reapAcquire, nil)
	reaps = err == nil || errors.Is(err, unix.EBUSY) // it is one already
}

// procctl calls procctl(2) for this process. Its second argument has 64 bits, so this works on 64-bit
// machines only.
func procctl(command uintptr, data unsafe.Pointer) error {
	if bits.UintSize != 64 {
		return unix.ENOSYS
	}
	const pid = 0 // P_PID
	_, _, errno := unix.Syscall6(unix.SYS_PROCCTL, pid, uintptr(os.Getpid()), command, uintptr(data), 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// reaperStatus is struct procctl_reaper_status.
type reaperStatus struct {
	flags, children, descendants uint32
	reaper, pid                  int32
	_                            [15]uint32
}

// descendant is struct procctl_reaper_pidinfo.
type descendant struct {
	pid, tree int32
	flags     uint32
	_         [15]uint32
}

// The flags of a descendant.
const (
	isListed = 1 << iota
	isChild
)

// reaperPids is struct procctl_reaper_pids.
type reaperPids struct {
	count uint32
	_     [15]uint32
	pids  *descendant
}

// reaperKill is struct procctl_reaper_kill.
type reaperKill struct {
	signal  int32
	flags   uint32
	tree    int32
	killed  uint32
	failing int32
	_       [15]uint32
}

// descendants are all processes that descend from reeve.
func descendants() []descendant {
	if !reaps {
		return nil
	}
	var status reaperStatus
	if procctl(reapStatus, unsafe.Pointer(&status)) != nil {
		return nil
	}
	for room := int(status.descendants) + 64; ; room *= 2 {
		list := make([]descendant, room)
		if procctl(reapPids, unsafe.Pointer(&reaperPids{count: uint32(room), pids: &list[0]})) != nil {
			return nil
		}
		for n, d := range list {
			if d.flags&isListed == 0 {
				return list[:n]
			}
		}
	}
}

// children lists reeve's children.
func (p *Processes) children() (pids []int) {
	for _, d := range descendants() {
		if d.flags&isChild != 0 {
			pids = append(pids, int(d.pid))
		}
	}
	return pids
}

// treesOf maps each descendant to the child of reeve's that it comes from. That child's pid is not used again
// while any of its descendants is left.
func treesOf() map[int]int {
	trees := map[int]int{}
	for _, d := range descendants() {
		trees[int(d.pid)] = int(d.tree)
	}
	return trees
}

// killTree kills all descendants of a child of reeve's.
func killTree(child int) {
	if !reaps {
		return
	}
	const subtree = 2
	_ = procctl(reapKill, unsafe.Pointer(&reaperKill{signal: int32(syscall.SIGKILL), flags: subtree, tree: int32(child)}))
}
