package instances

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/console"
	"reeve/internal/asjson"
	"reeve/supervisor/control"
)

// View prints the instances of a formation, perhaps again and again. Its zero value prints a
// table.
type View struct {
	JSON  bool
	Names []string                 // of the instances that are shown; none: all of them
	Clear bool                     // the screen, so that only the last table is seen
	used  map[string]time.Duration // processor time of each run when it was last looked at
	at    time.Time                // when that was
}

// Show prints the instances.
func (v *View) Show(f control.Formation) {
	f.Instances = named(v.Names, f)
	if v.JSON {
		fmt.Println(asjson.String(f.Instances))
		return
	}
	width := 0
	if console.IsTerminal(os.Stdout) {
		width = console.Columns()
	}
	now := time.Now()
	lines := table(f.Instances, width, func(i control.Instance) string { return v.cpu(i, now) })
	below := watched(f.Instances, now)
	if web := webAddresses(f.Instances); web != "" {
		below = append([]string{web}, below...)
	}
	if len(below) > 0 {
		lines = append(append(lines, ""), below...)
	}
	v.at = now
	v.print(lines)
}

// print shows lines on a terminal as far as they have room in it.
func (v *View) print(lines []string) {
	width := 0
	if console.IsTerminal(os.Stdout) {
		width = console.Columns()
	}
	var out strings.Builder
	if v.Clear {
		out.WriteString("\x1b[H\x1b[2J")
	}
	for _, line := range lines {
		out.WriteString(console.Cut(line, width) + "\n")
	}
	_, _ = os.Stdout.WriteString(out.String())
}

// webAddresses says where web serves; empty: no instance of it runs.
func webAddresses(instances []control.Instance) string {
	var addresses []string
	for _, i := range instances {
		if i.URL != "" && i.Pid != 0 && !slices.Contains(addresses, i.URL) {
			addresses = append(addresses, i.URL)
		}
	}
	if len(addresses) == 0 {
		return ""
	}
	return app.WebType + ": " + strings.Join(addresses, ", ")
}

// watched says of each process type which files it watches, and which has changed when.
func watched(all []control.Instance, now time.Time) (lines []string) {
	seen := map[string]bool{}
	for _, i := range all {
		if len(i.Watch) == 0 || seen[i.Type] {
			continue
		}
		seen[i.Type] = true
		text := i.Type + " watches "
		if i.Unwatched {
			text = i.Type + " no longer watches "
		}
		text += strings.Join(i.Watch, ",")
		if c := i.Changed; c != nil {
			text += ": " + changeText(*c) + " " + spanText(max(now.Sub(c.At), 0)) + " ago"
		}
		lines = append(lines, printable(text))
	}
	return lines
}

// changeText says what has changed.
func changeText(c control.Change) string {
	switch {
	case c.File == "":
		return "all changed"
	case c.Files > 1:
		return fmt.Sprintf("%s and %d more changed", c.File, c.Files-1)
	}
	return c.File + " changed"
}

// cpu is how much of a processor a run uses: since the last table, else, as in
// ps(1), since it began.
func (v *View) cpu(i control.Instance, now time.Time) string {
	if i.CPU == nil || i.CPUSeconds == nil {
		return "-"
	}
	run := fmt.Sprint(i.Name, i.Pid)
	used := time.Duration(*i.CPUSeconds * float64(time.Second))
	before, known := v.used[run]
	if v.used == nil {
		v.used = map[string]time.Duration{}
	}
	v.used[run] = used
	percent := *i.CPU
	if known && now.After(v.at) {
		percent = 100 * float64(used-before) / float64(now.Sub(v.at))
	}
	return fmt.Sprintf("%.1f%%", max(percent, 0))
}
