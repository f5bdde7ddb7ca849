package export

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"text/template/parse"
	"time"

	"reeve/procfile/export/internal/template"
)

// TestPieces checks that each format has all that makes it whole.
func TestPieces(t *testing.T) {
	page, err := os.ReadFile("../../docs/export.md")
	if err != nil {
		t.Fatal(err)
	}
	tests, err := filepath.Glob("verify/*_test.go")
	if err != nil || len(tests) == 0 {
		t.Fatal("there are no tests in verify/: ", err)
	}
	var readers []byte
	for _, file := range tests {
		if filepath.Base(file) == "again_test.go" {
			continue // which has all formats, and lets nobody read what they write
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		readers = append(readers, text...)
	}
	for _, f := range Formats {
		t.Run(f.Name, func(t *testing.T) {
			for _, piece := range missingPieces(*f, string(page), string(readers)) {
				t.Errorf("%s lacks %s", f.Name, piece)
			}
		})
	}
}

// missingPieces are what a format has not.
func missingPieces(f Format, page, readers string) []string {
	golden := filepath.Join("testdata", "golden", f.Name)
	pieces := []struct {
		there bool
		what  string
	}{
		{f.Summary != "", "a Summary, for help and completion"},
		{f.usual != "", "the usual place of its files"},
		{f.next != "" || f.nextFor != nil, "what to do next with the files"},
		{f.pages != nil, "pages"},
		{f.holds != nil, "holds: which variables it can carry"},
		{len(f.owned) > 0, "the names of its files, owned"},
		{len(f.limits) > 0, "limits: what it cannot express"},
		{f.Cluster || f.logs != "" || f.userLogs == "", "a place for the logs of the system"},
		{len(f.Templates()) > 0, "templates/" + f.Name},
		{exists(golden + "/plain.txt"), golden + "/plain.txt: go test ./procfile/export -update"},
		{exists(golden + "/full.txt"), golden + "/full.txt: go test ./procfile/export -update"},
		{strings.Contains(page, "\n## "+f.Name+"\n"), "a section ## " + f.Name + " in docs/export.md"},
		{strings.Contains(page, "| [`"+f.Name+"`](#"+f.Name+") |"), "a row in the first table of docs/export.md"},
		{matches(`(?m)^\| .*`+"`"+f.Name+"`"+`.* \| .* \| .* \| .* \|$`, page), "a row in the table of docs/export.md that says who opens what"},
		{strings.Contains(page, "\n| `"+f.Name+"` | `"), "a row in the table of docs/export.md that lists templates"},
		{strings.Contains(readers, `"`+f.Name+`"`), "a test in verify/ that has its reader read it"},
	}
	var missing []string
	for _, p := range pieces {
		if !p.there {
			missing = append(missing, p.what)
		}
	}
	return missing
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func matches(expr, text string) bool { return regexp.MustCompile(expr).MatchString(text) }

// TestNames checks that nothing but a format's own file knows what it is called: what
// others must know of it is a field.
func TestNames(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	commands, err := filepath.Glob("../../cmd/reeve/export*.go")
	if err != nil || len(commands) == 0 {
		t.Fatal("there is nothing of reeve export: ", err)
	}
	for _, file := range append(files, commands...) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range Formats {
			asks := regexp.MustCompile(`(Name|Format) *[!=]= *"` + f.Name + `"|case .*"` + f.Name + `"`)
			if own := filepath.Base(file) == f.Name+".go"; !own && !strings.HasSuffix(file, "_test.go") && asks.Match(text) {
				t.Errorf("%s asks for the name of %s: make it a field of Format", file, f.Name)
			}
		}
	}
}

// TestViews checks that the templates of a format find all that they ask for, also where no
// test comes by, and that its view has nothing that none of them uses.
func TestViews(t *testing.T) {
	fields := map[string]bool{}
	for _, of := range []any{Page{}, App{}, Type{}, Instance{}, Variable{}, Watched{}, Probe{}, Socket{}, InittabLine{}, NomadCheck{}} {
		for _, field := range reflect.VisibleFields(reflect.TypeOf(of)) {
			fields[field.Name] = true
		}
	}
	for _, f := range Formats {
		known := map[string]bool{}
		for _, m := range slices.Concat(commonView(), f.viewed()) {
			known[m.Name] = true
		}
		used := map[string]bool{}
		for _, name := range f.Templates() {
			trees, err := parse.Parse(name, f.DefaultTemplate(name), "", "", functions(), map[string]any{
				"and": 1, "or": 1, "not": 1, "eq": 1, "ne": 1, "printf": 1,
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, asked := range fieldsOf(trees[name].Root.String()) {
				used[asked] = true
				if !known[asked] && !fields[asked] {
					t.Errorf("%s: the template %s asks for .%s, which is in no view", f.Name, name, asked)
				}
			}
		}
		for _, m := range f.viewed() {
			if !used[m.Name] {
				t.Errorf("%s: no template asks for .%s: take it out of the view", f.Name, m.Name)
			}
		}
	}
}

// fieldsOf finds what a template asks values for.
func fieldsOf(text string) []string {
	var names []string
	for _, action := range regexp.MustCompile(`(?s)\{\{.*?\}\}`).FindAllString(text, -1) {
		action = regexp.MustCompile(`"(\\.|[^"\\])*"`).ReplaceAllString(action, `""`)
		for _, chain := range regexp.MustCompile(`\.[A-Z][A-Za-z.]*`).FindAllString(action, -1) {
			names = append(names, strings.Split(chain[1:], ".")...)
		}
	}
	return names
}

// documented is a template that uses every field that docs/export.md names, so that those
// of users go on working.
const documented = `{{.Marker}} {{.App.MakeDir (setpriv .App.User)}} {{.App.Login}} {{if .Instance}}{{.Logged}}{{end}}
{{.App.Name}} {{.App.Root}} {{.App.Location}} {{.App.User}} {{.App.Log}} {{.App.Run}} {{.App.Image}} {{.App.Namespace}}
{{range .App.Env}}{{.Key}}={{.Value}} {{.Secret}} {{end}}{{range .App.Config}}{{.Key}}={{.Value}} {{end}}{{range $n, $v := .App.Secrets}}{{$n}} {{$v.Key}} {{end}}
{{range .App.Types}}{{.Name}} {{.Command}} {{.Dir}} {{$.App.DirOf .}} {{.Count}} {{.Port}} {{.Listens}} {{.Signal}} {{.StopCommand}} {{.Grace}} {{.Restart}} {{.Limit}} {{.CanDie}} {{.After}} {{.ReadyTimeout}} {{.IsTask}} {{.IsScheduled}} {{.Schedule}} {{.HealthInterval}} {{.HealthFailures}}
{{with .Health}}{{.Kind}} {{.Text}} {{.Shell}}{{end}}
{{with .Ready}}{{.Kind}} {{.Text}} {{.Shell}}{{end}} {{.Grace.Seconds}}
{{range .Instances}}{{.Name}} {{.Number}} {{.Dashed}} {{range .Env}}{{.Key}}={{.Value}} {{end}}{{end}}
{{.Argv}} {{argv .Argv}} {{.ShellLine}} {{.ExecStart}} {{.ComposeCommand}} {{.KubernetesCommand}} {{.NomadCommand}}
{{end}}{{with .App.Release}}{{.Name}} {{.Command}}{{else}}no release{{end}}
{{with .Type}}{{.Name}} {{.Argv}}{{end}} {{with .Instance}}{{.Name}}{{end}} {{.Var.Key}}{{.Var.Value}}
`

// TestDocumented executes that template as each template of each format.
func TestDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/export.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "| field | what it is |")
	table, _, _ = strings.Cut(table, "\n\n")
	for _, row := range strings.Split(table, "\n") {
		first, _, _ := strings.Cut(strings.TrimPrefix(row, "| "), " |")
		for _, name := range regexp.MustCompile(`\.[A-Z]\w*\b`).FindAllString(first, -1) {
			if !strings.Contains(documented, name) && name != ".Services" {
				t.Errorf("docs/export.md names %s, which this test does not use", name)
			}
		}
	}
	for _, f := range Formats {
		for _, name := range f.Templates() {
			own := fstest.MapFS{name + template.Suffix: {Data: []byte(documented)}}
			files, _, err := f.Export(fullApp(), own)
			if err != nil && name != "task" {
				t.Errorf("%s: %v", f.Name, err)
			}
			if bytes.Contains(contents(files), []byte("<no value>")) {
				t.Errorf("%s: a value is missing in %s", f.Name, name)
			}
		}
	}
	own := fstest.MapFS{"master.target.tmpl": {Data: []byte(`{{join .Services " "}}`)}}
	files, _, err := systemd.Export(plainApp(), own)
	if err != nil || string(files[0].Content) != "shop-web.1.service" {
		t.Errorf("%s, %v", contents(files), err)
	}
}

func contents(files []File) []byte {
	var all bytes.Buffer
	for _, f := range files {
		all.Write(f.Content)
	}
	return all.Bytes()
}

// TestFunctions checks what each function that docs/export.md names makes of a value.
func TestFunctions(t *testing.T) {
	for text, want := range map[string]string{
		`{{shell "a b"}} {{argv .Words}}`:                                               `'a b' 'a b' c`,
		`{{dotenv .Var}}`:                                                               `A="x\$y \"z\""`,
		`{{unit "5%"}} {{unitword "a b%"}}`:                                             `5%% "a b%%"`,
		`{{yaml "plain"}} {{yaml "yes"}} {{quoted "plain"}}`:                            `plain "yes" "plain"`,
		`{{dollars "$X"}}`:                                                              `$$X`,
		`{{hcl "${x}"}} {{json "a\"b"}} {{xml "<&>"}}`:                                  `"$${x}" "a\"b" &lt;&amp;&gt;`,
		`{{ini "5%"}} {{iniword "a b"}} {{inienv .Vars}}`:                               `5%% 'a b' A="1",B="2"`,
		`{{execline "a b"}} {{upstart "a b"}}`:                                          `"a b" "a b"`,
		`{{signal "TERM"}} {{seconds .D}} {{whole .D}} {{millis .D}}`:                   `SIGTERM 1.5 2 1500`,
		`{{setpriv "u"}} {{chpst "u"}} {{s6user "u"}}`:                                  `setpriv --reuid=u --regid="$(id -g u)" --init-groups chpst -u u s6-setuidgid u`,
		`{{dns "My_App"}} {{join .Words "+"}} {{add 1 2}} {{mul 2 3}} {{nulls "a\nb"}}`: "my-app a b+c 3 6 a\x00b",
	} {
		set := template.New(functions(), commonView()...)
		if err := set.Parse("x", text); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		err := set.Execute(&out, "x", map[string]any{
			"Words": []string{"a b", "c"}, "Var": Variable{Key: "A", Value: `x$y "z"`}, "D": 1500 * time.Millisecond,
			"Vars": []Variable{{Key: "A", Value: "1"}, {Key: "B", Value: "2"}},
		})
		if err != nil || out.String() != want {
			t.Errorf("%s: %s, %v, want %s", text, out.String(), err, want)
		}
	}
}
