package instances

import (
	"fmt"
	"time"

	"reeve/cmd/reeve/internal/app"
	"reeve/supervisor/control"
)

func orDash(n int) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprint(n)
}

// State says what an instance does, in a word or two.
func State(i control.Instance) string {
	switch {
	case i.Healthy != nil && !*i.Healthy:
		return "unhealthy"
	case i.State == "waiting" && i.Build == "failed":
		return "build failed"
	case i.State == "running" && i.Probed && i.Ready:
		return "ready"
	case i.State == "running" && !i.Ready && !i.Task:
		return "starting"
	case i.State == "stopped" && !i.Held && i.Exit != nil && i.Exit.Signal != "":
		return "ended by " + i.Exit.Signal
	case i.State == "stopped" && !i.Held && i.Exit != nil:
		return fmt.Sprintf("exited %d", i.Exit.Code)
	}
	return i.State
}

// nextText is when an instance is due.
func nextText(i control.Instance) string {
	if i.Next == nil {
		return "-"
	}
	return app.TimeText(*i.Next, time.Now())
}

// uptimeText is how long a run has lasted.
func uptimeText(i control.Instance) string {
	if i.Pid == 0 {
		return "-"
	}
	return spanText(time.Duration(i.Uptime * float64(time.Second)))
}

// spanText is a duration of at most two units: 3d4h, 2h5m, 1m30s, 12s.
func spanText(d time.Duration) string {
	d = d.Truncate(time.Second)
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

// memoryText is a number of bytes, in about three digits.
// MemoryText is a number of bytes, in about three digits.
func MemoryText(bytes int64) string { return memoryText(&bytes) }

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
