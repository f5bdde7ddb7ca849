package procfile

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

const app = "release: r\nworker: b\nweb: a\nclock: c\n"

// counts prints what runs: "worker=1 web=2".
func counts(f Formation) string {
	var items []string
	for _, m := range f {
		if m.Count > 0 {
			items = append(items, fmt.Sprintf("%s=%d", m.Type, m.Count))
		}
	}
	return strings.Join(items, " ")
}

func TestFormation(t *testing.T) {
	for _, tt := range []struct{ quantities, only, exclude, want string }{
		{"", "", "", "worker=1 web=1 clock=1"},
		{"web=2", "", "", "worker=1 web=2 clock=1"},
		{"web=2,worker=3", "", "", "worker=3 web=2 clock=1"},
		{"all=2", "", "", "worker=2 web=2 clock=2"},
		{"all=2,web=0", "", "", "worker=2 clock=2"},
		{"web=0,all=2", "", "", "worker=2 clock=2"},
		{"all=0,web=1", "", "", "web=1"},
		{"web=1000000000", "", "", "worker=1 web=1000000000 clock=1"},
		{"release=1", "", "", "release=1 worker=1 web=1 clock=1"},
		{"release=1,all=0", "", "", "release=1"},
		{"release=0,all=2", "", "", "worker=2 web=2 clock=2"},
		{" web = 2 , worker=1, ", "", "", "worker=1 web=2 clock=1"},
		{",,", "", "", "worker=1 web=1 clock=1"},
		{"web=007", "", "", "worker=1 web=7 clock=1"},

		{"", "web", "", "web=1"},
		{"", "clock web", "", "web=1 clock=1"},
		{"", "web web", "", "web=1"},
		{"", "release", "", "release=1"},
		{"all=3", "release", "", "release=1"},
		{"release=2", "release", "", "release=2"},
		{"web=3,worker=2", "web", "", "web=3"},
		{"all=3", "web", "", "web=3"},
		{"all=3,web=2", "web clock", "", "web=2 clock=3"},
		{"web=0", "web clock", "", "clock=1"},

		{"", "", "web", "worker=1 clock=1"},
		{"web=2", "", "web", "worker=1 clock=1"},
		{"", "web worker", "web", "worker=1"},
		{"", "", "release", "worker=1 web=1 clock=1"},
		{"release=1", "", "release", "worker=1 web=1 clock=1"},
		{"", "", "web web", "worker=1 clock=1"},
	} {
		f, err := mustParse(t, app).Formation(Selection{tt.quantities, strings.Fields(tt.only), strings.Fields(tt.exclude)})
		if err != nil || counts(f) != tt.want || len(f) != 4 {
			t.Errorf("-m %q %s -x %q: got %q, %v, want %q", tt.quantities, tt.only, tt.exclude, counts(f), err, tt.want)
		}
	}
}

func TestFormationTrimsNames(t *testing.T) {
	f, err := mustParse(t, app).Formation(Selection{Only: []string{" web", "clock"}, Exclude: []string{"", " clock "}})
	if err != nil || counts(f) != "web=1" {
		t.Errorf("got %q, %v", counts(f), err)
	}
}

func TestFormationErrors(t *testing.T) {
	const none = "nothing to run: all process types of Procfile are left out or set to 0"
	for name, tt := range map[string]struct {
		sel  Selection
		want []string
	}{
		"negative":  {Selection{Quantities: "web=-1"}, []string{`formation "web=-1": the number must be whole and at least 0`}},
		"plus":      {Selection{Quantities: "web=+1"}, []string{`formation "web=+1": the number must be whole and at least 0`}},
		"fraction":  {Selection{Quantities: "web=1.5"}, []string{`formation "web=1.5": the number must be whole and at least 0`}},
		"a word":    {Selection{Quantities: "web=two"}, []string{`formation "web=two": the number must be whole and at least 0`}},
		"two signs": {Selection{Quantities: "web=1=2"}, []string{`formation "web=1=2": the number must be whole and at least 0`}},
		"blank":     {Selection{Quantities: "web=1 2"}, []string{`formation "web=1 2": the number must be whole and at least 0`}},
		"digits":    {Selection{Quantities: "web=٣"}, []string{`formation "web=٣": the number must be whole and at least 0`}},
		"large": {Selection{Quantities: "web=99999999999999999999"}, []string{
			`formation "web=99999999999999999999": the number is too large`}},
		"no number":  {Selection{Quantities: "web="}, []string{`formation "web=": write NAME=NUMBER, as in web=2`}},
		"no equals":  {Selection{Quantities: "web"}, []string{`formation "web": write NAME=NUMBER, as in web=2`}},
		"no name":    {Selection{Quantities: "=2"}, []string{`formation "=2": write NAME=NUMBER, as in web=2`}},
		"no nothing": {Selection{Quantities: "="}, []string{`formation "=": write NAME=NUMBER, as in web=2`}},
		"twice":      {Selection{Quantities: "web=1,web=1"}, []string{`formation "web=1": "web" is given twice`}},
		"all twice":  {Selection{Quantities: "all=1, all = 2"}, []string{`formation "all = 2": "all" is given twice`}},
		"typo": {Selection{Quantities: "wokrer=1"}, []string{
			`Procfile has no process type "wokrer": did you mean worker?`}},
		"unknown": {Selection{Only: []string{"sidekiq"}}, []string{
			`Procfile has no process type "sidekiq": it has release, worker, web, clock`}},
		"unknown, excluded": {Selection{Exclude: []string{"wbe"}}, []string{
			`Procfile has no process type "wbe": did you mean web?`}},
		"all is no type": {Selection{Only: []string{"all"}}, []string{
			`Procfile has no process type "all": it has release, worker, web, clock`}},
		"empty name": {Selection{Only: []string{""}}, []string{
			`Procfile has no process type "": it has release, worker, web, clock`}},
		"unknown everywhere": {Selection{"wbe=1", []string{"wbe", "wbe"}, []string{"wbe"}}, []string{
			`Procfile has no process type "wbe": did you mean web?`}},
		"all at once": {Selection{"web=x,web=1,wrker=2,clock", []string{"clok"}, []string{"foo"}}, []string{
			`formation "web=x": the number must be whole and at least 0`,
			`formation "clock": write NAME=NUMBER, as in web=2`,
			`Procfile has no process type "clok": did you mean clock?`,
			`Procfile has no process type "foo": it has release, worker, web, clock`,
			`Procfile has no process type "wrker": did you mean worker?`}},
		"nothing runs":            {Selection{Quantities: "all=0"}, []string{none}},
		"nothing named runs":      {Selection{Quantities: "web=0", Only: []string{"web"}}, []string{none}},
		"all excluded":            {Selection{Exclude: []string{"web", "worker", "clock"}}, []string{none}},
		"what is named, excluded": {Selection{Only: []string{"web"}, Exclude: []string{"web"}}, []string{none}},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := mustParse(t, app).Formation(tt.sel)
			if err == nil || err.Error() != strings.Join(tt.want, "\n") {
				t.Errorf("got  %v, %v\nwant %s", f, err, strings.Join(tt.want, "\n"))
			}
		})
	}
}

// TestFormationGoesOn: what is wrong hides nothing of the rest.
func TestFormationGoesOn(t *testing.T) {
	f, err := mustParse(t, app).Formation(Selection{Quantities: "web=2,worker=x,nobody=3", Exclude: []string{"clock"}})
	if err == nil || f.Count("web") != 2 || f.Count("worker") != 1 || f.Count("clock") != 0 {
		t.Errorf("got %v, %v", f, err)
	}
}

func TestOnlyRelease(t *testing.T) {
	p := mustParse(t, "release: r\n")
	if _, err := p.Formation(Selection{}); err == nil {
		t.Error("release alone was started without being asked for")
	}
	if _, err := p.Formation(Selection{Only: []string{"release"}}); err != nil {
		t.Error(err)
	}
}

func TestHintIsShort(t *testing.T) {
	var src strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&src, "type-number-%d: a\n", i)
	}
	_, err := mustParse(t, src.String()).Formation(Selection{Only: []string{"x"}})
	if err == nil || len(err.Error()) > 300 || !strings.HasSuffix(err.Error(), "type-number-9, …") {
		t.Errorf("got %v", err)
	}
}

func TestQuantities(t *testing.T) {
	q, err := ParseFormation("web=2,all=0,x")
	if err == nil || !slices.Equal(q, Quantities{{"web", 2}, {"all", 0}}) {
		t.Errorf("got %v, %v", q, err)
	}
	if n, ok := q.Count("all"); n != 0 || !ok {
		t.Errorf("got %d, %v", n, ok)
	}
	if n, ok := q.Count("worker"); n != 0 || ok {
		t.Errorf("got %d, %v", n, ok)
	}
	if q, err := ParseFormation(""); q != nil || err != nil {
		t.Errorf("got %v, %v", q, err)
	}
}

func TestInstances(t *testing.T) {
	f, err := mustParse(t, app).Formation(Selection{Quantities: "web=2,clock=0"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for name, e := range f.Instances() {
		got = append(got, name+" "+e.Command)
	}
	if want := []string{"worker.1 b", "web.1 a", "web.2 a"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if f.Total() != 3 || f.Count("web") != 2 || f.Count("clock") != 0 || f.Count("x") != 0 {
		t.Errorf("got %d in %v", f.Total(), f)
	}
}

// TestHugeFormation would run out of memory or time if counts were expanded.
func TestHugeFormation(t *testing.T) {
	f, err := mustParse(t, app).Formation(Selection{Quantities: fmt.Sprintf("all=%d", math.MaxInt)})
	if err != nil || f.Total() != math.MaxInt {
		t.Fatalf("got %d, %v", f.Total(), err)
	}
	for name := range f.Instances() {
		if name == "worker.3" {
			return
		}
	}
}

func FuzzFormation(f *testing.F) {
	f.Add("web=2, worker=3,all=1", "web", "clock")
	f.Add("web=-1,web=1.5,web,=2,web=1,web=1,wbe=99999999999999999999", "", "release,x")
	f.Add("release=1,all=0", "release,release", "")
	f.Fuzz(func(t *testing.T, quantities, only, exclude string) {
		p := mustParse(t, app)
		sel := Selection{Quantities: quantities, Exclude: strings.Split(exclude, ",")}
		if only != "" {
			sel.Only = strings.Split(only, ",")
		}
		formation, err := p.Formation(sel)
		if err != nil {
			checkErrors(t, err)
			return
		}
		for i, m := range formation {
			if m.Entry != p.Entries[i] || m.Count < 0 {
				t.Errorf("member %d is %v", i, m)
			}
			if m.Count > 0 && slices.Contains(sel.Exclude, m.Type) {
				t.Errorf("%s runs, and it is excluded", m.Type)
			}
		}
		if formation.Total() <= 0 || len(formation) != len(p.Entries) {
			t.Errorf("got %v", formation)
		}
	})
}

// checkErrors says that each error is one line with a text.
func checkErrors(t *testing.T, err error) {
	t.Helper()
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		for _, err := range joined.Unwrap() {
			if text := err.Error(); text == "" || strings.Contains(text, "\n") {
				t.Errorf("an error that is not one line: %q", text)
			}
		}
	}
	if strings.ContainsAny(err.Error(), "\x00\x1b\r") || strings.Contains(err.Error(), "\n\n") {
		t.Errorf("an error that cannot be shown: %q", err)
	}
}
