package live

import (
	"reeve/cmd/reeve/internal/settings"
	"reeve/output"
	"reeve/procfile"
	"reeve/supervisor"
)

// The release entry runs before the formation, as a formation of one instance. If it fails, nothing
// else starts.

// releaseSpec is the one instance of a release. It is never started again.
func releaseSpec(o *settings.Options) supervisor.Spec {
	return supervisor.Spec{
		Name: procfile.InstanceName(procfile.Release, 1), Type: procfile.Release,
		Stop: o.StopSignal.Of(procfile.Release), Grace: o.Timeout.Of(procfile.Release),
		StopCommand: o.StopCommand[procfile.Release] != "",
	}
}

// runRelease runs the release entry to completion, and reports whether to go on.
func (l *launcher) runRelease(c supervisor.Config) (exitCode int, goOn bool) {
	c.Report = func(r supervisor.Report) {
		if r.Kind != supervisor.FormationStopping || r.Instance == "" {
			l.report(r)
		}
	}
	s := l.phase.enter(released, c)
	exitCode = s.Run()
	l.phase.why = releaseEnd(exitCode, s.Asked())
	if exitCode != 0 {
		l.mux.Notice(output.Notice{Event: "release-failed", Text: "release failed: nothing else is started", Failure: true})
	}
	return exitCode, exitCode == 0 && !s.Asked()
}
