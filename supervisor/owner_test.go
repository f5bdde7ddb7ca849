//go:build unix

package supervisor

import (
	"fmt"
	"strings"
	"testing"
)

// TestOwners finds out whose the processes of made-up machines are. In them 10, 20 and 30
// are runs, 99 is who looks, 9 is a session that is older.
func TestOwners(t *testing.T) {
	const (
		nothing = "" // what the marker of a process can say, besides "10" for a run
		ours    = "ours"
	)
	for _, tt := range []struct {
		name  string
		table string         // pid, parent and session of each process, and group if that is another
		marks map[int]string // what their markers say
		want  string         // in the eyes of reeve, to which the orphans come
		guard string         // in those of its guardian: their orphans have come to 1; empty: the same
	}{
		{"leaders", "10<99/10 20<99/20", nil, "10:10 20:20", ""},
		{"children", "10<99/10 11<10/10 12<11/10", nil, "10:10 11:10 12:10", ""},
		{"orphans in the session", "31<99/30 32<31/30", nil, "31:30 32:30", ""},
		{"a session in the session", "10<99/10 11<10/11 12<11/12 13<12/12", nil, "10:10 11:10 12:10 13:10", ""},
		{"an orphan of another session", "11<99/11", map[int]string{11: "10"}, "11:10", ""},
		{"its children", "11<99/11 12<11/11 13<12/13", map[int]string{11: "10"}, "11:10 12:10 13:10", ""},
		{"the group alone", "11<99/9/10", nil, "11:10", ""},
		{"the session before the marker", "11<99/10", map[int]string{11: "20"}, "11:10", ""},
		{"the parent before the marker", "10<99/10 11<10/11", map[int]string{11: "20"}, "10:10 11:10", ""},
		{"an orphan without a marker", "11<99/11 12<11/12", nil, "11:? 12:?", "-"},
		{"an orphan of a run that is over", "11<99/11", map[int]string{11: ours}, "11:?", ""},
		{"the guardian", "5<99/5", map[int]string{5: "10"}, "-", ""},
		{"our own session", "7<99/9 8<7/9", nil, "-", ""},
		{"a session from outside the namespace", "7<99/0 8<0/0", nil, "-", ""},
		{"other people's processes", "2<0/0 3<2/0 50<1/50 51<50/50 52<51/52", map[int]string{51: "10"}, "-", ""},
		{"a stranger in a session whose number comes again", "50<1/50 51<50/10", nil, "-", "51:10"},
		{"a parent that has just gone", "11<12/11", map[int]string{11: "10"}, "11:10", ""},
		{"the session of a parent that has just gone", "11<12/10", nil, "11:10", ""},
		{"somebody's parent that has just gone", "11<12/11", nil, "-", ""},
		{"a ring, if that could be", "11<12/11 12<11/11", nil, "-", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := &family{
				isRun: func(pid int) bool { return pid == 10 || pid == 20 || pid == 30 },
				markedAs: func(pid int, _ uint64) owner {
					switch of := tt.marks[pid]; of {
					case nothing:
						return nobody
					case ours:
						return astray
					default:
						var run int
						fmt.Sscan(of, &run)
						return owner{ofRun, run}
					}
				},
				isOutside: func(session int) bool { return session == 9 || session == 0 },
			}
			f.procs, f.reaper, f.unmarked = tableOf(t, "1<0/1 99<1/9 "+tt.table), 99, astray
			f.owners = map[int]owner{99: nobody, 5: nobody}
			if got := show(f.all()); got != tt.want {
				t.Errorf("reeve: %s, want %s", got, tt.want)
			}
			if tt.guard == "" {
				tt.guard = tt.want
			}
			f.procs, f.reaper, f.unmarked = tableOf(t, "1<0/1 "+strings.ReplaceAll(tt.table, "<99/", "<1/")), 1, nobody
			f.owners = map[int]owner{1: nobody, 5: nobody}
			if got := show(f.all()); got != tt.guard {
				t.Errorf("guardian: %s, want %s", got, tt.guard)
			}
		})
	}
}

// show writes who belongs to whom, in the order of pids.
func show(owners map[int]owner) string {
	var all []string
	for pid := range 100 {
		switch o, ok := owners[pid]; {
		case !ok:
		case o == astray:
			all = append(all, fmt.Sprintf("%d:?", pid))
		default:
			all = append(all, fmt.Sprintf("%d:%d", pid, o.run))
		}
	}
	if len(all) == 0 {
		return "-"
	}
	return strings.Join(all, " ")
}

// tableOf reads "pid<parent/session …", each with its group if that is another.
func tableOf(t *testing.T, table string) map[int]proc {
	t.Helper()
	procs := map[int]proc{}
	for field := range strings.FieldsSeq(table) {
		var pr proc
		n, err := fmt.Sscanf(field, "%d<%d/%d/%d", &pr.pid, &pr.ppid, &pr.session, &pr.pgrp)
		if n == 3 {
			pr.pgrp = pr.session
		} else if n != 4 {
			t.Fatal(field, err)
		}
		procs[pr.pid] = pr
	}
	return procs
}
