package export

import (
	"errors"
	"fmt"
	"strings"

	"reeve/procfile/export/internal/template"
)

// crontab is a table of cron, for what has a schedule and nothing else.
var crontab = Format{
	Name:      "crontab",
	Summary:   "lines for cron, and a script for each instance that has a schedule",
	Schedules: true,
	TimedOnly: true,
	usual:     "/var/lib/cron",
	userUsual: "~/.local/lib/cron",
	nextFor: func(a App) string {
		if a.UserUnits() {
			return "{ crontab -l; cat {location}/{app}.crontab; } | crontab -"
		}
		// What has a dot in its name Debian's cron does not read.
		return "cp {location}/{app}.crontab /etc/cron.d/" + dnsName(a.Name)
	},
	pages: func(a App) []page {
		pages := []page{{path: a.Name + ".crontab", template: "crontab", mode: 0o644}}
		pages = append(pages, each(a, func(_ *Type, i *Instance) []page {
			return []page{{path: a.Name + "-" + i.Dashed() + ".sh", template: "script", mode: 0o755}}
		})...)
		return append(pages, envPage(a, a.User)...)
	},
	owned: []string{"{app}.crontab", "{app}-{type}-{n}.sh", "{app}.env"},
	holds: holdsShell,
	check: checkCrontab,
	limits: []limit{
		noOrder, noStopper, noTimeLimit, noRun, noZone, atFullHours,
		{app: hasRelease, text: "%s: cron never runs it: run it before you install the lines"},
		{types: func(t Type) bool { return t.Restart != "never" }, text: "%s: cron does not retry before it is due again: --restart is left out"},
	},
	view: func() []template.Method {
		return []template.Method{
			{Name: "Lines", Func: crontabLines},
			{Name: "Assignments", Func: ofInstance(assignmentsOf)},
		}
	},
}

// checkCrontab reports what stays, and what does not fit into a line.
func checkCrontab(a App) error {
	errs := []error{checkHost(a), checkFields(a)}
	if strings.ContainsAny(a.Location, " \t;|&<>()$`\\\"'*?[]#~=%") {
		errs = append(errs, fmt.Errorf("cron cannot run scripts in %s: choose a location with a plain path", a.Location))
	}
	return errors.Join(errs...)
}

// crontabLines are the lines of an app: when, as whom where that is a matter of the table, and what.
func crontabLines(a App) (lines []string) {
	for _, t := range a.Types {
		for _, i := range t.Instances {
			words := []string{cronFields(t), a.User, a.Location + "/" + a.Name + "-" + i.Dashed() + ".sh"}
			if a.UserUnits() {
				words = []string{words[0], words[2]}
			}
			lines = append(lines, strings.Join(words, " "))
		}
	}
	return lines
}
