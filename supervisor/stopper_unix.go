//go:build unix

package supervisor

import "syscall"

// A run can be asked to stop by a command in place of the stop signal: docker stop, for what docker
// run is only the client of. The command is no part of the run, so it is not asked to stop with
// that; but the stop is over only when it has ended as well, and SIGKILL is for both. What it
// leaves behind is the run's, as its marker says.
//
// While the command is trusted to stop the run, nothing of that gets the stop signal as long as the
// leader lives. If the command fails, the signal takes its place.

// stopWith runs the command that asks a run to stop. Its leader lives.
func (p *Processes) stopWith(r *run) {
	r.byCommand, r.spare = true, true
	pid, err := p.StopWith(r.Spec, r.pid)
	if err != nil {
		p.stopperFailed(r, Report{Status: Status{Code: StartCode(err), Err: err}})
		return
	}
	if p.stoppers == nil {
		p.stoppers = map[int]*run{}
	}
	r.stopper = pid
	p.stoppers[pid] = r
	p.reportStop(r, Report{Kind: StopCommandStarted, Pid: pid})
}

// stopperEnded is the end of such a command.
type stopperEnded struct {
	of     *run
	pid    int
	status Status
}

// endStoppers draws the conclusions, once it is known who else has ended.
func (p *Processes) endStoppers(all []stopperEnded) {
	for _, e := range all {
		r := Report{Kind: StopCommandEnded, Pid: e.pid, Status: e.status}
		if e.status.ExitCode() != 0 && e.of.byCommand && e.of.last == 0 && p.live[e.of.pid] == e.of {
			p.stopperFailed(e.of, r)
			continue
		}
		p.reportStop(e.of, r)
	}
}

// stopperFailed sends the stop signal after all, to whom it is due by now.
func (p *Processes) stopperFailed(r *run, why Report) {
	why.Kind, why.Failed, why.Signal = StopCommandEnded, true, r.Stop
	p.reportStop(r, why)
	r.byCommand = false
	r.askOwn()
	if r.restToo {
		p.Ask([]int{r.pid})
	}
}

func (p *Processes) reportStop(of *run, r Report) {
	if p.Report != nil {
		r.Instance, r.Type = of.Name, of.Type
		p.Report(r)
	}
}

// signalStopper sends a signal to the command that asks a run to stop, and reports whether there is
// one.
func (r *run) signalStopper(sig syscall.Signal) bool {
	if r.stopper == 0 {
		return false
	}
	_ = syscall.Kill(-r.stopper, sig)
	return true
}

// isHelper reports whether a process helps the formation and is no run.
func (p *Processes) isHelper(pid int) bool { return p.helpers[pid] != nil || p.stoppers[pid] != nil }
