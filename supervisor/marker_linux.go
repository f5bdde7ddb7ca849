package supervisor

import (
	"bytes"
	"hash/fnv"
	"iter"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Every process of a formation inherits a marker, by which it is known when it has left its
// session and its parents have ended. There are three copies, since each can be lost, and
// nothing loses all of them by accident:
//
//   - MarkerKey in the environment. A program that shows a title in ps (nginx) overwrites
//     the environment that others can read, and env -i starts without.
//   - The soft limit of file locks (RLIMIT_LOCKS), which Linux has not heeded since 2.4.25,
//     so that it changes nothing. PAM may reset it (su, sudo).
//   - The timer slack, some microseconds over the usual 50. Only root can read that of
//     others, but only root can signal what su has made somebody else's.

// markerFormat tells the limits that are markers from those that somebody has set: a marker is at
// least this and less than twice of it, which nobody wants of a limit.
const markerFormat = 1 << 62

// limit is the marker as a limit: the formation above, the instance below.
func (m marker) limit() uint64 {
	const bits = 31
	return markerFormat | hash(m.formation, bits)<<bits | hash(m.formation+"/"+m.instance, bits)
}

// ofOneFormation reports whether two limits are markers of the same formation.
func ofOneFormation(a, b uint64) bool { return a>>31 == b>>31 }

// usualSlack is what every process has that nobody has given another, in nanoseconds.
const usualSlack = 50_000

// slack is the marker as timer slack. There are not enough of these for all formations, so
// this copy counts only where no other one is left.
func (m marker) slack() uint64 { return usualSlack + 1 + hash(m.formation+"/"+m.instance, 13) }

// hash makes some bits of a text.
func hash(text string, bits int) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text))
	sum := h.Sum64()
	return (sum ^ sum>>32) & (1<<bits - 1)
}

// inherit makes what is forked by this thread have the marker of its environment from its
// first moment, or none if none is there, until it is called off.
func inherit(environ []string) (callOff func()) {
	var before unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_LOCKS, &before) != nil {
		return func() {}
	}
	limit, slack := unix.Rlimit{Cur: before.Max, Max: before.Max}, uint64(usualSlack)
	if m, ok := markerAmong(environ); ok {
		limit.Cur, slack = m.limit(), m.slack()
	}
	slackBefore, _ := unix.PrctlRetInt(unix.PR_GET_TIMERSLACK, 0, 0, 0, 0)
	_ = unix.Setrlimit(unix.RLIMIT_LOCKS, &limit)
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, uintptr(slack), 0, 0, 0)
	return func() {
		_ = unix.Setrlimit(unix.RLIMIT_LOCKS, &before)
		_ = unix.Prctl(unix.PR_SET_TIMERSLACK, uintptr(slackBefore), 0, 0, 0)
	}
}

// markers are those of some runs of one formation, by each of which one finds the run.
type markers struct {
	formation      string
	names          map[string]int
	limits, slacks map[uint64]int
}

func markersOf(formation string, runs iter.Seq2[int, *run]) *markers {
	m := &markers{formation, map[string]int{}, map[uint64]int{}, map[uint64]int{}}
	for pid, r := range runs {
		of := marker{formation, r.Name}
		m.names[r.Name], m.limits[of.limit()], m.slacks[of.slack()] = pid, pid, pid
	}
	return m
}

// ownerOf tells whose a process is by what is left of its marker. When it began tells nothing.
func (m *markers) ownerOf(pid int, _ uint64) owner {
	if limit := limitOf(pid); limit != 0 {
		if !ofOneFormation(limit, marker{formation: m.formation}.limit()) {
			return nobody
		}
		return ownerIn(m.limits, limit)
	}
	if of, ok := markerIn(pid); ok {
		if of.formation != m.formation {
			return nobody
		}
		return ownerIn(m.names, of.instance)
	}
	if run, ok := m.slacks[slackOf(pid)]; ok {
		return owner{ofRun, run}
	}
	return nobody
}

// markerIn reads the marker in a process's environment.
func markerIn(pid int) (m marker, ok bool) {
	environ := readAll("/proc/" + strconv.Itoa(pid) + "/environ")
	if !bytes.Contains(environ, []byte(MarkerKey+"=")) {
		return marker{}, false
	}
	return markerAmong(strings.Split(string(environ), "\x00"))
}

// limitOf reads the marker that is a process's limit of file locks. 0: it has none. The
// system call works without a /proc, which knows the limits of everybody.
func limitOf(pid int) uint64 {
	var limit unix.Rlimit
	if err := unix.Prlimit(pid, unix.RLIMIT_LOCKS, nil, &limit); err != nil {
		limit.Cur = shownLimit(pid)
	}
	if limit.Cur < markerFormat || limit.Cur >= 2*markerFormat {
		return 0
	}
	return limit.Cur
}

// shownLimit reads the same limit in /proc.
func shownLimit(pid int) uint64 {
	text := readAll("/proc/" + strconv.Itoa(pid) + "/limits")
	for line := range bytes.Lines(text) {
		if numbers, ok := bytes.CutPrefix(line, []byte("Max file locks ")); ok {
			soft, _, _ := strings.Cut(strings.TrimSpace(string(numbers)), " ")
			limit, _ := strconv.ParseUint(soft, 10, 64) // or "unlimited"
			return limit
		}
	}
	return 0
}

// slackOf reads a process's timer slack. 0: one may not.
func slackOf(pid int) uint64 {
	text := readAll("/proc/" + strconv.Itoa(pid) + "/timerslack_ns")
	slack, _ := strconv.ParseUint(string(bytes.TrimSpace(text)), 10, 64)
	return slack
}
