package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/console"
	"reeve/cmd/reeve/internal/diag"
	"reeve/output"
	"reeve/supervisor/control"
)

// watchEvery is how often ps --watch looks again.
const watchEvery = time.Second

// ps shows the instances of the running formation.
func ps(args []string) (exitCode int) {
	c, o, _, exitCode := connect("ps", args, func(words []string) error {
		if len(words) > 0 {
			return errors.New("ps takes no arguments")
		}
		return nil
	})
	if c == nil {
		return exitCode
	}
	ctx, stop := untilInterrupted()
	defer stop()
	v := &psView{json: o.JSON, clear: o.Watch && !o.JSON && console.IsTerminal(os.Stdout), used: map[string]time.Duration{}}
	ended := make(chan int, 1)
	go func() { ended <- v.watch(ctx, c, o.Watch) }()
	select {
	case exitCode = <-ended:
	case <-ctx.Done(): // also if nobody reads the table that is just being printed
	}
	if ctx.Err() != nil && console.IsTerminal(os.Stdout) {
		_, _ = output.NewImpatient(os.Stdout).Write([]byte{'\n'}) // the terminal has shown "^C"
	}
	return exitCode
}

// watch shows the formation, again and again if that is wanted.
func (v *psView) watch(ctx context.Context, c *control.Client, again bool) (exitCode int) {
	for {
		f, err := c.Formation(ctx)
		if ctx.Err() != nil {
			return diag.ExitOK
		}
		if err != nil {
			return diag.FailWith(diag.ExitFailure, err)
		}
		v.show(f)
		if !again {
			return diag.ExitOK
		}
		select {
		case <-time.After(watchEvery):
		case <-ctx.Done():
			return diag.ExitOK
		}
	}
}

// psView is what ps prints.
type psView struct {
	json, clear bool
	used        map[string]time.Duration // processor time of each run when it was last looked
	at          time.Time
}

func (v *psView) show(f control.Formation) {
	if v.json {
		text, _ := json.Marshal(f.Instances)
		fmt.Println(string(text))
		return
	}
	width := 0
	if console.IsTerminal(os.Stdout) {
		width = console.Columns()
	}
	now := time.Now()
	lines := psTable(f.Instances, width, func(i control.Instance) string { return v.cpu(i, now) })
	if web := webAddresses(f.Instances); web != "" {
		lines = append(lines, "", web)
	}
	v.at = now
	var out strings.Builder
	if v.clear {
		out.WriteString("\x1b[H\x1b[2J")
	}
	for _, line := range lines {
		out.WriteString(console.Cut(line, width) + "\n")
	}
	_, _ = os.Stdout.WriteString(out.String())
}

// webAddresses says where web serves; empty: nothing of it runs.
func webAddresses(instances []control.Instance) string {
	var addresses []string
	for _, i := range instances {
		if i.URL != "" && i.Pid != 0 {
			addresses = append(addresses, i.URL)
		}
	}
	if len(addresses) == 0 {
		return ""
	}
	return app.WebType + ": " + strings.Join(addresses, ", ")
}

// cpu is how much of a processor a run uses: since it was last looked at, else, as of
// ps(1), since it began.
func (v *psView) cpu(i control.Instance, now time.Time) string {
	if i.CPU == nil || i.CPUSeconds == nil {
		return "-"
	}
	run := fmt.Sprint(i.Name, i.Pid)
	used := time.Duration(*i.CPUSeconds * float64(time.Second))
	before, known := v.used[run]
	v.used[run] = used
	percent := *i.CPU
	if known && now.After(v.at) {
		percent = 100 * float64(used-before) / float64(now.Sub(v.at))
	}
	return fmt.Sprintf("%.1f%%", max(percent, 0))
}

func orDash(n int) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprint(n)
}

// stateText says what an instance does, in a word or two.
func stateText(i control.Instance) string {
	switch {
	case i.State == "running" && i.Probed && i.Ready:
		return "ready"
	case i.State == "running" && !i.Ready:
		return "starting"
	case i.State == "stopped" && !i.Held && i.Exit != nil && i.Exit.Signal != "":
		return "ended by " + i.Exit.Signal
	case i.State == "stopped" && !i.Held && i.Exit != nil:
		return fmt.Sprintf("exited %d", i.Exit.Code)
	}
	return i.State
}

// uptimeText is a duration of at most two units: 3d4h, 2h5m, 1m30s, 12s.
func uptimeText(i control.Instance) string {
	if i.Pid == 0 {
		return "-"
	}
	d := time.Duration(i.Uptime * float64(time.Second)).Truncate(time.Second)
	units := []struct {
		name string
		of   time.Duration
	}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}}
	for k, u := range units[:3] {
		if d >= u.of {
			next := units[k+1]
			return fmt.Sprintf("%d%s%d%s", d/u.of, u.name, d%u.of/next.of, next.name)
		}
	}
	return fmt.Sprintf("%ds", d/time.Second)
}

// memoryText is a number of bytes with three digits or so.
func memoryText(bytes *int64) string {
	if bytes == nil {
		return "-"
	}
	size := float64(*bytes)
	for _, unit := range []string{"B", "KB", "MB", "GB"} {
		if size < 1000 || unit == "GB" {
			if size < 10 && unit != "B" {
				return fmt.Sprintf("%.1f %s", size, unit)
			}
			return fmt.Sprintf("%.0f %s", size, unit)
		}
		size /= 1024
	}
	return ""
}
