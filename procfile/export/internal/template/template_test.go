package template

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"text/template"
	"time"
)

// shop is what the templates of the tests are about. Its methods are found by text/template
// itself, and handed in here.
type shop struct {
	Name    string
	Open    bool
	Places  int
	Width   uint8
	Price   float64
	Wait    time.Duration
	Goods   []string
	Staff   []person
	Chief   *person
	Nobody  *person
	Stock   map[string]int
	Floors  map[int]string
	Extra   any
	Nothing any
	Call    func(string) string
	address
	hidden string
}

type address struct{ Street string }

type person struct {
	Name string
	Age  int
}

func (s shop) Greeting(name string) string    { return "hello " + name + ", this is " + s.Name }
func (s shop) Count() int                     { return len(s.Goods) }
func (s shop) Broken() (string, error)        { return "", errors.New("it is broken") }
func (s shop) Fine() (string, error)          { return "fine", nil }
func (s shop) Older(p person, by ...int) int  { return p.Age + len(by) }
func (s shop) Anything(v any) any             { return v }
func (s shop) Panics() string                 { panic("no") }
func (p person) Upper() string                { return strings.ToUpper(p.Name) }
func (p person) With(q person) string         { return p.Name + " with " + q.Name }
func (p person) Pointer(q *person) string     { return p.Name + " at " + q.Name }
func (p person) After(d time.Duration) string { return p.Name + " after " + d.String() }
func (p person) String() string               { return "<" + p.Name + ">" }

var shopMethods = []Method{
	{"Greeting", shop.Greeting}, {"Count", shop.Count}, {"Broken", shop.Broken}, {"Fine", shop.Fine},
	{"Older", shop.Older}, {"Anything", shop.Anything}, {"Panics", shop.Panics},
	{"Upper", person.Upper}, {"With", person.With}, {"Pointer", person.Pointer}, {"After", person.After}, {"String", person.String},
	{"Seconds", time.Duration.Seconds},
}

var shopFunctions = map[string]any{
	"upper": strings.ToUpper,
	"join":  strings.Join,
	"add":   func(a, b int) int { return a + b },
	"half":  func(f float64) float64 { return f / 2 },
	"tiny":  func(u uint8) uint8 { return u },
	"which": func(b bool) string { return map[bool]string{true: "this", false: "that"}[b] },
	"fails": func(s string) (string, error) { return s, errors.New("it fails") },
	"none":  func() any { return nil },
	"count": func(words ...string) int { return len(words) },
	"pair":  func(a string, rest ...any) int { return len(rest) },
}

func newShop() shop {
	return shop{
		Name: "Tick & <Tock>", Open: true, Places: 3, Width: 200, Price: 2.5, Wait: 90 * time.Second,
		Goods: []string{"clocks", "watches", "glasses"},
		Staff: []person{{"Ann", 40}, {"Bob", 20}},
		Chief: &person{"Cy", 60},
		Stock: map[string]int{"b": 2, "a": 1}, Floors: map[int]string{10: "ten", 9: "nine"},
		Extra: "more", hidden: "nothing", Call: strings.ToLower, address: address{"High Street"},
	}
}

// same are templates of which both make the same, or nothing.
var same = []string{
	"", "text", "{{/* comment */}}a{{- /* trimmed */ -}} b", "a {{- 1 -}} b", "\n{{- .Name}}\n",
	"{{.Name}} {{.Open}} {{.Places}} {{.Width}} {{.Price}} {{.Wait}} {{.Goods}} {{.Staff}} {{.Stock}} {{.Street}} {{.Extra}}",
	"{{.Chief}} {{.Chief.Name}} {{.Chief.Upper}} {{.Nobody}}", "{{.Nobody.Name}}", "{{.Nobody.Upper}}", "{{.hidden}}", "{{.Missing}}", "{{.Name.Missing}}",
	"{{.Nothing}}", "{{.Extra.Name}}", "{{.Stock.a}} {{.Stock.z}} {{.Stock.z.y}}", "{{.Floors.a}}",
	"{{.Greeting \"you\"}} {{.Greeting .Name}} {{\"you\" | .Greeting}} {{.Name | printf \"%q\" | .Greeting}}",
	"{{.Greeting}}", "{{.Greeting 1}}", "{{.Greeting \"a\" \"b\"}}", "{{.Name 1}}", "{{1 | .Name}}", "{{.Broken}}", "{{.Fine}}", "{{.Panics}}",
	"{{.Older .Chief}} {{.Older .Chief 1 2}} {{(index .Staff 0).With (index .Staff 1)}} {{.Chief.With .Chief}} {{.Older .Nobody}}",
	"{{.Chief.Pointer .Chief}}", "{{(index .Staff 0).Pointer (index .Staff 1)}}", "{{.Chief.Pointer nil}}", "{{.Chief.With nil}}",
	"{{.Chief.After .Wait}} {{.Chief.After 1000}} {{.Wait.Seconds}}", "{{.Chief.After 1.5}}", "{{.Chief.After \"1s\"}}",
	"{{.Anything 1}} {{.Anything nil}} {{.Anything .Goods}} {{.Anything true}} {{.Anything 'a'}} {{.Anything 1.5}} {{.Anything .Nobody}}",
	"{{(.Anything .Chief).Name}} {{(.Anything .Staff) | len}} {{range .Anything .Goods}}{{.}}{{end}}",
	"{{if .Open}}a{{end}}{{if not .Open}}b{{else}}c{{end}}{{if .Missing}}{{end}}", "{{if .Nobody}}a{{else if .Places}}b{{else}}c{{end}}",
	"{{if .Nothing}}a{{else}}b{{end}}{{if .Chief}}c{{end}}{{if 0}}d{{end}}{{if 0.0}}e{{end}}{{if \"\"}}f{{end}}{{if .Stock}}g{{end}}{{if .Call}}h{{end}}",
	"{{with .Chief}}{{.Name}}{{$.Name}}{{else}}nobody{{end}}{{with .Nobody}}{{.Name}}{{else}}nobody{{end}}",
	"{{with .Nobody}}a{{else with .Chief}}{{.Name}}{{else}}c{{end}}", "{{with $x := .Name}}{{$x}}{{end}}", "{{with .Name}}{{.}}{{end}}{{.}}",
	"{{range .Goods}}{{.}},{{end}}", "{{range $n, $g := .Goods}}{{$n}}={{$g}} {{.}},{{end}}", "{{range $g := .Goods}}{{$g}}{{end}}",
	"{{range .Staff}}{{.Name}}{{.Upper}}{{$.Name}}{{end}}", "{{range $k, $v := .Stock}}{{$k}}{{$v}}{{end}}{{range .Stock}}{{.}}{{end}}{{range $k, $v := .Floors}}{{$k}}{{$v}}{{end}}",
	"{{range 3}}{{.}}{{end}}{{range $n := 2}}{{$n}}{{end}}{{range .Places}}x{{end}}{{range .Width}}{{break}}{{end}}", "{{range $a, $b := 3}}{{end}}", "{{range 0}}a{{else}}b{{end}}",
	"{{range .Name}}{{.}}{{end}}", "{{range .Nothing}}a{{else}}none{{end}}", "{{range .Nobody}}a{{end}}", "{{range .Chief}}a{{end}}", "{{range .Open}}{{end}}",
	"{{range .Goods}}{{if eq . \"watches\"}}{{continue}}{{end}}{{.}}{{end}}", "{{range .Goods}}{{with .}}{{if eq . \"watches\"}}{{break}}{{end}}{{end}}{{.}}{{end}}{{.Name}}",
	"{{range $i, $g := .Goods}}{{range $j, $h := $.Goods}}{{if gt $j $i}}{{continue}}{{end}}{{$g}}{{$h}}{{end}}{{end}}",
	"{{$x := 1}}{{range .Goods}}{{$x = add $x 1}}{{end}}{{$x}}", "{{$x := 1}}{{if true}}{{$x := 2}}{{$x}}{{end}}{{$x}}", "{{$x := .Chief}}{{$x.Name}}{{$x.Upper}}{{$x.Name.Missing}}",
	"{{$i := 0}}{{$g := 0}}{{range $i, $g = .Goods}}{{end}}{{$i}}{{$g}}", "{{$g := 0}}{{range $g = .Goods}}{{end}}{{$g}}", "{{$x := 1}}{{$x 2}}", "{{$y}}", "{{$x := 1 | add 2}}{{$x}}",
	"{{define \"a\"}}<{{.}}{{$}}>{{end}}{{template \"a\" .Name}}{{template \"a\"}}", "{{template \"missing\"}}", "{{block \"b\" .Chief}}{{.Name}}{{end}}", "{{define \"a\"}}{{end}}{{template \"a\"}}",
	"{{define \"a\"}}{{.}}{{if gt . 0}}{{template \"b\" (add . -1)}}{{end}}{{end}}{{define \"b\"}}b{{template \"a\" .}}{{end}}{{template \"a\" 3}}", "{{define \"a\"}}{{template \"a\"}}{{end}}{{template \"a\"}}",
	"{{$x := 1}}{{define \"a\"}}{{$x}}{{end}}", "{{range .Goods}}{{template \"a\" .}}{{end}}{{define \"a\"}}({{.}}){{end}}", "{{break}}",
	"{{eq 1 1}} {{eq 1 2 1}} {{eq \"a\" \"b\"}} {{eq .Name .Name}} {{ne 1 2}} {{lt 1 2}} {{le 2 2}} {{gt 1.5 1.0}} {{ge \"b\" \"a\"}} {{eq true true}} {{eq .Wait 90000000000}} {{lt .Width 3}} {{gt -1 .Width}}",
	"{{eq 1 \"a\"}}", "{{eq 1 1.0}}", "{{lt true false}}", "{{eq .Goods .Goods}}", "{{eq .Chief nil}}{{eq .Nobody nil}}{{eq .Nothing nil}}{{eq nil nil}}", "{{eq 1}}", "{{ne 1 2 3}}", "{{lt .Goods 1}}",
	"{{eq .Chief .Chief}} {{eq (index .Staff 0) (index .Staff 0)}}", "{{eq .Chief .Staff}}", "{{eq $ (index .Staff 0)}}", "{{eq (index .Staff 0) $}}", "{{eq .Chief 1}}", "{{eq .Nothing 1}}", "{{eq 1i 1i}}",
	"{{and true 0 (fails \"x\")}} {{or 0 \"\" .Name (fails \"x\")}} {{and 1 2}} {{or 0 false}} {{true | and 1}} {{0 | or false}} {{not 1}} {{not .Nothing}}", "{{and}}", "{{not 1 2}}", "{{or .Nobody .Chief}}",
	"{{len .Goods}} {{len .Name}} {{len .Stock}} {{.Goods | len}}", "{{len 1}}", "{{len .Nobody}}", "{{len nil}}",
	"{{index .Goods 1}} {{index .Stock \"a\"}} {{index .Stock \"z\"}} {{index .Floors 9}} {{index .Name 0}} {{(index .Staff 1).Name}} {{index .Goods}}", "{{index .Goods 3}}", "{{index .Goods -1}}", "{{index .Goods \"a\"}}", "{{index .Stock 1}}", "{{index nil 1}}", "{{index 1 1}}", "{{index .Nobody 1}}", "{{index .Staff 0 1}}", "{{index .Goods nil}}", "{{index .Goods .Width}}",
	"{{slice .Goods 1}} {{slice .Goods 1 2}} {{slice .Name 2 4}} {{slice .Goods}} {{slice .Goods 0 1 2}}", "{{slice .Goods 2 1}}", "{{slice .Goods 9}}", "{{slice .Name 0 1 1}}", "{{slice 1 1}}", "{{slice nil}}", "{{slice .Goods 1 2 3 4}}", "{{slice .Name 1 100}}",
	"{{print 1 2 \"a\" \"b\" nil}} {{println .Goods 1}} {{printf \"%q %d %v %s\" .Name .Places .Chief .Wait}} {{printf \"%d\" 'a'}} {{printf \"%.2f\" .Price}}", "{{printf 1}}", "{{printf}}", "{{print .Missing}}", "{{print .Stock.z}}",
	"{{html .Name}} {{js .Name}} {{urlquery .Name \"a b\"}} {{.Name | html}} {{html nil}}", "{{html .Chief .Nobody 1 \"a\" \"\\x00\"}} {{js \"\\x01<'&=\\\\\\u2028é\\xff\\x7f\"}} {{urlquery 1 2}} {{js .Goods}}",
	"{{call .Call .Name}} {{call .Call \"X\" | upper}}", "{{.Call \"X\"}}", "{{call .Name}}", "{{call nil}}", "{{call .Call}}", "{{.Call}}",
	"{{upper \"a\"}} {{\"a\" | upper}} {{upper .Name}} {{join .Goods \"+\"}} {{\", \" | join .Goods}} {{add 1 2}} {{half 3}} {{half 2.5}} {{tiny 200}} {{which true}} {{count}} {{count \"a\" \"b\"}} {{\"a\" | count \"b\"}} {{pair \"a\" 1 nil .}} {{none}}",
	"{{upper 1}}", "{{upper}}", "{{add 1 1.5}}", "{{add 1 \"a\"}}", "{{tiny 300}}", "{{tiny -1}}", "{{which 1}}", "{{upper nil}}", "{{join nil \"a\"}}", "{{fails \"x\"}}", "{{unknown}}", "{{add 1e3 0x10}}", "{{add 1_000 'a'}}", "{{half 1e400}}", "{{upper .Nothing}}", "{{upper .Extra}}", "{{upper .Places}}", "{{none.Name}}", "{{(none).Name}}",
	"{{1}} {{-1}} {{0x1F}} {{1.5}} {{1e3}} {{'a'}} {{1i}} {{true}} {{\"a\\n\"}} {{`raw\\n`}} {{.}} {{(1)}} {{(\"a\" | upper)}} {{0x1p4}}", "{{nil}}", "{{1 2}}", "{{1 | 2}}", "{{\"a\" .Name}}", "{{(.Name) 1}}", "{{99999999999999999999}}", "{{18446744073709551615}}", "{{. 1}}",
	"{{.Name", "{{end}}", "{{if}}{{end}}", "{{range}}", "{{with .Name}}", "{{\"a}}", "{{.Name}} }}", "{{else}}", "{{define}}", "{{template}}", "{{$}}", "{{$.Name}}", "{{.Staff.Name}}", "{{(index .Staff 0)}}{{(index .Staff 0).String}}",
}

// TestSame compares templates with what text/template makes of them.
func TestSame(t *testing.T) {
	for _, text := range same {
		compareWithStandard(t, text)
	}
}

func compareWithStandard(t *testing.T, text string) {
	t.Helper()
	got, err := executed(text)
	want, wantErr := standard(text)
	if wantErr != nil && strings.Contains(wantErr.Error(), "nil pointer evaluating interface") {
		return // what has an interface that is nil has no value here
	}
	if (err == nil) != (wantErr == nil) || err == nil && got != want {
		t.Errorf("%q:\n%q, %v, want\n%q, %v", text, got, err, want, wantErr)
	}
}

func executed(text string) (string, error) {
	s := New(shopFunctions, shopMethods...)
	if err := s.Parse("page", text); err != nil {
		return "", err
	}
	var b strings.Builder
	err := s.Execute(&b, "page", newShop())
	return b.String(), err
}

func standard(text string) (string, error) {
	s, err := template.New("page").Funcs(shopFunctions).Parse(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = s.ExecuteTemplate(&b, "page", newShop())
	return b.String(), err
}

// FuzzSame does so with templates that nobody has thought of.
func FuzzSame(f *testing.F) {
	for _, text := range same {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "%") || strings.Contains(text, "0x") && strings.Contains(text, "Call") {
			t.Skip("a format may want a text of any length, or the address of a function")
		}
		compareWithStandard(t, text)
	})
}

// TestErrors checks that an error says where it is, and what there is instead.
func TestErrors(t *testing.T) {
	for text, want := range map[string]string{
		"a\n{{.Missing}}":          "page.tmpl:2:2: .Missing: there is no .Missing in shop: it has Anything, Broken, Call, Chief, Count, Extra, ",
		"{{.Name.Upper}}":          "page.tmpl:1:7: .Name.Upper: there is no .Upper in string: it has no fields",
		"{{.Nobody.Name}}":         "page.tmpl:1:9: .Nobody.Name: there is no person here, so there is no .Name",
		"{{if true}}{{.Nobody.X}}": "line 1: unexpected EOF",
		"{{upper 1}}":              "page.tmpl:1:8: 1: want a value of type string, got one of type int",
		"{{upper .Missing.A}}":     "page.tmpl:1:16: .Missing.A: there is no .Missing in shop: ",
		"{{add 1}}":                "page.tmpl:1:2: add: wrong number of arguments: want 2, got 1",
		"{{.Greeting}}":            "page.tmpl:1:2: .Greeting: wrong number of arguments: want 1, got 0",
		"{{.Broken}}":              "page.tmpl:1:2: .Broken: it is broken",
		"{{template \"missing\"}}": "page.tmpl:1:11: {{template \"missing\"}}: there is no template \"missing\"",
		"{{range .Open}}{{end}}":   "page.tmpl:1:8: {{range .Open}}{{end}}: a value of type bool cannot be ranged over",
		"{{index .Goods 7}}":       "page.tmpl:1:2: index: 7 is out of range",
		"{{unknown}}":              "line 1: function \"unknown\" not defined",
	} {
		if _, err := executed(text); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// TestParse checks which of several templates of a name counts.
func TestParse(t *testing.T) {
	s := New(nil)
	for _, text := range []string{"first {{template \"part\"}}{{define \"part\"}}one{{end}}", "{{define \"part\"}}two{{end}}", "second {{template \"part\"}}", " {{/* empty */}} "} {
		if err := s.Parse("page", text); err != nil {
			t.Fatal(err)
		}
	}
	var b strings.Builder
	if err := s.Execute(&b, "page", nil); err != nil || b.String() != "second two" {
		t.Errorf("%q, %v", b.String(), err)
	}
	if names := slices.Sorted(maps.Keys(s.trees)); !slices.Equal(names, []string{"page", "part"}) {
		t.Errorf("%q", names)
	}
}
