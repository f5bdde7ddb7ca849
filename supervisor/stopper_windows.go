package supervisor

import "os"

// stopWith runs the command that asks a run to stop, and reports whether it has begun. Unlike
// elsewhere, the stop is over when the run has ended, whatever the command does.
func (p *Processes) stopWith(leader int) bool {
	s := p.specs[leader]
	if !s.StopCommand {
		return false
	}
	pid, err := p.StopWith(s, leader)
	if err != nil {
		st := Status{Code: StartCode(err), Err: err}
		p.Report(Report{Kind: StopCommandEnded, Instance: s.Name, Type: s.Type, Status: st, Failed: true, Signal: s.Stop})
		return false
	}
	p.stoppers[pid] = leader
	p.Report(Report{Kind: StopCommandStarted, Instance: s.Name, Type: s.Type, Pid: pid})
	go p.wait(pid)
	return true
}

// stopperEnded reports whether it is such a command that has ended. If it has failed, the run is
// asked after all.
func (p *Processes) stopperEnded(e Exit) bool {
	leader, ok := p.stoppers[e.Pid]
	if !ok {
		return false
	}
	delete(p.stoppers, e.Pid)
	_, lives := spawned.Load(leader)
	s, failed := p.specs[leader], lives && e.Status.ExitCode() != 0
	p.Report(Report{Kind: StopCommandEnded, Instance: s.Name, Type: s.Type, Pid: e.Pid, Status: e.Status, Failed: failed, Signal: s.Stop})
	if failed {
		askGroup(leader)
	}
	return true
}

// killStoppers ends the commands that ask a run to stop.
func (p *Processes) killStoppers(leader int) {
	for pid, of := range p.stoppers {
		if v, ok := spawned.Load(pid); ok && of == leader {
			_ = v.(*os.Process).Kill()
		}
	}
}
