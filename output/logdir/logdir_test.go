package logdir

import (
	"os"
	"strings"
	"testing"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	p, err := os.ReadFile(path)
	check(t, err)
	return string(p)
}

// newFile begins a file of a directory.
func newFile(t *testing.T, d *Dir) *File {
	t.Helper()
	if d.Path == "" {
		d.Path = t.TempDir()
	}
	f := d.File("web.1.log")
	t.Cleanup(func() { f.Close(); d.Close() })
	return f
}

func (f *File) mustAppend(t *testing.T, lines string) {
	t.Helper()
	if rest, err := f.Append([]byte(lines)); err != nil || len(rest) > 0 {
		t.Fatalf("%q is left: %v", rest, err)
	}
}

// names are those of the files in a directory, but for the lock.
func names(t *testing.T, dir string) string {
	t.Helper()
	all, err := os.ReadDir(dir)
	check(t, err)
	var found []string
	for _, e := range all {
		if e.Name() != lockName {
			found = append(found, e.Name())
		}
	}
	return strings.Join(found, " ")
}

func TestRotate(t *testing.T) {
	tests := []struct {
		size, keep int
		before     map[string]string
		append     []string
		want       map[string]string
	}{
		{size: 0, keep: 3, append: []string{"one\n", "two\nthree\n"}, want: map[string]string{"": "one\ntwo\nthree\n"}},
		{size: 8, keep: 3, append: []string{"one\ntwo\n", "three\n"}, want: map[string]string{"": "three\n", ".1": "one\ntwo\n"}},
		{size: 8, keep: 2, append: []string{"1111111\n2222222\n3333333\n4444444\n"},
			want: map[string]string{"": "4444444\n", ".1": "3333333\n", ".2": "2222222\n"}},
		{size: 8, keep: 0, append: []string{"1111111\n2222222\n"}, want: map[string]string{"": "2222222\n"}},
		// A line that is longer than a file has one of its own.
		{size: 4, keep: 3, append: []string{"1\n", "long line\n2\n"}, want: map[string]string{"": "2\n", ".1": "long line\n", ".2": "1\n"}},
		{size: 1, keep: 1, append: []string{"\n\n"}, want: map[string]string{"": "\n", ".1": "\n"}},
		// It goes on with what is there, as far as that goes.
		{size: 8, keep: 3, before: map[string]string{"": "one\n"}, append: []string{"two\n", "six\n"},
			want: map[string]string{"": "six\n", ".1": "one\ntwo\n"}},
		{size: 8, keep: 3, before: map[string]string{"": "very long\n"}, append: []string{"one\n"},
			want: map[string]string{"": "one\n", ".1": "very long\n"}},
		// Nothing goes while a name is free.
		{size: 4, keep: 3, before: map[string]string{"": "new\n", ".1": "1\n", ".3": "3\n"}, append: []string{"one\n"},
			want: map[string]string{"": "one\n", ".1": "new\n", ".2": "1\n", ".3": "3\n"}},
		// What another run has kept, which kept more, goes.
		{size: 4, keep: 1, before: map[string]string{"": "new\n", ".1": "1\n", ".2": "2\n", ".3": "3\n", ".5": "5\n"}, append: []string{"one\n"},
			want: map[string]string{"": "one\n", ".1": "new\n", ".5": "5\n"}},
		// A line without its end gets one.
		{size: 0, keep: 3, before: map[string]string{"": "torn"}, append: []string{"one\n"}, want: map[string]string{"": "torn\none\n"}},
	}
	for _, test := range tests {
		d := &Dir{Size: test.size, Keep: test.keep}
		f := newFile(t, d)
		for end, text := range test.before {
			check(t, os.WriteFile(f.path+end, []byte(text), 0o600))
		}
		for _, lines := range test.append {
			f.mustAppend(t, lines)
		}
		for end, want := range test.want {
			if got := read(t, f.path+end); got != want {
				t.Errorf("%+v: %q has %q, want %q", test, end, got, want)
			}
		}
		if got := strings.Fields(names(t, d.Path)); len(got) != len(test.want) {
			t.Errorf("%+v: there are %v", test, got)
		}
	}
}
