package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// round is a script at work. It has this process to itself.
type round struct {
	script  *script
	dir     string
	family  *family
	outlet  *outlet
	errors  *outlet
	aborted <-chan struct{}

	killed bool // reeve was sent SIGKILL
	facts  facts
	faults []string // what reeve did wrong
}

// play plays one round and returns what reeve did wrong. Nobody of it is left then.
func play(s *script, reeve string, aborted <-chan struct{}) (faults []string, err error) {
	dir, err := workspace(s, reeve)
	defer os.RemoveAll(dir)
	if err != nil {
		return nil, err
	}
	r := &round{script: s, dir: dir, aborted: aborted}
	if err := r.start(); err != nil {
		return nil, err
	}
	r.befall(time.Now())
	r.judge()
	if !r.family.kill() {
		r.fault("cannot be killed", r.family.alive()...)
	}
	r.outlet.shut()
	r.errors.shut()
	if len(r.faults) > 0 {
		r.faults = append(r.faults, r.evidence())
	}
	return r.faults, nil
}

// start starts reeve.
func (r *round) start() (err error) {
	path, argv := filepath.Join(r.dir, "reeve"), append([]string{"./reeve", "start"}, r.script.flags...)
	if r.script.pid1 {
		argv = append(r.script.unshare(), argv...)
		if path, err = exec.LookPath(argv[0]); err != nil {
			return err
		}
	}
	if r.outlet, err = openOutlet(r.script.outlet, filepath.Join(r.dir, "log")); err != nil {
		return err
	}
	kind := r.script.errors
	if kind == "same" {
		kind = "none"
	}
	if r.errors, err = openOutlet(kind, filepath.Join(r.dir, "stderr")); err != nil {
		return err
	}
	stderr := r.errors.theirs
	if r.script.errors == "same" {
		stderr = r.outlet.theirs
	}
	r.facts.deaf = slices.Contains(deafOutlets, r.script.outlet)
	null, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	p, err := os.StartProcess(path, argv, &os.ProcAttr{
		Dir: r.dir, Env: r.environ(), Sys: r.script.attributes(),
		Files: []*os.File{null, r.outlet.theirs, stderr},
	})
	if err != nil {
		return err
	}
	r.family = follow(p.Pid)
	r.outlet.begin()
	r.errors.begin()
	return nil
}

// unshare makes a PID namespace, if that is permitted.
var unshare = []string{"unshare", "--pid", "--fork", "--mount-proc"}

// unshare is the one that a round needs.
func (s *script) unshare() []string {
	if s.alien {
		return slices.Clone(unshare[:3]) // it leaves /proc as it is
	}
	return slices.Clone(unshare)
}

// environ is the environment without what configures reeve. The race detector's
// reports go to files, as nobody hears a process that has no standard error.
func (r *round) environ() []string {
	e := slices.DeleteFunc(os.Environ(), func(entry string) bool {
		return strings.HasPrefix(entry, "REEVE_") || strings.HasPrefix(entry, "PORT=")
	})
	return append(e, "XDG_RUNTIME_DIR="+r.dir, "GORACE=log_path="+filepath.Join(r.dir, "race"))
}

// workspace makes the directory of a round.
func workspace(s *script, reeve string) (dir string, err error) {
	if dir, err = os.MkdirTemp("", "torture"); err != nil {
		return "", err
	}
	if err := s.app.write(dir, reeve); err != nil || s.app.nested == nil {
		return dir, err
	}
	inner := filepath.Join(dir, "nested")
	if err := os.Mkdir(inner, 0o755); err != nil {
		return dir, err
	}
	if err := os.Symlink("../"+birthsFile, filepath.Join(inner, birthsFile)); err != nil {
		return dir, err
	}
	return dir, s.app.nested.write(inner, reeve)
}

// write puts an app into a directory.
func (a app) write(dir, reeve string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	for name, target := range map[string]string{actName: self, "reeve": reeve} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "forbidden"), []byte("#!/bin/sh\n"), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "Procfile"), []byte(a.procfile()), 0o644)
}
