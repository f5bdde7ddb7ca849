package instances

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"reeve/supervisor/control"
)

func TestOverview(t *testing.T) {
	root := t.TempDir()
	now := time.Date(2026, 5, 6, 12, 0, 0, 0, time.Local)
	running := func(ports ...int) *control.Formation {
		f := &control.Formation{Started: now.Add(-time.Hour)}
		for _, port := range ports {
			f.Instances = append(f.Instances, control.Instance{State: "running", Ready: true, Probed: port != 5000, Port: port})
		}
		return f
	}
	mixed := running(5000, 5100)
	mixed.Instances = append(mixed.Instances, control.Instance{State: "waiting"}, control.Instance{State: "stopped", Exit: &control.Exit{Code: 1}})
	old := running()
	old.Started = now.AddDate(0, 0, -2)
	for _, tt := range []struct {
		found                         control.Found
		root, since, ports, instances string
	}{
		{control.Found{Root: root, Pid: 1, Formation: mixed}, root, "11:00:00", "5000,5100", "1 ready, 1 running, 1 exited 1, 1 waiting"},
		{control.Found{Root: root, Pid: 1, Formation: running(1, 2, 3, 4, 9)}, root, "11:00:00", "1…9", "5 ready"},
		{control.Found{Root: filepath.Join(root, "gone"), Pid: 1, Formation: old}, filepath.Join(root, "gone") + " (gone)", "2026-05-04 12:00:00", "-", "none"},
		{control.Found{Root: "/in/container", Formation: old}, "/in/container", "2026-05-04 12:00:00", "-", "none"},
		{control.Found{Root: root, Pid: 1, Suspended: true}, root, "-", "-", "suspended"},
		{control.Found{Name: "shop-12", Pid: 1}, "shop-12 (root unknown)", "-", "-", "does not answer"},
	} {
		o := overviewOf(tt.found)
		for what, got := range map[string][2]string{
			"root": {o.rootText(), tt.root}, "since": {o.sinceText(now), tt.since},
			"ports": {o.portsText(), tt.ports}, "instances": {o.instancesText(), tt.instances},
		} {
			if got[0] != got[1] {
				t.Errorf("%s of %+v is %q, not %q", what, tt.found, got[0], got[1])
			}
		}
	}
}

// What nobody may look at is not gone.
func TestOverviewOfClosedRoots(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may look at everything")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0); err != nil {
		t.Fatal(err)
	}
	if o := overviewOf(control.Found{Root: filepath.Join(dir, "app"), Pid: 1}); o.Gone {
		t.Error("it is shown as gone")
	}
}
