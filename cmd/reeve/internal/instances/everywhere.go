package instances

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"reeve/internal/asjson"
	"reeve/internal/sorting"
	"reeve/supervisor/control"
)

// The states of a formation as a whole.
const (
	answers   = "running"
	suspended = "suspended"
	silent    = "silent" // it does not answer
)

// overview is what is shown of a formation among others.
type overview struct {
	Root      string         `json:"root"`           // absolute; empty: it does not answer, and cannot be guessed
	Gone      bool           `json:"gone,omitempty"` // the root is not there any more
	State     string         `json:"state"`
	Pid       int            `json:"pid,omitempty"` // of its reeve; none of a container
	Version   string         `json:"version,omitempty"`
	Started   *time.Time     `json:"started,omitempty"`
	Port      int            `json:"port,omitempty"` // base port
	URL       string         `json:"url,omitempty"`  // of web
	Ports     []int          `json:"ports"`          // of its instances
	Instances map[string]int `json:"instances"`      // by state

	name  string         // in place of a root that is not known
	words map[string]int // the instances by state, in the words of the table
}

// overviewOf says what there is to say of a formation.
func overviewOf(f control.Found) overview {
	o := overview{Root: f.Root, State: answers, Pid: f.Pid, Ports: []int{}, Instances: map[string]int{}, name: f.Name, words: map[string]int{}}
	if f.Pid != 0 && f.Root != "" {
		_, err := os.Stat(f.Root)
		o.Gone = os.IsNotExist(err)
	}
	switch is := f.Formation; {
	case f.Suspended:
		o.State = suspended
	case is == nil:
		o.State = silent
	default:
		o.Version, o.Started, o.Port, o.URL = is.Version, &is.Started, is.Port, is.URL
		for _, i := range is.Instances {
			o.Instances[i.State]++
			o.words[State(i)]++
			if i.Port != 0 {
				o.Ports = append(o.Ports, i.Port)
			}
		}
		slices.Sort(o.Ports)
		o.Ports = slices.Compact(o.Ports)
	}
	return o
}

// ShowAll prints one line for each formation, or all of them as JSON.
func (v *View) ShowAll(found []control.Found) {
	all := make([]overview, len(found))
	for n, f := range found {
		all[n] = overviewOf(f)
	}
	if v.JSON {
		fmt.Println(asjson.String(all))
		return
	}
	var text strings.Builder
	out := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "ROOT\tPID\tSINCE\tPORTS\tINSTANCES")
	now := time.Now()
	for _, o := range all {
		fmt.Fprintln(out, strings.Join([]string{o.rootText(), orDash(o.Pid), o.sinceText(now), o.portsText(), o.instancesText()}, "\t"))
	}
	_ = out.Flush()
	v.print(strings.Split(strings.TrimSuffix(text.String(), "\n"), "\n"))
}

// RootText names a formation by its root, for people.
func RootText(f control.Found) string { return overviewOf(f).rootText() }

func (o overview) rootText() string {
	switch {
	case o.Root == "":
		return o.name + " (root unknown)"
	case o.Gone:
		return printable(o.Root) + " (gone)"
	}
	return printable(o.Root)
}

// sinceText is a time of today, or a date with its time.
func (o overview) sinceText(now time.Time) string {
	if o.Started == nil {
		return "-"
	}
	at := o.Started.Local()
	if at.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return at.Format(time.TimeOnly)
	}
	return at.Format(time.DateTime)
}

// mostPorts is how many ports are listed; of more, it is the first and the last.
const mostPorts = 4

func (o overview) portsText() string {
	if n := len(o.Ports); n > mostPorts {
		return fmt.Sprintf("%d…%d", o.Ports[0], o.Ports[n-1])
	}
	var texts []string
	for _, port := range o.Ports {
		texts = append(texts, fmt.Sprint(port))
	}
	if texts == nil {
		return "-"
	}
	return strings.Join(texts, ",")
}

// instancesText counts them by state, those that run first.
func (o overview) instancesText() string {
	switch {
	case o.State == silent:
		return "does not answer"
	case o.State == suspended:
		return suspended
	case len(o.words) == 0:
		return "none"
	}
	order := []string{"ready", "running", "starting"}
	var states, texts []string
	for state := range o.words {
		states = append(states, state)
	}
	sorting.Stable(states, func(x, y string) int {
		place := func(s string) string {
			if n := slices.Index(order, s); n >= 0 {
				return fmt.Sprint(n)
			}
			return s
		}
		return strings.Compare(place(x), place(y))
	})
	for _, state := range states {
		texts = append(texts, fmt.Sprintf("%d %s", o.words[state], state))
	}
	return strings.Join(texts, ", ")
}
