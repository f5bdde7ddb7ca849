package export

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Formats are all formats, in the order in which help shows them.
var Formats = []*Format{&systemd, &launchd, &runit, &s6, &supervisord, &upstart, &inittab, &crontab, &compose, &kubernetes, &nomad}

// refusePath reports paths that no line of a file can hold.
func refusePath(name, path string) error {
	if strings.ContainsAny(path, "\n\r") || strings.HasSuffix(path, `\`) || strings.TrimSpace(path) != path || !utf8.ValidString(path) {
		return fmt.Errorf("%s %q cannot be written in this format: it contains a line end, begins or ends with a space or a \\, or is not UTF-8", name, path)
	}
	return nil
}

// checkHost reports paths on the machine, and of users without a name.
func checkHost(a App) error {
	if userNumber.Get().MatchString(a.User) {
		return fmt.Errorf("--user %s: must be a name here, not a number", a.User)
	}
	paths := [][2]string{{"the root", a.Root}, {"the location", a.Location}, {"--log", a.Log}, {"--run", a.Run}}
	for _, t := range a.All() {
		paths = append(paths, [2]string{"--dir " + t.Name, a.DirOf(t)})
	}
	for _, path := range paths {
		if err := refusePath(path[0], path[1]); err != nil {
			return err
		}
	}
	return nil
}
