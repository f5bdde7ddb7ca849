package kinfo

import (
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// made is a struct as the kernel would make it.
type made []byte

func (m made) word(at int, value int) made {
	binary.NativeEndian.PutUint32(m[at:], uint32(value))
	return m
}

func (m made) long(at int, value int) made {
	binary.NativeEndian.PutUint64(m[at:], uint64(value))
	return m
}

func (m made) text(at int, value string) made {
	copy(m[at:], value)
	return m
}

func TestDarwin(t *testing.T) {
	const nobody = 0xdeadbeef // what must not be taken for anything
	one := make(made, 648).long(0, 1_700_000_000).word(8, 250_000).word(12, nobody).
		word(40, 4711).word(560, 1).word(564, 4700).text(36, "\x04").
		text(243, "a name of 16 byt\x00rest").word(232, 1<<(syscall.SIGHUP-1)).word(236, 1<<(syscall.SIGTERM-1))
	zombie := make(made, 648).word(40, 4712).text(36, "\x05").text(243, "gone")
	all, err := darwin.parse(slices.Concat(one, zombie), 16384)
	if err != nil {
		t.Fatal(err)
	}
	want := Process{
		Pid: 4711, Parent: 1, Group: 4700, State: 'T', Start: 1_700_000_000_250_000, Name: "a name of 16 byt",
		heard: 1<<(syscall.SIGHUP-1) | 1<<(syscall.SIGTERM-1),
	}
	if all[0] != want || !all[1].Ended() || all[1].Name != "gone" {
		t.Errorf("got  %+v\nwant %+v", all, want)
	}
}

func TestFreeBSD(t *testing.T) {
	one := make(made, 1088).word(0, 1088).word(72, 4711).word(76, 99).word(80, 4700).word(88, 4699).
		long(336, 1_700_000_000).long(344, 250_000).text(388, "\x03").text(447, "a name of nineteen.").
		word(152, 1<<(syscall.SIGINT-1)).word(136, 1<<(syscall.SIGHUP-1)).word(120, 1<<(syscall.SIGTERM-1)).
		long(264, 10).long(328, 3_000_000).long(352, 2).long(360, 500_000)
	all, err := freebsd.parse(one, 4096)
	if err != nil {
		t.Fatal(err)
	}
	want := Process{
		Pid: 4711, Parent: 99, Group: 4700, Session: 4699, State: 'S', Start: 1_700_000_000_250_000, Name: "a name of nineteen.",
		CPU: 5500 * time.Millisecond, Memory: 40960,
		heard: 1<<(syscall.SIGINT-1) | 1<<(syscall.SIGHUP-1) | 1<<(syscall.SIGTERM-1),
	}
	if all[0] != want {
		t.Errorf("got  %+v\nwant %+v", all[0], want)
	}
	for name, table := range map[string]made{
		"of a 32-bit kernel": make(made, 768),
		"cut off":            one[:1000],
		"a later one":        make(made, 1088).word(0, 1096),
		"neither":            make(made, 1088),
	} {
		if all, err := freebsd.parse(table, 4096); err != errLayout {
			t.Errorf("%s: %v, %v", name, all, err)
		}
	}
	if all, err := freebsd.parse(nil, 4096); err != nil || len(all) != 0 {
		t.Error(all, err)
	}
	one.text(388, "\x99")
	if all, _ := freebsd.parse(one, 4096); all[0].State != '?' {
		t.Errorf("a state that is not known: %q", all[0].State)
	}
}

func TestEnvironment(t *testing.T) {
	arguments := func(n int, rest string) string {
		return string(make(made, 4).word(0, n)) + rest
	}
	for _, tt := range []struct {
		memory string
		want   []string
	}{
		{arguments(2, "/bin/x\x00\x00\x00x\x00-v\x00A=1\x00REEVE_RUN=f/web.1\x00\x00ptr_munge=\x00"), []string{"A=1", "REEVE_RUN=f/web.1"}},
		{arguments(2, "/bin/x\x00x\x00\x00A=\x00B=2\x00"), []string{"A=", "B=2"}}, // an argument is empty
		{arguments(1, "/bin/x\x00x\x00"), nil}, // left out
		{arguments(1, "/bin/x\x00x\x00A=1"), []string{"A=1"}},
		{arguments(9, "/bin/x"), nil},
		{arguments(-1, "/bin/x\x00A=1\x00"), []string{"A=1"}},
		{"", nil},
		{"abc", nil},
	} {
		if got := afterArguments([]byte(tt.memory)); !slices.Equal(got, tt.want) {
			t.Errorf("%q: %q, want %q", tt.memory, got, tt.want)
		}
	}
	if got := variables("A=1\x00B=\x00"); !slices.Equal(got, []string{"A=1", "B="}) {
		t.Errorf("%q", got)
	}
}

// TestFirst asks made-up runs to stop. 10 is the leader; ! is who hears the signal, z who has
// ended.
func TestFirst(t *testing.T) {
	for _, tt := range []struct{ name, table, want string }{
		{"a program alone", "10<1!", "10"},
		{"a shell and its program", "10<1 11<10!", "10 11"},
		{"a shell that has a trap", "10<1! 11<10!", "10"},
		{"shells", "10<1 11<10 12<11 13<12! 14<13", "10 11 12 13"},
		{"a pipeline", "10<1 11<10! 12<10!", "10"},
		{"one that has ended", "10<1 11<10z 12<10!", "10 12"},
		{"a leader that has ended", "10<1z 11<10", ""},
		{"nobody", "11<1", ""},
		{"a ring, if that could be", "10<11 11<10", strings.TrimSpace(strings.Repeat("10 11 ", mostFirst/2))},
	} {
		table := map[int]Process{}
		for field := range strings.FieldsSeq(tt.table) {
			var p Process
			pid, rest, _ := strings.Cut(field, "<")
			p.Pid, _ = strconv.Atoi(pid)
			p.Parent, _ = strconv.Atoi(strings.TrimRight(rest, "!z"))
			if strings.HasSuffix(rest, "!") {
				p.heard = 1 << (syscall.SIGTERM - 1)
			}
			if strings.HasSuffix(rest, "z") {
				p.State = ended
			}
			table[p.Pid] = p
		}
		var got []string
		for _, p := range First(table, 10, syscall.SIGTERM) {
			got = append(got, strconv.Itoa(p.Pid))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func FuzzEnvironment(f *testing.F) {
	f.Add([]byte("\x01\x00\x00\x00/bin/x\x00\x00x\x00A=1\x00\x00"))
	f.Fuzz(func(t *testing.T, memory []byte) {
		if got := afterArguments(memory); slices.Contains(got, "") {
			t.Errorf("%q", got)
		}
	})
}
