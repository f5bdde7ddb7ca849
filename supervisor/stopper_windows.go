package supervisor

import "golang.org/x/sys/windows"

// A run can be asked to stop by a command in place of Ctrl-Break. The stop is over only when the
// command has ended as well, and the end of the grace period is for both. While the command is
// trusted to stop the run, nothing else asks it as long as the leader lives.

// stopWith runs the command that asks a run to stop, and reports whether the rest is up to that.
func (p *Processes) stopWith(r *run) bool {
	if !r.StopCommand {
		return false
	}
	pid, err := p.StopWith(r.Spec, r.pid)
	if err != nil {
		st := Status{Code: StartCode(err), Err: err}
		p.reportStop(r, Report{Kind: StopCommandEnded, Status: st, Failed: true, Signal: r.stopSignal()})
		return false
	}
	r.byCommand, r.stopper = true, childOf(pid)
	p.stoppers[pid] = r
	p.reportStop(r, Report{Kind: StopCommandStarted, Pid: pid})
	p.await(r.stopper)
	return true
}

// stopperEnded is the end of such a command. If it has failed, the run is asked after all.
func (p *Processes) stopperEnded(e ended) {
	r := p.stoppers[e.pid]
	if r == nil {
		return
	}
	delete(p.stoppers, e.pid)
	_ = windows.CloseHandle(r.stopper.process)
	r.stopper.forget()
	r.stopper = nil
	failed := e.code != 0 && !r.headless && !r.killed
	p.reportStop(r, Report{Kind: StopCommandEnded, Pid: e.pid, Status: Status{Code: int(e.code)}, Failed: failed, Signal: r.stopSignal()})
	if failed {
		r.byCommand = false
		r.ask()
	}
}

func (p *Processes) reportStop(of *run, r Report) {
	if p.Report != nil {
		r.Instance, r.Type = of.Name, of.Type
		p.Report(r)
	}
}
