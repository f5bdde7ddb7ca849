package output

import (
	"bytes"
	"strings"
	"testing"
)

// What is saved and loaded shows what it has shown before.
func TestSavedHistory(t *testing.T) {
	r := startRecord(1<<12, NewText(TextOptions{}))
	web := r.begin("web", 1)
	r.brings(web, "one\ntwo\nunfini")
	r.says(Notice{Label: web.Label, Pid: 1, Event: "exited", Fields: []Field{{"code", 3}, {"of", []string{"a"}}}, Text: "web exited", Failure: true})
	r.ends(web)
	db := r.begin("db", 2)
	r.brings(db, string(numbered("db", 500))) // more than is kept
	r.brings(r.begin("web", 3), "three\nfour")
	r.says(Notice{Text: "the end"})
	r.close()
	var file bytes.Buffer
	check(t, r.Save(&file, 1<<20))
	whole := bytes.Clone(file.Bytes())
	loaded, err := LoadHistory(&file)
	check(t, err)
	for name, format := range map[string]func() Format{
		"text": func() Format { return NewText(TextOptions{Color: true, Palette: Basic}) }, "JSON": NewJSON,
	} {
		for _, q := range []Query{{Lines: -1}, {Lines: 3}, {Lines: -1, Follow: true}, {Lines: -1, Match: func(l Label) bool { return l.Name == "web" }}} {
			if got, want := shownBy(t, loaded, q, format()), shownBy(t, r.History, q, format()); got != want {
				t.Errorf("%s of %+v: got\n%s\nwant\n%s", name, q, got, want)
			}
		}
	}
	if !loaded.Has(func(l Label) bool { return l.Name == "db" }) {
		t.Error("db is not there")
	}
	for n := range len(whole) {
		if _, err := LoadHistory(bytes.NewReader(whole[:n])); err == nil {
			t.Fatalf("%d of %d bytes are taken for a history", n, len(whole))
		}
	}
}

// Of what is more than may be saved, the last is.
func TestSavedHistoryIsBounded(t *testing.T) {
	r := startRecord(1<<20, NewText(TextOptions{}))
	for i, name := range []string{"web", "db"} {
		s := r.begin(name, i+1)
		for range 100 {
			r.brings(s, string(numbered(name, 100)))
		}
	}
	r.close()
	var file bytes.Buffer
	check(t, r.Save(&file, 64<<10))
	if file.Len() > 66<<10 {
		t.Errorf("%d bytes are saved", file.Len())
	}
	loaded, err := LoadHistory(&file)
	check(t, err)
	got, all := shownBy(t, loaded, everything, NewJSON()), shownBy(t, r.History, everything, NewJSON())
	for _, name := range []string{`"web"`, `"db"`} {
		last := func(text string) string {
			i := strings.LastIndex(text, `"process":`+name)
			return text[i : i+strings.IndexByte(text[i:], '\n')]
		}
		if last(got) != last(all) {
			t.Errorf("the last of %s is %s, not %s", name, last(got), last(all))
		}
	}
}

func shownBy(t *testing.T, h *History, q Query, f Format) string {
	t.Helper()
	var out strings.Builder
	check(t, h.Write(t.Context(), q, f, func(p []byte) error {
		out.Write(p)
		return nil
	}))
	return out.String()
}

// Whatever stands in the file, it is a history or none.
func FuzzLoadHistory(f *testing.F) {
	r := startRecord(1<<12, NewText(TextOptions{}))
	r.brings(r.begin("web", 1), "one\ntwo\nunfinished")
	r.says(Notice{Text: "hello"})
	var file bytes.Buffer
	if err := r.Save(&file, 1<<20); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Fuzz(func(t *testing.T, file []byte) {
		if h, err := LoadHistory(bytes.NewReader(file)); err == nil {
			shownBy(t, h, Query{Lines: 2}, NewJSON())
			shownBy(t, h, everything, NewText(TextOptions{}))
		}
	})
}
