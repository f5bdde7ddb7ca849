package ui

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hinshun/vt10x"

	"reeve/supervisor/control"
)

// judge is a terminal that a painter draws on.
type judge struct {
	vt10x.Terminal
	painter Painter
}

func newJudge(width, height int) *judge {
	return &judge{Terminal: vt10x.New(vt10x.WithSize(width, height))}
}

// show has the terminal show a grid, and gives what is to be seen on it.
func (j *judge) show(g *Grid) string {
	_, _ = j.Write(j.painter.Paint(g))
	return seen(j.Terminal)
}

// seen is the text on a terminal, without what is empty on the right and below.
func seen(terminal vt10x.Terminal) string {
	lines := strings.Split(terminal.String(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// shownBy is the screen of a model.
func shownBy(m *Model) string { return newJudge(m.Width, m.Height).show(m.View()) }

// formation makes one of instances: "web.1 running", "db.1 stopped 1", "db.2 stopped held".
func formation(instances ...string) control.Formation {
	f := control.Formation{Pid: 7, Root: "/src/shop", Port: 5000}
	for n, text := range instances {
		words := strings.Fields(text)
		i := control.Instance{Name: words[0], Type: typeOf(words[0]), State: words[1], Ready: words[1] == "running", Port: 5000 + n}
		if i.State == "running" {
			i.Pid = 100 + n
		}
		if len(words) > 2 && words[2] == "held" {
			i.Held = true
		} else if len(words) > 2 {
			i.Exit = &control.Exit{}
			_, _ = fmt.Sscan(words[2], &i.Exit.Code)
		}
		f.Instances = append(f.Instances, i)
		if len(f.Types) == 0 || f.Types[len(f.Types)-1].Name != i.Type {
			f.Types = append(f.Types, control.Type{Name: i.Type})
		}
	}
	return f
}

// written makes lines of the log: "web.1 text".
func written(lines ...string) Arrived {
	var r reader
	var e Arrived
	for _, line := range lines {
		name, text, _ := strings.Cut(line, " ")
		e.Lines = append(e.Lines, r.lines([]byte("1700000000.000 "+name+"  | "+text+"\n"))...)
	}
	return e
}

// modelOf makes a model to which some things have happened.
func modelOf(width, height int, events ...Event) *Model {
	m := New()
	m.Update(Resized{width, height})
	for _, e := range events {
		m.Update(e)
		for m.Busy() {
			m.Work()
		}
	}
	return m
}

// typed presses keys, and gives what the last one wants to be done.
func typed(m *Model, keys ...Key) (effects []Effect) {
	for _, k := range keys {
		effects = m.Update(k)
		for m.Busy() {
			m.Work()
		}
	}
	return effects
}

// typedText presses the keys of a text.
func typedText(m *Model, text string) {
	for _, r := range text {
		typed(m, Key(r))
	}
}

// What people see of a formation, at several sizes.
func TestView(t *testing.T) {
	f := formation("web.1 running", "worker.1 backoff 1", "db.1 stopped held", "clock.1 stopped 3", "mail.1 done")
	log := written("web.1 GET / 200", "worker.1 oops", "system worker.1 exited with code 1")
	for _, test := range []struct {
		name          string
		width, height int
		keys          []Key
		want          string
	}{
		{"all", 60, 8, nil, `
  all 2/5 ✗1        │ shop  all
● web.1     5000    │web.1    | GET / 200
↻ worker.1  5001    │worker.1 | oops
■ db.1      5002    │system   | worker.1 exited with code 1
✗ clock.1   5003    │
✓ mail.1    5004    │
                    │
? keys  q leave  j k choose  / search  & filter  V select  …`},
		{"one", 60, 8, []Key{"j", "j"}, `
  all 2/5 ✗1        │ worker.1  backoff
● web.1     5000    │oops
↻ worker.1  5001    │worker.1 exited with code 1
■ db.1      5002    │
✗ clock.1   5003    │
✓ mail.1    5004    │
                    │
? keys  q leave  S start  j k choose  / search  & filter  V…`},
		{"small", 40, 5, nil, `
  all 2/5…│ shop  all
● web.1   │web.1   | GET / 200
↻ worker.1│worker… | oops
■ db.1    │system  | worker.1 exited wi…
? keys  q leave  j k choose  / search  …`},
		{"tiny", 12, 2, nil, "\n  all…│ s…\n? keys  q l…"},
		{"alone", 40, 4, []Key{"z"}, "\nweb.1    | GET / 200\nworker.1 | oops\nsystem   | worker.1 exited with code 1"},
		{"one cell", 1, 1, nil, "\n…"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := modelOf(test.width, test.height, Changed{f}, log)
			typed(m, test.keys...)
			if got := shownBy(m); got != strings.TrimPrefix(test.want, "\n") {
				t.Errorf("it shows\n%s", got)
			}
		})
	}
}

// At every size, everything can be drawn.
func TestViewOfEverySize(t *testing.T) {
	lines := []string{"web.1 " + strings.Repeat("long ", 100), "web.1 漢字漢字漢字\t\t👍🏽 é"}
	for width := 1; width < 120; width += 3 {
		for height := 1; height < 12; height += 2 {
			m := modelOf(width, height, Changed{formation("web.1 running", "worker.1 running")}, written(lines...))
			for _, k := range []Key{"", "w", "t", "j", "pgup", "V", "k", "z", "?", "x", "/", "q"} {
				typed(m, k)
				shownBy(m)
			}
		}
	}
}
