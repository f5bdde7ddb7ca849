package export

import (
	"fmt"
	"strings"
)

// limit is something that a format cannot express.
type limit struct {
	applies func(App) []string // the types, or whatever else, that would need it
	text    string             // %s stands for those
}

// notices says what of an app a format cannot express.
func (f Format) notices(a App) []string {
	var notices []string
	for _, l := range f.limits {
		if names := l.applies(a); len(names) > 0 {
			notices = append(notices, fmt.Sprintf(l.text, strings.Join(names, ", ")))
		}
	}
	return notices
}

// types finds the types for which something holds.
func types(which func(Type) bool) func(App) []string {
	return func(a App) []string {
		var names []string
		for _, t := range a.Types {
			if which(t) {
				names = append(names, t.Name)
			}
		}
		return names
	}
}

// text is one thing of the app as a whole.
func text(of func(App) string) func(App) []string {
	return func(a App) []string {
		if s := of(a); s != "" {
			return []string{s}
		}
		return nil
	}
}

// What formats commonly lack.
var (
	neverRestarts = types(func(t Type) bool { return t.Restart == "never" })
	onFailure     = types(func(t Type) bool { return t.Restart == "on-failure" })
	endsFormation = types(Type.Ends)
	hasLimit      = types(func(t Type) bool { return t.Limit > 0 && t.Restart != "never" })
	hasOrder      = types(func(t Type) bool { return len(t.After) > 0 })
	hasProbe      = types(func(t Type) bool { return t.Ready != nil })
	hasLogProbe   = types(func(t Type) bool { return t.Ready != nil && !t.Ready.Checkable() })
	otherSignal   = types(func(t Type) bool { return t.Signal != "TERM" })
	hasRun        = text(func(a App) string { return a.Run })
	hasLog        = text(func(a App) string { return a.Log })
	hasRelease    = func(a App) []string {
		if a.Release == nil {
			return nil
		}
		return []string{a.Release.Name}
	}
	hasNoImage = func(a App) []string {
		if a.Image != "" {
			return nil
		}
		return []string{a.ImageName()}
	}
)

// The limits that have the same words in several formats.
var (
	noLogProbe = limit{hasLogProbe, "%s: this format cannot watch for a line of output: the probe is left out, and the type is ready when it runs"}
	noEnding   = limit{endsFormation, "%s: here the end of one process does not stop the others, unlike with start"}
	noProbe    = limit{hasProbe, "%s: there are no probes here: --ready is left out"}
	noOrder    = limit{hasOrder, "%s: there is no order here: --after is left out, so processes must wait for what they need, or retry"}
	noLimit    = limit{hasLimit, "%s: restarts are not limited here: --restart-limit is left out"}
	shellAlone = limit{types(Type.Stays), "%s: the stop signal reaches only the shell, and what it has started is killed: write exec before the last command"}
	noRun      = limit{hasRun, "%s is not created here: --run is left out"}
	ownLog     = limit{hasLog, "%s is not used: the engine keeps the containers' output"}
	guessImage = limit{hasNoImage, "the image is %s: name another one with --image"}
	notRestart = limit{neverRestarts, "%s: nothing restarts it when it ends, as with start: use --restart on-failure or always"}
)
