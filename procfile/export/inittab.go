package export

import (
	"fmt"
	"strconv"
	"strings"

	"reeve/procfile/export/internal/template"
)

// inittab is the table of System V's init.
var inittab = Format{
	Name:    "inittab",
	Summary: "lines for the inittab of System V init, and a script for each instance",
	OwnLogs: true,
	usual:   "/etc",
	logs:    "/var/log/{app}",
	next:    "cat {location}/{app}.inittab >> /etc/inittab && telinit q",
	pages: func(a App) []page {
		pages := []page{{path: a.Name + ".inittab", template: "inittab", mode: 0o644}}
		pages = append(pages, release(a, page{path: a.Name + "-release.sh", template: "script", mode: 0o755})...)
		pages = append(pages, each(a, func(_ *Type, i *Instance) []page {
			return []page{{path: a.Name + "-" + i.Dashed() + ".sh", template: "script", mode: 0o755}}
		})...)
		return append(pages, envPage(a, a.User)...)
	},
	owned: []string{"{app}.inittab", "{app}-{type}-{n}.sh", "{app}-release.sh", "{app}.env"},
	holds: holdsShell,
	check: checkInittab,
	limits: []limit{
		noStopper, noHealth, noSocket, noProbe, noOrder, noLimit, notRestart, noEnding,
		{types: onFailure, text: "%s: init restarts it whatever its exit code: --restart always is used"},
		{types: otherSignal, text: "%s: init always sends TERM: --stop-signal is left out"},
		{types: func(t Type) bool { return t.Grace.Seconds() != 5 }, text: "%s: init waits for 5 seconds, or as its own -t says: --timeout is left out"},
	},
	view: func() []template.Method {
		return []template.Method{
			{Name: "InittabLines", Func: inittabLines},
			{Name: "Assignments", Func: ofInstance(assignmentsOf)},
		}
	},
}

// maxProcess is how long the process of a line may be (inittab(5)).
const maxProcess = 127

// maxLines is how many instances names of four characters suffice for.
const maxLines = 36*36 - 1

// checkInittab reports what does not fit into the lines.
func checkInittab(a App) error {
	lines := inittabLines(a)
	if len(lines) > maxLines {
		return fmt.Errorf("inittab has room for %d instances of an app, but there are %d", maxLines, len(lines))
	}
	for _, l := range lines {
		if len(l.Process) > maxProcess || strings.ContainsAny(l.Process, " \t;|&<>()$`\\\"'*?[]#~=%") {
			return fmt.Errorf("init cannot run %s: choose a location with a short, plain path", l.Process)
		}
	}
	return checkHost(a)
}

// InittabLine is a line of the table.
type InittabLine struct{ ID, Action, Process string }

// inittabLines are the lines of an app. An id has four characters: two of the app's name
// and a number, of which the first hundred are written as foreman does.
func inittabLines(a App) []InittabLine {
	var lines []InittabLine
	add := func(action, name string) {
		n := len(lines) + 1
		number := fmt.Sprintf("%02d", n)
		if n > 99 {
			number = strings.ToUpper(strconv.FormatInt(int64(n-100+10*36), 36))
		}
		id := strings.ToUpper((dnsName(a.Name) + "xx")[:2]) + number
		lines = append(lines, InittabLine{id, action, a.Location + "/" + a.Name + "-" + name + ".sh"})
	}
	if a.Release != nil {
		add("wait", "release")
	}
	for _, t := range a.Types {
		action := "respawn"
		if t.Restart == "never" {
			action = "once"
		}
		for _, i := range t.Instances {
			add(action, i.Dashed())
		}
	}
	return lines
}

// setpriv switches to a user.
func setpriv(user string) string {
	return "setpriv --reuid=" + user + ` --regid="$(id -g ` + user + `)" --init-groups`
}
