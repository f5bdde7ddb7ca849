package export

import (
	"fmt"
	"strings"
	"unicode"
)

// launchd is macOS's own process manager.
var launchd = Format{
	Name:      "launchd",
	Summary:   "property lists for launchd of macOS, one for each instance",
	usual:     "/Library/LaunchDaemons",
	userUsual: "~/Library/LaunchAgents",
	logs:      "/var/log/{app}",
	userLogs:  "~/Library/Logs/{app}",
	next:      "launchctl bootstrap system {location}/{app}-*.plist",
	userNext:  "launchctl bootstrap gui/$(id -u) {location}/{app}-*.plist",
	pages: func(a App) []page {
		pages := each(a, func(_ *Type, i *Instance) []page {
			return []page{{path: a.Name + "-" + i.Dashed() + ".plist", template: "launchd.plist", mode: 0o644}}
		})
		pages = append(pages, release(a, page{path: a.Name + "-release.plist", template: "launchd.plist", mode: 0o644})...)
		return append(pages, envPage(a, a.User)...)
	},
	owned: []string{"{app}-{type}-{n}.plist", "{app}-release.plist", "{app}.env"},
	holds: holdsShell,
	check: checkLaunchd,
	limits: []limit{
		noStopper, noHealth, noSocket, noProbe, noOrder, noLimit, notRestart, noEnding, noRun, shellAlone,
		{types: otherSignal, text: "%s: launchd always sends TERM: --stop-signal is left out"},
		{app: hasRelease, text: "%s: launchd does not run it before the others start: run it yourself first"},
	},
}

// IsRelease reports whether a page is about the release entry.
func (p Page) IsRelease() bool {
	return p.Type != nil && p.App.Release != nil && p.Type.Name == p.App.Release.Name
}

// checkLaunchd reports what XML cannot hold.
func checkLaunchd(a App) error {
	for _, t := range a.All() {
		if hasControl(t.Command) {
			return fmt.Errorf("%s: a property list cannot hold the control characters of its command", t.Name)
		}
	}
	if strings.Contains(a.Name, "--") {
		return fmt.Errorf("the app's name %q cannot be part of an XML comment: choose another with --app", a.Name)
	}
	return checkHost(a)
}

func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\t' })
}
