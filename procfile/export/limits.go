package export

import (
	"fmt"
	"strings"

	"reeve/procfile/probe"
)

// limit is something that a format cannot express.
type limit struct {
	types func(Type) bool  // whether a type would need it, or
	app   func(App) string // what of the app would; empty: nothing
	text  string           // %s stands for those
}

// notices say what a format cannot express about an app.
func (f Format) notices(a App) []string {
	var notices []string
	for _, l := range f.limits {
		if names := l.names(a); len(names) > 0 {
			notices = append(notices, fmt.Sprintf(l.text, strings.Join(names, ", ")))
		}
	}
	return notices
}

// names are what needs more than the format offers.
func (l limit) names(a App) []string {
	if l.app != nil {
		if name := l.app(a); name != "" {
			return []string{name}
		}
		return nil
	}
	var names []string
	for _, t := range a.Types {
		if l.types(t) {
			names = append(names, t.Name)
		}
	}
	return names
}

// What formats commonly lack, of types and of the app.
func neverRestarts(t Type) bool { return t.Restart == "never" && !t.IsTask() }
func onFailure(t Type) bool     { return t.Restart == "on-failure" }
func endsFormation(t Type) bool { return t.Ends() }
func hasLimit(t Type) bool      { return t.Limit > 0 && t.Restart != "never" }
func hasOrder(t Type) bool      { return len(t.After) > 0 }
func hasProbe(t Type) bool      { return t.Ready != nil && !t.IsTask() }
func hasStopper(t Type) bool    { return t.StopCommand != "" }
func hasHealth(t Type) bool     { return t.Health != nil }
func hasOwnDir(t Type) bool     { return t.Dir != "" && t.InImage() == "" }
func hasLogProbe(t Type) bool   { return t.Has(probe.Log) }
func otherSignal(t Type) bool   { return t.Signal != "TERM" }
func hasSocket(t Type) bool     { return t.Socket != nil }
func staysShell(t Type) bool    { return t.Stays() }

func hasRun(a App) string { return a.Run }
func hasLog(a App) string { return a.Log }

func hasRelease(a App) string {
	if a.Release == nil {
		return ""
	}
	return a.Release.Name
}

func hasNoImage(a App) string {
	if a.Image != "" {
		return ""
	}
	return a.ImageName()
}

// The limits that have the same words in several formats.
var (
	noLogProbe  = limit{types: hasLogProbe, text: "%s: this format cannot watch for a line of output: the probe is left out, and the type is ready when it runs"}
	noEnding    = limit{types: endsFormation, text: "%s: here the end of one process does not stop the others, unlike with start"}
	noProbe     = limit{types: hasProbe, text: "%s: there are no probes here: --ready is left out"}
	noHealth    = limit{types: hasHealth, text: "%s: nothing here checks the health of a process that runs: --health is left out"}
	noStopper   = limit{types: hasStopper, text: "%s: the stop signal is sent, and no command is run to stop it: --stop-command is left out"}
	noOrder     = limit{types: hasOrder, text: "%s: there is no order here: --after is left out, so processes must wait for what they need, or retry"}
	noSocket    = limit{types: hasSocket, text: "%s: nothing here holds a socket over restarts: --listen is left out, and the program must listen itself"}
	noLimit     = limit{types: hasLimit, text: "%s: restarts are not limited here: --restart-limit is left out"}
	shellAlone  = limit{types: staysShell, text: "%s: the stop signal reaches only the shell, and what it has started is killed: write exec before the last command"}
	noRun       = limit{app: hasRun, text: "%s is not created here: --run is left out"}
	ownLog      = limit{app: hasLog, text: "%s is not used: the engine keeps the containers' output"}
	shellForDir = limit{types: hasOwnDir, text: "%s: the image needs /bin/sh, which changes to the directory of --dir"}
	guessImage  = limit{app: hasNoImage, text: "the image is %s: name another one with --image"}
	noTimeLimit = limit{types: Type.Limited, text: "%s: what runs to completion may take any time here: --ready-timeout is left out"}
	notRestart  = limit{types: neverRestarts, text: "%s: nothing restarts it when it ends, as with start: use --restart on-failure or always"}
)
