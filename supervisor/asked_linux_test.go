package supervisor

import (
	"os"
	"slices"
	"strconv"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestWithoutProc stops runs where there is no /proc: with the leader alive, and after it.
func TestWithoutProc(t *testing.T) {
	before := hasProc
	hasProc = func() bool { return false }
	defer func() { hasProc = before }()
	t.Run("StopReachesEverybody", TestStopReachesEverybody)
	t.Run("NothingIsLeftBehind", TestNothingIsLeftBehind)
	t.Run("RunsAreKeptApart", TestRunsAreKeptApart)
	t.Run("StopWakesTheLeader", func(t *testing.T) {
		s := newLab(t).start("obey leader")
		s.meet("leader")
		s.signal(syscall.SIGSTOP)
		eventually(t, "stopped", func() bool { return stateOfChild(s.pid) == 'T' })
		s.askFirst()
		s.gone()
	})
	t.Run("Close", TestClose)
	t.Run("OldChildren", TestOldChildren)
}

// TestAskedTable compares what is known without /proc with what /proc says.
func TestAskedTable(t *testing.T) {
	s := newLab(t).start("spawn group obey group", "spawn session obey session", "spawn daemon obey daemon", "obey leader")
	s.meet("leader", "group", "session", "daemon")
	asked := askedTable([]int{os.Getpid()})
	shown, _ := processTable()
	for name, pid := range s.pids {
		got, want := asked[pid], shown[pid]
		want.start, want.state, want.name = 1, '?', ""
		if want.ppid != os.Getpid() {
			want.ppid = unknownParent
		}
		if got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
		thread := 0
		for _, entry := range must(os.ReadDir("/proc/" + strconv.Itoa(pid) + "/task")) {
			if entry.Name() != strconv.Itoa(pid) {
				thread = must(strconv.Atoi(entry.Name()))
			}
		}
		if _, listed := asked[thread]; listed || thread == 0 {
			t.Errorf("thread %d of %s is in the table", thread, name)
		}
	}
	s.ask()
	check(unix.Waitid(unix.P_PID, s.pid, nil, unix.WEXITED|unix.WNOWAIT, nil))
	if isProcess(s.pid) || !isChild(s.pid) {
		t.Error("one that waits to be reaped is no child, or is a process")
	}
	s.gone()
	if isProcess(s.pid) || isChild(s.pid) || isChild(os.Getpid()) || isChild(1) {
		t.Error("strangers are children")
	}
}

func TestPidsAfter(t *testing.T) {
	for _, tt := range []struct {
		anchors    []int
		has, lacks []int
	}{
		{[]int{2}, []int{2, 3, 65537}, []int{1, 65538}},
		{[]int{100}, []int{2, 99, 100, 65635}, []int{1, 65636}},
		{[]int{200, -1, 100}, []int{2, 100, 200, 65735}, []int{0, 1, 65736}},
		{[]int{1_000_000, 50_000}, []int{2, 32767, 50_000, 115_535, 1_000_000, 1_065_535}, []int{32768, 49_999, 115_536, 999_999, 1_065_536}},
	} {
		pids := slices.Collect(pidsAfter(tt.anchors))
		for _, pid := range tt.has {
			if !slices.Contains(pids, pid) {
				t.Errorf("%v: %d is missing", tt.anchors, pid)
			}
		}
		for _, pid := range tt.lacks {
			if slices.Contains(pids, pid) {
				t.Errorf("%v: %d is there", tt.anchors, pid)
			}
		}
		if !slices.IsSorted(pids) || len(slices.Compact(slices.Clone(pids))) != len(pids) {
			t.Errorf("%v: not each once", tt.anchors)
		}
	}
}
