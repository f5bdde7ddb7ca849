package live

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/notify"
	"reeve/cmd/reeve/internal/settings"
	"reeve/env"
	"reeve/procfile/probe"
	"reeve/supervisor"
)

// A process of a type with --ready or --health TYPE=notify tells itself how it is (sd_notify(3)).
// Each run has a socket of its own, so that no message of an earlier one is taken for one of the
// present run, and a sender that has ended by the time its message is read is known by where that went.

// notices are what the present runs have told. The struct is the loop's.
type notices struct {
	formation string
	ask       *requests
	keep      func(files ...string) // has the guardian remove it
	of        map[string]*told      // by instance
	paths     map[string]string     // of the sockets, by instance
}

// told is what a run has told. A message is taken as soon as it comes, by whoever is awake first,
// since its sender may be gone the next moment: hence the lock.
type told struct {
	of       *notices
	instance string
	socket   *notify.Socket
	leader   atomic.Int64  // 0: not known yet
	ready    chan struct{} // closed by READY=1

	lock     sync.Mutex // of taking a message, and of what follows
	status   string
	stopping bool
	failing  bool
	alive    time.Time     // when it last said so
	silence  time.Duration // that it has asked for; 0: none
}

// usesNotify reports whether the processes of a type are to tell how they are.
func usesNotify(o *settings.Options, typ string) bool {
	return o.Ready[typ].Kind == probe.Notify || o.Health[typ].Kind == probe.Notify
}

// open gives the next run of an instance a socket, and tells its command of it.
func (n *notices) open(c *supervisor.Command, s supervisor.Spec, watchdog bool) error {
	n.close(s.Name)
	if n.of == nil {
		n.of, n.paths = map[string]*told{}, map[string]string{}
	}
	if n.paths[s.Name] == "" {
		n.paths[s.Name] = notify.NewPath(s.Name)
		n.keep(n.paths[s.Name])
	}
	socket, err := notify.Listen(n.paths[s.Name])
	if err != nil {
		return fmt.Errorf("no socket for its messages: %w", diag.Reason(err))
	}
	t := &told{of: n, instance: s.Name, socket: socket, ready: make(chan struct{}), alive: time.Now()}
	n.of[s.Name] = t
	own := env.Environ{"NOTIFY_SOCKET=" + socket.Address()}
	if watchdog {
		own = append(own, "WATCHDOG_USEC="+strconv.FormatInt(s.Health.Every.Microseconds(), 10))
	}
	c.Env = append(env.Environ(c.Env).Without(env.Environ{"NOTIFY_SOCKET=", "WATCHDOG_USEC=", "WATCHDOG_PID="}), own...)
	go socket.Each(t.takeAll)
	return nil
}

// close ends the socket of an instance's run.
func (n *notices) close(instance string) {
	if t := n.of[instance]; t != nil {
		t.socket.Close()
		delete(n.of, instance)
	}
}

// closeAll ends those that are left.
func (n *notices) closeAll() {
	for instance := range n.of {
		n.close(instance)
	}
}

// takeAll takes the messages that have come.
func (t *told) takeAll() {
	t.lock.Lock()
	defer t.lock.Unlock()
	for {
		m, from, ok := t.socket.Next()
		if !ok {
			return
		}
		if t.isOwn(from) {
			t.take(m)
		}
	}
}

// isOwn reports whether a message comes from the run whose socket it has come to. Where the sender is
// gone, only who has the run's environment can have known the socket.
func (t *told) isOwn(from notify.Sender) bool {
	if from.Pid == 0 {
		return false
	}
	yes, gone := supervisor.IsOfRun(from.Pid, t.of.formation, t.instance, int(t.leader.Load()))
	return yes || gone && (from.Uid == os.Geteuid() || os.Geteuid() == 0)
}

// take does what a message says.
func (t *told) take(m notify.Message) {
	if m.Ready {
		t.alive = time.Now()
		if !isClosed(t.ready) {
			close(t.ready)
		}
	}
	if m.Alive {
		t.alive, t.failing = time.Now(), false
	}
	t.failing, t.stopping = t.failing || m.Failing, t.stopping || m.Stopping
	if m.Status != nil {
		t.status = *m.Status
	}
	if m.Silence > 0 {
		t.silence = m.Silence
	}
	if m.Extend > 0 {
		go t.of.extend(t, m.Extend) // it may be the loop that has taken it
	}
}

// extend gives a run more time, if it is the present one still.
func (n *notices) extend(t *told, by time.Duration) {
	n.ask.onLoop(func() {
		if n.of[t.instance] == t {
			n.ask.phase.loop().Extend(t.instance, by)
		}
	})
}

// present is what the present run of an instance has told; nil: there is none. Others than the loop
// ask it by this.
func (n *notices) present(instance string) (t *told) {
	n.ask.onLoop(func() { t = n.of[instance] })
	return t
}

// wasReady reports whether an instance's run has said that it is ready, perhaps as the last thing.
func (n *notices) wasReady(instance string) bool {
	t := n.of[instance]
	if t == nil {
		return false
	}
	t.takeAll()
	return isClosed(t.ready)
}

// statuses are what the runs say of themselves, for people. The loop calls it.
func (n *notices) statuses() map[string]string {
	all := map[string]string{}
	for instance, t := range n.of {
		t.lock.Lock()
		all[instance] = t.status
		t.lock.Unlock()
	}
	return all
}

var errNotTold = errors.New("READY=1 has not come")

// awaitReady waits until a run says that it is ready.
func (n *notices) awaitReady(ctx context.Context, instance string) error {
	t := n.present(instance)
	if t == nil {
		return errNotTold
	}
	select {
	case <-t.ready:
		return nil
	case <-ctx.Done():
	}
	t.lock.Lock()
	defer t.lock.Unlock()
	if status := strings.TrimSpace(t.status); status != "" {
		return fmt.Errorf("%w; its status: %s", errNotTold, status)
	}
	return errNotTold
}

// check reports why a run is not healthy, which is to speak up at least so often.
func (n *notices) check(instance string, every time.Duration) error {
	t := n.present(instance)
	if t == nil {
		return nil
	}
	t.lock.Lock()
	defer t.lock.Unlock()
	if t.silence > 0 {
		every = t.silence
	}
	switch silent := time.Since(t.alive); {
	case t.stopping:
		return nil
	case t.failing:
		return errors.New("it says so itself, by WATCHDOG=trigger")
	case silent > every:
		return fmt.Errorf("no WATCHDOG=1 for %v", silent.Round(100*time.Millisecond))
	}
	return nil
}
