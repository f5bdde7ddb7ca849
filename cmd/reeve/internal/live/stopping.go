package live

import (
	"fmt"
	"slices"
	"strconv"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/diag"
	"reeve/env"
	"reeve/output"
	"reeve/procfile"
	"reeve/supervisor"
)

// stopWith starts the command that asks a run to stop: in the environment of that, with nothing to
// read, and with its output under the name of the run.
func (l *launcher) stopWith(s supervisor.Spec, leader int) (pid int, err error) {
	a := l.runs.apps[s.Name] // by now the files may say something else
	of := procfile.Entry{Type: s.Type, Command: a.Settings.StopCommand[s.Type]}
	environ := append(slices.Clip(l.runs.environs[s.Name]), app.LeaderKey+"="+strconv.Itoa(leader))
	c, _ := a.Command(of, env.Environ(environ))
	if c.Files[0], err = supervisor.NoInput(); err != nil {
		return 0, fmt.Errorf("no standard input: %w", diag.Reason(err))
	}
	streams, err := l.connectPipes(c, s)
	if err != nil {
		return 0, err
	}
	pid, err = supervisor.Spawn(c)
	handedOver(c, err)
	if err != nil {
		discard(streams)
		return 0, app.Explain(c, of.Command, err)
	}
	for _, stream := range streams {
		stream.Pid = pid
	}
	l.runs.stoppers[pid] = streams
	return pid, nil
}

// reportStopper puts the beginning and the end of such a command into the log, and reports whether
// it was one of them.
func (l *launcher) reportStopper(r supervisor.Report, n output.Notice) bool {
	switch streams := l.runs.stoppers[r.Pid]; {
	case r.Kind == supervisor.StopCommandStarted:
		l.mux.Notice(n)
		for _, s := range streams {
			l.mux.Open(s)
		}
	case r.Kind == supervisor.StopCommandEnded && streams != nil:
		l.mux.Ended(streams, n)
		delete(l.runs.stoppers, r.Pid)
	case r.Kind == supervisor.StopCommandEnded:
		l.mux.Notice(n)
	default:
		return false
	}
	return true
}

// discard closes what nothing writes to.
func discard(streams []*output.Stream) {
	for _, stream := range streams {
		stream.Discard()
	}
}
