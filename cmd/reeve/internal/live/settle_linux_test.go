package live

import (
	"slices"
	"strings"
	"testing"
)

func TestCleanMappings(t *testing.T) {
	const clean, written = "Size: 4 kB\nRss: 4 kB\nAnonymous:             0 kB\nVmFlags: rd mr\n", "Size: 4 kB\nAnonymous:             8 kB\n"
	smaps := strings.Join([]string{
		"00400000-008a5000 r-xp 00000000 fe:00 1234 /usr/bin/reeve\n" + clean,
		"008a5000-00d43000 r--p 004a5000 fe:00 1234 /usr/bin/my reeve\n" + clean,
		"00d43000-00daa000 rw-p 00943000 fe:00 1234 /usr/bin/reeve\n" + written,
		"00daa000-00dab000 r--p 00943000 fe:00 1234 /usr/bin/relocated\n" + written,
		"2fde45000000-2fde45800000 rw-p 00000000 00:00 0 \n" + clean,
		"7ffd5a9dc000-7ffd5a9de000 r-xp 00000000 00:00 0 [vdso]\n" + clean,
	}, "")
	want := []mapping{{0x400000, 0x8a5000}, {0x8a5000, 0xd43000}}
	if got := cleanMappings(smaps); !slices.Equal(got, want) {
		t.Errorf("%x, want %x", got, want)
	}
}

// TestSettle uses the program afterwards.
func TestSettle(t *testing.T) {
	for range 3 {
		settle()
		TestCleanMappings(t)
	}
}
