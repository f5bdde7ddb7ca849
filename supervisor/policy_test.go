//go:build unix

package supervisor

import (
	"fmt"
	"syscall"
	"testing"
	"time"
)

const (
	second = time.Second
	minute = time.Minute
)

var (
	alwaysAgain    = Spec{Restart: RestartAlways}
	againOnFailure = Spec{Restart: RestartOnFailure}
	canDie         = Spec{CanDie: true}
	crash          = Status{Code: 3}
	errScarce      = fmt.Errorf("no more processes: %w", syscall.EAGAIN)
)

// after is a policy: what it comes after.
func after(types ...string) Spec { return Spec{After: types} }

// probed gives a policy a probe with the time of ten seconds.
func probed(s Spec) Spec {
	s.Probed, s.ReadyTimeout = true, 10*second
	return s
}

// policyHistories are about what --restart, --can-die, --after and --ready say.
var policyHistories = []history{
	{
		name:     "a crash loop",
		children: []child{{name: "web.1", life: time.Millisecond, ends: crash, policy: alwaysAgain}},
		requests: []request{{at: 5 * second, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
1ms    · web.1 has ended: exit 3
1ms    · web.1 will start in 100ms
1ms    ask the rest of web.1
1ms    · web.1 is gone
101ms  · web.1 has started
102ms  · web.1 has ended: exit 3
102ms  · web.1 will start in 200ms
102ms  ask the rest of web.1
102ms  · web.1 is gone
302ms  · web.1 has started
303ms  · web.1 has ended: exit 3
303ms  · web.1 will start in 400ms
303ms  ask the rest of web.1
303ms  · web.1 is gone
703ms  · web.1 has started
704ms  · web.1 has ended: exit 3
704ms  · web.1 will start in 800ms
704ms  ask the rest of web.1
704ms  · web.1 is gone
1.504s · web.1 has started
1.505s · web.1 has ended: exit 3
1.505s · web.1 will start in 1.6s
1.505s ask the rest of web.1
1.505s · web.1 is gone
3.105s · web.1 has started
3.106s · web.1 has ended: exit 3
3.106s · web.1 will start in 3.2s
3.106s ask the rest of web.1
3.106s · web.1 is gone
5s     · stopping: SIGTERM
5s     exit 0, as asked
`,
	},
	{
		name:     "a restart that cannot begin for a reason that passes",
		children: []child{{name: "web.1", then: []child{{fails: errScarce}, {fails: errScarce}, {life: second, ends: crash}}}},
		requests: []request{restart(second, "web.1")},
		want: `
0s     · web.1 has started
1s     ask web.1
1s     · web.1 has ended: exit 0
1s     · web.1 is gone
1s     · web.1 has ended: no more processes: resource temporarily unavailable
1s     · web.1 will start in 100ms
1.1s   · web.1 has ended: no more processes: resource temporarily unavailable
1.1s   · web.1 will start in 200ms
1.3s   · web.1 has started
2.3s   · web.1 has ended: exit 3
2.3s   · stopping: web.1 exit 3
2.3s   ask the rest of web.1
2.3s   · web.1 is gone
2.3s   exit 3
1s     → web.1 failed: no more processes: resource temporarily unavailable
`,
	},
	{
		name:     "a formation that does not fit",
		children: []child{{name: "web.1"}, {name: "worker.1", fails: errScarce}},
		want: `
0s     · web.1 has started
0s     · worker.1 has ended: no more processes: resource temporarily unavailable
0s     · stopping: worker.1 no more processes: resource temporarily unavailable
0s     ask web.1
0s     · web.1 has ended: exit 0
0s     · web.1 is gone
0s     exit 126
`,
	},
	{
		name:     "a run of ten seconds is a success",
		children: []child{{name: "web.1", life: 1 * second, ends: crash, policy: againOnFailure, then: []child{{life: 9999 * time.Millisecond, ends: crash}, {life: 10 * second, ends: crash}, {life: second, ends: crash}, {}}}},
		requests: []request{{at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
1s     · web.1 has ended: exit 3
1s     · web.1 will start in 100ms
1s     ask the rest of web.1
1s     · web.1 is gone
1.1s   · web.1 has started
11.099s · web.1 has ended: exit 3
11.099s · web.1 will start in 200ms
11.099s ask the rest of web.1
11.099s · web.1 is gone
11.299s · web.1 has started
21.299s · web.1 has ended: exit 3
21.299s · web.1 will start in 100ms
21.299s ask the rest of web.1
21.299s · web.1 is gone
21.399s · web.1 has started
22.399s · web.1 has ended: exit 3
22.399s · web.1 will start in 200ms
22.399s ask the rest of web.1
22.399s · web.1 is gone
22.599s · web.1 has started
1m0s   · stopping: SIGTERM
1m0s   ask web.1
1m0s   · web.1 has ended: exit 0
1m0s   · web.1 is gone
1m0s   exit 0, as asked
`,
	},
	{
		name:     "a restart limit",
		children: []child{{name: "web.1", life: second, ends: crash, policy: Spec{Restart: RestartAlways, RestartLimit: 2}}, {name: "worker.1"}},
		want: `
0s     · web.1 has started
0s     · worker.1 has started
1s     · web.1 has ended: exit 3
1s     · web.1 will start in 100ms
1s     ask the rest of web.1
1s     · web.1 is gone
1.1s   · web.1 has started
2.1s   · web.1 has ended: exit 3
2.1s   · web.1 will start in 200ms
2.1s   ask the rest of web.1
2.1s   · web.1 is gone
2.3s   · web.1 has started
3.3s   · web.1 has ended: exit 3
3.3s   · web.1 has had 2 restarts
3.3s   · stopping: web.1 exit 3
3.3s   ask worker.1
3.3s   ask the rest of web.1
3.3s   · web.1 is gone
3.3s   · worker.1 has ended: exit 0
3.3s   · worker.1 is gone
3.3s   exit 3
`,
	},
	{
		name:     "a restart limit, and an end that is no failure",
		children: []child{{name: "web.1", life: second, policy: Spec{Restart: RestartAlways, RestartLimit: 1}}},
		want: `
0s     · web.1 has started
1s     · web.1 has ended: exit 0
1s     · web.1 will start in 100ms
1s     ask the rest of web.1
1s     · web.1 is gone
1.1s   · web.1 has started
2.1s   · web.1 has ended: exit 0
2.1s   · web.1 has had 1 restarts
2.1s   · stopping: web.1 exit 0
2.1s   ask the rest of web.1
2.1s   · web.1 is gone
2.1s   exit 1
`,
	},
	{
		name:     "a restart limit of what may die",
		children: []child{{name: "web.1", life: second, ends: crash, policy: Spec{Restart: RestartAlways, RestartLimit: 1, CanDie: true}}, {name: "job.1", life: minute, policy: canDie}},
		want: `
0s     · web.1 has started
0s     · job.1 has started
1s     · web.1 has ended: exit 3
1s     · web.1 will start in 100ms
1s     ask the rest of web.1
1s     · web.1 is gone
1.1s   · web.1 has started
2.1s   · web.1 has ended: exit 3
2.1s   · web.1 has had 1 restarts
2.1s   ask the rest of web.1
2.1s   · web.1 is gone
1m0s   · job.1 has ended: exit 0
1m0s   ask the rest of job.1
1m0s   · job.1 is gone
1m0s   exit 3
`,
	},
	{
		name:     "a restart limit counts what comes without a success between",
		children: []child{{name: "web.1", life: second, ends: crash, policy: Spec{Restart: RestartAlways, RestartLimit: 1}, then: []child{{life: 10 * second, ends: crash}, {life: second, ends: crash}}}},
		want: `
0s     · web.1 has started
1s     · web.1 has ended: exit 3
1s     · web.1 will start in 100ms
1s     ask the rest of web.1
1s     · web.1 is gone
1.1s   · web.1 has started
11.1s  · web.1 has ended: exit 3
11.1s  · web.1 will start in 100ms
11.1s  ask the rest of web.1
11.1s  · web.1 is gone
11.2s  · web.1 has started
12.2s  · web.1 has ended: exit 3
12.2s  · web.1 has had 1 restarts
12.2s  · stopping: web.1 exit 3
12.2s  ask the rest of web.1
12.2s  · web.1 is gone
12.2s  exit 3
`,
	},
	{
		name:     "on failure, and there is none",
		children: []child{{name: "web.1", life: second, ends: crash, policy: againOnFailure, then: []child{{life: second}}}, {name: "worker.1"}},
		want: `
0s     · web.1 has started
0s     · worker.1 has started
1s     · web.1 has ended: exit 3
1s     · web.1 will start in 100ms
1s     ask the rest of web.1
1s     · web.1 is gone
1.1s   · web.1 has started
2.1s   · web.1 has ended: exit 0
2.1s   · stopping: web.1 exit 0
2.1s   ask worker.1
2.1s   ask the rest of web.1
2.1s   · web.1 is gone
2.1s   · worker.1 has ended: exit 0
2.1s   · worker.1 is gone
2.1s   exit 0
`,
	},
	{
		name:     "on failure, by a signal",
		children: []child{{name: "web.1", life: second, ends: term, policy: againOnFailure, then: []child{{life: second}}}},
		want: `
0s     · web.1 has started
1s     · web.1 has ended: SIGTERM
1s     · web.1 will start in 100ms
1s     ask the rest of web.1
1s     · web.1 is gone
1.1s   · web.1 has started
2.1s   · web.1 has ended: exit 0
2.1s   · stopping: web.1 exit 0
2.1s   ask the rest of web.1
2.1s   · web.1 is gone
2.1s   exit 0
`,
	},
	{
		name:     "always, also without a failure",
		children: []child{{name: "web.1", life: second, policy: alwaysAgain, then: []child{{}}}},
		requests: []request{{at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
1s     · web.1 has ended: exit 0
1s     · web.1 will start in 100ms
1s     ask the rest of web.1
1s     · web.1 is gone
1.1s   · web.1 has started
1m0s   · stopping: SIGTERM
1m0s   ask web.1
1m0s   · web.1 has ended: exit 0
1m0s   · web.1 is gone
1m0s   exit 0, as asked
`,
	},
	{
		name:     "what is restarted need not be in time to be stopped",
		children: []child{{name: "web.1", life: second, rest: 2 * second, policy: alwaysAgain, then: []child{{}}}},
		requests: []request{{at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
1s     · web.1 has ended: exit 0
1s     · web.1 will start in 100ms
1s     ask the rest of web.1
3s     · web.1 is gone
3.1s   · web.1 has started
1m0s   · stopping: SIGTERM
1m0s   ask web.1
1m0s   · web.1 has ended: exit 0
1m0s   · web.1 is gone
1m0s   exit 0, as asked
`,
	},
	{
		name:     "a stop while the rest of a run is asked, before a restart",
		children: []child{{name: "web.1", life: second, ends: crash, rest: 2 * second, policy: alwaysAgain}},
		requests: []request{{at: 2 * second, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
1s     · web.1 has ended: exit 3
1s     · web.1 will start in 100ms
1s     ask the rest of web.1
2s     · stopping: SIGTERM
3s     · web.1 is gone
3s     exit 0, as asked
`,
	},
	{
		name:     "a start that fails, with restarts",
		children: []child{{name: "typo.1", fails: ErrNotFound, policy: Spec{Restart: RestartOnFailure, RestartLimit: 2}}, {name: "web.1"}},
		want: `
0s     · typo.1 has ended: command not found
0s     · typo.1 will start in 100ms
0s     · web.1 has started
100ms  · typo.1 has ended: command not found
100ms  · typo.1 will start in 200ms
300ms  · typo.1 has ended: command not found
300ms  · typo.1 has had 2 restarts
300ms  · stopping: typo.1 command not found
300ms  ask web.1
300ms  · web.1 has ended: exit 0
300ms  · web.1 is gone
300ms  exit 127
`,
	},
	{
		name:     "a start that fails once",
		children: []child{{name: "web.1", life: second, ends: crash, policy: againOnFailure, then: []child{{fails: ErrNotFound}, {}}}},
		requests: []request{{at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
1s     · web.1 has ended: exit 3
1s     · web.1 will start in 100ms
1s     ask the rest of web.1
1s     · web.1 is gone
1.1s   · web.1 has ended: command not found
1.1s   · web.1 will start in 200ms
1.3s   · web.1 has started
1m0s   · stopping: SIGTERM
1m0s   ask web.1
1m0s   · web.1 has ended: exit 0
1m0s   · web.1 is gone
1m0s   exit 0, as asked
`,
	},
	{
		name:     "a stop during back-off",
		children: []child{{name: "web.1", fails: ErrNotFound, policy: alwaysAgain}, {name: "worker.1", obeys: second}},
		requests: []request{{at: 250 * time.Millisecond, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has ended: command not found
0s     · web.1 will start in 100ms
0s     · worker.1 has started
100ms  · web.1 has ended: command not found
100ms  · web.1 will start in 200ms
250ms  · stopping: SIGTERM
250ms  ask worker.1
1.25s  · worker.1 has ended: exit 0
1.25s  · worker.1 is gone
1.25s  exit 0, as asked
`,
	},
	{
		name:     "a stop during back-off, when nothing else runs",
		children: []child{{name: "web.1", life: second, ends: crash, policy: alwaysAgain}},
		requests: []request{{at: 1050 * time.Millisecond, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
1s     · web.1 has ended: exit 3
1s     · web.1 will start in 100ms
1s     ask the rest of web.1
1s     · web.1 is gone
1.05s  · stopping: SIGTERM
1.05s  exit 0, as asked
`,
	},
	{
		name:     "what may die, and the exit code of what has run out",
		children: []child{{name: "a.1", life: 1 * second, policy: canDie}, {name: "b.1", life: 2 * second, ends: crash, policy: canDie}, {name: "c.1", life: 3 * second, ends: Status{Code: 4}, policy: canDie}},
		want: `
0s     · a.1 has started
0s     · b.1 has started
0s     · c.1 has started
1s     · a.1 has ended: exit 0
1s     ask the rest of a.1
1s     · a.1 is gone
2s     · b.1 has ended: exit 3
2s     ask the rest of b.1
2s     · b.1 is gone
3s     · c.1 has ended: exit 4
3s     ask the rest of c.1
3s     · c.1 is gone
3s     exit 3
`,
	},
	{
		name:     "all may die, and none fails",
		children: []child{{name: "a.1", life: 1 * second, policy: canDie}, {name: "b.1", life: 2 * second, policy: canDie}},
		want: `
0s     · a.1 has started
0s     · b.1 has started
1s     · a.1 has ended: exit 0
1s     ask the rest of a.1
1s     · a.1 is gone
2s     · b.1 has ended: exit 0
2s     ask the rest of b.1
2s     · b.1 is gone
2s     exit 0
`,
	},
	{
		name:     "the failure of what may die does not count if something else ends the formation",
		children: []child{{name: "a.1", life: 1 * second, ends: crash, policy: canDie}, {name: "b.1", life: 2 * second}},
		want: `
0s     · a.1 has started
0s     · b.1 has started
1s     · a.1 has ended: exit 3
1s     ask the rest of a.1
1s     · a.1 is gone
2s     · b.1 has ended: exit 0
2s     · stopping: b.1 exit 0
2s     ask the rest of b.1
2s     · b.1 is gone
2s     exit 0
`,
	},
	{
		name:     "the failure of what may die does not count in a stop",
		children: []child{{name: "a.1", life: 1 * second, ends: crash, policy: canDie}, {name: "b.1"}},
		requests: []request{{at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · a.1 has started
0s     · b.1 has started
1s     · a.1 has ended: exit 3
1s     ask the rest of a.1
1s     · a.1 is gone
1m0s   · stopping: SIGTERM
1m0s   ask b.1
1m0s   · b.1 has ended: exit 0
1m0s   · b.1 is gone
1m0s   exit 0, as asked
`,
	},
	{
		name:     "a start that fails, of what may die",
		children: []child{{name: "typo.1", fails: ErrNotFound, policy: canDie}, {name: "job.1", life: second, policy: canDie}},
		want: `
0s     · typo.1 has ended: command not found
0s     · job.1 has started
1s     · job.1 has ended: exit 0
1s     ask the rest of job.1
1s     · job.1 is gone
1s     exit 127
`,
	},

	{
		name: "an order of start and stop",
		children: []child{
			{name: "web.1", obeys: second, policy: after("db", "redis")},
			{name: "web.2", obeys: 2 * second, policy: after("db", "redis")},
			{name: "redis.1", obeys: second, ready: 3 * second, policy: probed(after("db"))},
			{name: "db.1", obeys: second, ready: second, policy: probed(Spec{})},
		},
		requests: []request{{at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · db.1 has started
1s     · db.1 is ready
1s     · redis.1 has started
4s     · redis.1 is ready
4s     · web.1 has started
4s     · web.2 has started
1m0s   · stopping: SIGTERM
1m0s   ask web.1 web.2
1m1s   · web.1 has ended: exit 0
1m1s   · web.1 is gone
1m2s   · web.2 has ended: exit 0
1m2s   · web.2 is gone
1m2s   ask redis.1
1m3s   · redis.1 has ended: exit 0
1m3s   · redis.1 is gone
1m3s   ask db.1
1m4s   · db.1 has ended: exit 0
1m4s   · db.1 is gone
1m4s   exit 0, as asked
`,
	},
	{
		name: "each has its own grace period when its turn comes",
		children: []child{
			{name: "db.1", obeys: never, policy: Spec{Grace: 20 * second}},
			{name: "web.1", obeys: never, policy: Spec{After: []string{"db"}, Grace: 2 * second}},
		},
		requests: []request{{at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · db.1 has started
0s     · web.1 has started
1m0s   · stopping: SIGTERM
1m0s   ask web.1
1m1s   ask the rest of web.1
1m2s   · web.1 did not stop in 2s
1m2s   kill web.1
1m2s   · web.1 has ended: SIGKILL
1m2s   kill web.1
1m2s   · web.1 is gone
1m2s   ask db.1
1m12s  ask the rest of db.1
1m22s  · db.1 did not stop in 20s
1m22s  kill db.1
1m22s  · db.1 has ended: SIGKILL
1m22s  kill db.1
1m22s  · db.1 is gone
1m22s  exit 137, as asked
`,
	},
	{
		name: "a second signal kills whatever the order",
		children: []child{
			{name: "db.1", obeys: never},
			{name: "web.1", obeys: never, policy: after("db")},
			{name: "clock.1", policy: after("web", "nobody")},
		},
		requests: []request{{at: minute, signal: syscall.SIGTERM}, {at: minute + second, signal: syscall.SIGINT}},
		want: `
0s     · db.1 has started
0s     · web.1 has started
0s     · clock.1 has started
1m0s   · stopping: SIGTERM
1m0s   ask clock.1
1m0s   · clock.1 has ended: exit 0
1m0s   · clock.1 is gone
1m0s   ask web.1
1m1s   · killing: SIGINT
1m1s   kill db.1 web.1
1m1s   · db.1 has ended: SIGKILL
1m1s   · web.1 has ended: SIGKILL
1m1s   kill db.1 web.1
1m1s   · db.1 is gone
1m1s   · web.1 is gone
1m1s   exit 137, as asked
`,
	},
	{
		name:     "a stop while something waits",
		children: []child{{name: "web.1", policy: after("db")}, {name: "db.1", ready: never, policy: probed(Spec{})}},
		requests: []request{{at: second, signal: syscall.SIGTERM}},
		want: `
0s     · db.1 has started
1s     · stopping: SIGTERM
1s     ask db.1
1s     · db.1 has ended: exit 0
1s     · db.1 is gone
1s     exit 0, as asked
`,
	},
	{
		name:     "two signals while something waits",
		children: []child{{name: "web.1", policy: after("db")}, {name: "db.1", ready: never, obeys: never, policy: probed(Spec{})}},
		requests: []request{{at: second, signal: syscall.SIGTERM}, {at: 2 * second, signal: syscall.SIGINT}},
		want: `
0s     · db.1 has started
1s     · stopping: SIGTERM
1s     ask db.1
2s     · killing: SIGINT
2s     kill db.1
2s     · db.1 has ended: SIGKILL
2s     kill db.1
2s     · db.1 is gone
2s     exit 137, as asked
`,
	},
	{
		name:     "a stop when what others come after has died",
		children: []child{{name: "db.1", life: second, policy: canDie}, {name: "web.1", obeys: second, policy: after("db")}},
		requests: []request{{at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · db.1 has started
0s     · web.1 has started
1s     · db.1 has ended: exit 0
1s     ask the rest of db.1
1s     · db.1 is gone
1m0s   · stopping: SIGTERM
1m0s   ask web.1
1m1s   · web.1 has ended: exit 0
1m1s   · web.1 is gone
1m1s   exit 0, as asked
`,
	},
	{
		name:     "what others come after ends the formation",
		children: []child{{name: "db.1", life: second, ends: crash}, {name: "web.1", obeys: second, policy: after("db")}, {name: "clock.1", obeys: second, policy: after("web")}},
		want: `
0s     · db.1 has started
0s     · web.1 has started
0s     · clock.1 has started
1s     · db.1 has ended: exit 3
1s     · stopping: db.1 exit 3
1s     ask clock.1
1s     ask the rest of db.1
1s     · db.1 is gone
2s     · clock.1 has ended: exit 0
2s     · clock.1 is gone
2s     ask web.1
3s     · web.1 has ended: exit 0
3s     · web.1 is gone
3s     exit 3
`,
	},
	{
		name: "what others come after ends during a stop, before its turn",
		children: []child{
			{name: "db.1", life: minute + second, ends: crash},
			{name: "web.1", obeys: 2 * second, policy: after("db")},
		},
		requests: []request{{at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · db.1 has started
0s     · web.1 has started
1m0s   · stopping: SIGTERM
1m0s   ask web.1
1m1s   · db.1 has ended: exit 3
1m1s   ask the rest of db.1
1m1s   · db.1 is gone
1m2s   · web.1 has ended: exit 0
1m2s   · web.1 is gone
1m2s   exit 3, as asked
`,
	},
	{
		name:     "a dependency that is restarted restarts nobody",
		children: []child{{name: "db.1", life: second, ends: crash, policy: alwaysAgain, then: []child{{}}}, {name: "web.1", policy: after("db")}},
		requests: []request{{at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · db.1 has started
0s     · web.1 has started
1s     · db.1 has ended: exit 3
1s     · db.1 will start in 100ms
1s     ask the rest of db.1
1s     · db.1 is gone
1.1s   · db.1 has started
1m0s   · stopping: SIGTERM
1m0s   ask web.1
1m0s   · web.1 has ended: exit 0
1m0s   · web.1 is gone
1m0s   ask db.1
1m0s   · db.1 has ended: exit 0
1m0s   · db.1 is gone
1m0s   exit 0, as asked
`,
	},
	{
		name: "a restart waits for what it comes after",
		children: []child{
			{name: "db.1", life: 2 * second, ends: crash, ready: second, policy: probed(alwaysAgain), then: []child{{ready: 3 * second}}},
			{name: "web.1", life: 950 * time.Millisecond, ends: crash, policy: Spec{After: []string{"db"}, Restart: RestartAlways}, then: []child{{}}},
		},
		requests: []request{{at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · db.1 has started
1s     · db.1 is ready
1s     · web.1 has started
1.95s  · web.1 has ended: exit 3
1.95s  · web.1 will start in 100ms
1.95s  ask the rest of web.1
1.95s  · web.1 is gone
2s     · db.1 has ended: exit 3
2s     · db.1 will start in 100ms
2s     ask the rest of db.1
2s     · db.1 is gone
2.1s   · db.1 has started
5.1s   · db.1 is ready
5.1s   · web.1 has started
1m0s   · stopping: SIGTERM
1m0s   ask web.1
1m0s   · web.1 has ended: exit 0
1m0s   · web.1 is gone
1m0s   ask db.1
1m0s   · db.1 has ended: exit 0
1m0s   · db.1 is gone
1m0s   exit 0, as asked
`,
	},
	{
		name:     "an end before it was ready",
		children: []child{{name: "web.1", policy: after("db")}, {name: "db.1", life: second, ends: crash, ready: 2 * second, policy: probed(Spec{})}},
		want: `
0s     · db.1 has started
1s     · db.1 has ended: exit 3
1s     · web.1 has ended: db.1, which it comes after, was never ready
1s     · stopping: db.1 exit 3
1s     ask the rest of db.1
1s     · db.1 is gone
1s     exit 3
`,
	},
	{
		name:     "an end before it was ready is a failure of those that wait",
		children: []child{{name: "web.1", policy: after("db")}, {name: "db.1", life: second, ready: 2 * second, policy: probed(Spec{})}, {name: "clock.1"}},
		want: `
0s     · db.1 has started
0s     · clock.1 has started
1s     · db.1 has ended: exit 0
1s     · web.1 has ended: db.1, which it comes after, was never ready
1s     · stopping: db.1 exit 0
1s     ask clock.1
1s     ask the rest of db.1
1s     · db.1 is gone
1s     · clock.1 has ended: exit 0
1s     · clock.1 is gone
1s     exit 1
`,
	},
	{
		name: "an end before it was ready, of what may die",
		children: []child{
			{name: "db.1", life: second, ready: 2 * second, policy: probed(canDie)},
			{name: "web.1", policy: after("db")}, {name: "clock.1", policy: after("web")}, {name: "worker.1", obeys: second},
		},
		want: `
0s     · db.1 has started
0s     · worker.1 has started
1s     · db.1 has ended: exit 0
1s     · web.1 has ended: db.1, which it comes after, was never ready
1s     · clock.1 has ended: web.1, which it comes after, was never ready
1s     · stopping: web.1 db.1, which it comes after, was never ready
1s     ask worker.1
1s     ask the rest of db.1
1s     · db.1 is gone
2s     · worker.1 has ended: exit 0
2s     · worker.1 is gone
2s     exit 1
`,
	},
	{
		name: "an end before it was ready, and all may die",
		children: []child{
			{name: "db.1", life: second, ready: 2 * second, policy: probed(canDie)},
			{name: "web.1", policy: Spec{CanDie: true, After: []string{"db"}}}, {name: "clock.1", policy: Spec{CanDie: true, After: []string{"web"}}}, {name: "worker.1", life: minute, policy: canDie},
		},
		want: `
0s     · db.1 has started
0s     · worker.1 has started
1s     · db.1 has ended: exit 0
1s     · web.1 has ended: db.1, which it comes after, was never ready
1s     · clock.1 has ended: web.1, which it comes after, was never ready
1s     ask the rest of db.1
1s     · db.1 is gone
1m0s   · worker.1 has ended: exit 0
1m0s   ask the rest of worker.1
1m0s   · worker.1 is gone
1m0s   exit 1
`,
	},
	{
		name:     "a start that fails, and what waits for it",
		children: []child{{name: "web.1", policy: after("db")}, {name: "db.1", fails: ErrNotFound}},
		want: `
0s     · db.1 has ended: command not found
0s     · web.1 has ended: db.1, which it comes after, was never ready
0s     · stopping: db.1 command not found
0s     exit 127
`,
	},
	{
		name:     "what has been ready and has ended holds nobody up",
		children: []child{{name: "setup.1", life: 2 * second, ready: second, policy: probed(canDie)}, {name: "web.1", life: 3 * second, ends: crash, policy: Spec{After: []string{"setup"}, Restart: RestartAlways}, then: []child{{}}}},
		requests: []request{{at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · setup.1 has started
1s     · setup.1 is ready
1s     · web.1 has started
2s     · setup.1 has ended: exit 0
2s     ask the rest of setup.1
2s     · setup.1 is gone
4s     · web.1 has ended: exit 3
4s     · web.1 will start in 100ms
4s     ask the rest of web.1
4s     · web.1 is gone
4.1s   · web.1 has started
1m0s   · stopping: SIGTERM
1m0s   ask web.1
1m0s   · web.1 has ended: exit 0
1m0s   · web.1 is gone
1m0s   exit 0, as asked
`,
	},

	{
		name:     "not ready in time",
		children: []child{{name: "web.1", obeys: second, ready: never, policy: probed(Spec{})}, {name: "worker.1", obeys: 2 * second}},
		want: `
0s     · web.1 has started
0s     · worker.1 has started
10.001s · web.1 has failed: not ready after 10s: connection refused
10.001s · stopping: web.1 not ready after 10s: connection refused
10.001s ask web.1 worker.1
11.001s · web.1 has ended: exit 0
11.001s · web.1 is gone
12.001s · worker.1 has ended: exit 0
12.001s · worker.1 is gone
12.001s exit 1
`,
	},
	{
		name:     "not ready in time, and may die",
		children: []child{{name: "web.1", obeys: second, ready: never, policy: probed(canDie)}, {name: "worker.1", life: minute, policy: canDie}},
		want: `
0s     · web.1 has started
0s     · worker.1 has started
10.001s · web.1 has failed: not ready after 10s: connection refused
10.001s ask web.1
11.001s · web.1 has ended: exit 0
11.001s · web.1 is gone
1m0s   · worker.1 has ended: exit 0
1m0s   ask the rest of worker.1
1m0s   · worker.1 is gone
1m0s   exit 1
`,
	},
	{
		name:     "not ready in time, and is restarted",
		children: []child{{name: "web.1", obeys: second, ready: never, policy: probed(againOnFailure), then: []child{{ready: second}}}},
		requests: []request{{at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
10.001s · web.1 has failed: not ready after 10s: connection refused
10.001s · web.1 will start in 100ms
10.001s ask web.1
11.001s · web.1 has ended: exit 0
11.001s · web.1 is gone
11.101s · web.1 has started
12.101s · web.1 is ready
1m0s   · stopping: SIGTERM
1m0s   ask web.1
1m0s   · web.1 has ended: exit 0
1m0s   · web.1 is gone
1m0s   exit 0, as asked
`,
	},
	{
		name:     "never ready in time is no success, however long it takes",
		children: []child{{name: "web.1", ready: never, policy: probed(Spec{Restart: RestartAlways, RestartLimit: 2})}},
		want: `
0s     · web.1 has started
10.001s · web.1 has failed: not ready after 10s: connection refused
10.001s · web.1 will start in 100ms
10.001s ask web.1
10.001s · web.1 has ended: exit 0
10.001s · web.1 is gone
10.101s · web.1 has started
20.102s · web.1 has failed: not ready after 10s: connection refused
20.102s · web.1 will start in 200ms
20.102s ask web.1
20.102s · web.1 has ended: exit 0
20.102s · web.1 is gone
20.302s · web.1 has started
30.303s · web.1 has failed: not ready after 10s: connection refused
30.303s · web.1 has had 2 restarts
30.303s · stopping: web.1 not ready after 10s: connection refused
30.303s ask web.1
30.303s · web.1 has ended: exit 0
30.303s · web.1 is gone
30.303s exit 1
`,
	},
	{
		name:     "not ready in time, and ends before it is stopped",
		children: []child{{name: "web.1", life: 10*second + 500*time.Microsecond, ends: crash, ready: never, policy: probed(Spec{})}},
		want: `
0s     · web.1 has started
10.0005s · web.1 has ended: exit 3
10.0005s · stopping: web.1 exit 3
10.0005s ask the rest of web.1
10.0005s · web.1 is gone
10.0005s exit 3
`,
	},
	{
		name:     "not ready in time, and crashes while it is stopped to be restarted",
		children: []child{{name: "web.1", obeys: second, stops: crash, ready: never, policy: probed(againOnFailure), then: []child{{}}}},
		requests: []request{{at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
10.001s · web.1 has failed: not ready after 10s: connection refused
10.001s · web.1 will start in 100ms
10.001s ask web.1
11.001s · web.1 has ended: exit 3
11.001s · web.1 is gone
11.101s · web.1 has started
11.101s · web.1 is ready
1m0s   · stopping: SIGTERM
1m0s   ask web.1
1m0s   · web.1 has ended: exit 0
1m0s   · web.1 is gone
1m0s   exit 0, as asked
`,
	},
	{
		name:     "not ready in time, and stubborn",
		children: []child{{name: "web.1", obeys: never, ready: never, policy: probed(againOnFailure), then: []child{{}}}},
		requests: []request{{at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
10.001s · web.1 has failed: not ready after 10s: connection refused
10.001s · web.1 will start in 100ms
10.001s ask web.1
12.501s ask the rest of web.1
15.001s · web.1 did not stop in 5s
15.001s kill web.1
15.001s · web.1 has ended: SIGKILL
15.001s kill web.1
15.001s · web.1 is gone
15.101s · web.1 has started
15.101s · web.1 is ready
1m0s   · stopping: SIGTERM
1m0s   ask web.1
1m0s   · web.1 has ended: exit 0
1m0s   · web.1 is gone
1m0s   exit 0, as asked
`,
	},
	{
		name:     "a stop while it is stopped to be restarted",
		children: []child{{name: "web.1", obeys: 3 * second, ready: never, policy: probed(alwaysAgain)}},
		requests: []request{{at: 11 * second, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
10.001s · web.1 has failed: not ready after 10s: connection refused
10.001s · web.1 will start in 100ms
10.001s ask web.1
11s    · stopping: SIGTERM
12.501s ask the rest of web.1
13.001s · web.1 has ended: exit 0
13.001s ask the rest of web.1
13.001s · web.1 is gone
13.001s exit 0, as asked
`,
	},
	{
		name:     "a stop just before a probe says why it is not ready",
		children: []child{{name: "web.1", obeys: second, ready: never, policy: probed(Spec{})}},
		requests: []request{{at: 10*second + 500*time.Microsecond, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
10.0005s · stopping: SIGTERM
10.0005s ask web.1
11.0005s · web.1 has ended: exit 0
11.0005s · web.1 is gone
11.0005s exit 0, as asked
`,
	},
	{
		name: "a probe that fails in a stop, before its turn",
		children: []child{
			{name: "db.1", life: second, ends: crash, policy: probed(alwaysAgain), then: []child{{ready: never}}},
			{name: "web.1", obeys: 4 * second, policy: after("db")},
		},
		requests: []request{{at: 10 * second, signal: syscall.SIGTERM}},
		want: `
0s     · db.1 has started
0s     · db.1 is ready
0s     · web.1 has started
1s     · db.1 has ended: exit 3
1s     · db.1 will start in 100ms
1s     ask the rest of db.1
1s     · db.1 is gone
1.1s   · db.1 has started
10s    · stopping: SIGTERM
10s    ask web.1
12.5s  ask the rest of web.1
14s    · web.1 has ended: exit 0
14s    ask the rest of web.1
14s    · web.1 is gone
14s    ask db.1
14s    · db.1 has ended: exit 0
14s    · db.1 is gone
14s    exit 0, as asked
`,
	},
	{
		name:     "the result of an earlier run's probe",
		children: []child{{name: "web.1", life: 2 * second, ends: crash, ready: 2*second + time.Millisecond, policy: probed(alwaysAgain), then: []child{{ready: 5 * second}}}},
		requests: []request{{at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
2s     · web.1 has ended: exit 3
2s     · web.1 will start in 100ms
2s     ask the rest of web.1
2s     · web.1 is gone
2.1s   · web.1 has started
7.1s   · web.1 is ready
1m0s   · stopping: SIGTERM
1m0s   ask web.1
1m0s   · web.1 has ended: exit 0
1m0s   · web.1 is gone
1m0s   exit 0, as asked
`,
	},
	{
		name:     "ready at the very end of its time",
		children: []child{{name: "web.1", ready: 10*second - 1, policy: probed(Spec{})}},
		requests: []request{{at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
9.999999999s · web.1 is ready
1m0s   · stopping: SIGTERM
1m0s   ask web.1
1m0s   · web.1 has ended: exit 0
1m0s   · web.1 is gone
1m0s   exit 0, as asked
`,
	},

	{
		name: "suspended time counts for nothing",
		children: []child{
			{name: "web.1", ready: 49 * second, policy: probed(Spec{})},
			{name: "worker.1", life: minute, rest: 4 * second, ends: crash, policy: alwaysAgain, then: []child{{}}},
		},
		requests: []request{
			{at: 5 * second, signal: syscall.SIGTSTP}, {at: 45 * second, signal: syscall.SIGCONT},
			{at: minute + 2*second, signal: syscall.SIGTSTP}, {at: 2 * minute, signal: syscall.SIGCONT},
			{at: 3 * minute, signal: syscall.SIGTERM},
		},
		want: `
0s     · web.1 has started
0s     · worker.1 has started
5s     SIGSTOP web.1 worker.1
5.05s  suspend
45s    SIGCONT web.1 worker.1
49s    · web.1 is ready
1m0s   · worker.1 has ended: exit 3
1m0s   · worker.1 will start in 100ms
1m0s   ask the rest of worker.1
1m2s   SIGSTOP web.1 worker.1
1m2.05s suspend
1m4s   · worker.1 is gone
2m0s   SIGCONT web.1
2m0.1s · worker.1 has started
3m0s   · stopping: SIGTERM
3m0s   ask web.1 worker.1
3m0s   · web.1 has ended: exit 0
3m0s   · worker.1 has ended: exit 0
3m0s   · web.1 is gone
3m0s   · worker.1 is gone
3m0s   exit 0, as asked
`,
	},
	{
		name:     "a suspended back-off",
		children: []child{{name: "web.1", life: second, ends: crash, policy: alwaysAgain, then: []child{{}}}},
		requests: []request{
			{at: second + 50*time.Millisecond, signal: syscall.SIGTSTP}, {at: minute, signal: syscall.SIGCONT},
			{at: 2 * minute, signal: syscall.SIGTERM},
		},
		want: `
0s     · web.1 has started
1s     · web.1 has ended: exit 3
1s     · web.1 will start in 100ms
1s     ask the rest of web.1
1s     · web.1 is gone
1.05s  SIGSTOP
1.1s   suspend
1m0s   SIGCONT
1m0.05s · web.1 has started
2m0s   · stopping: SIGTERM
2m0s   ask web.1
2m0s   · web.1 has ended: exit 0
2m0s   · web.1 is gone
2m0s   exit 0, as asked
`,
	},
	{
		name:     "a suspended formation is stopped",
		children: []child{{name: "web.1", obeys: never}},
		requests: []request{
			{at: second, signal: syscall.SIGTSTP}, {at: minute, signal: syscall.SIGTERM}, {at: minute, signal: syscall.SIGCONT},
		},
		want: `
0s     · web.1 has started
1s     SIGSTOP web.1
1.05s  suspend
1m0s   SIGCONT web.1
1m0s   · stopping: SIGTERM
1m0s   ask web.1
1m2.5s ask the rest of web.1
1m5s   · web.1 did not stop in 5s
1m5s   kill web.1
1m5s   · web.1 has ended: SIGKILL
1m5s   kill web.1
1m5s   · web.1 is gone
1m5s   exit 137, as asked
`,
	},
	{
		name:     "suspended time is no uptime",
		children: []child{{name: "web.1", life: minute, ends: crash, policy: alwaysAgain, then: []child{{life: second, ends: crash}, {life: second, ends: crash}, {}}}},
		requests: []request{
			{at: second, signal: syscall.SIGTSTP}, {at: 58 * second, signal: syscall.SIGCONT},
			{at: 2 * minute, signal: syscall.SIGTERM},
		},
		want: `
0s     · web.1 has started
1s     SIGSTOP web.1
1.05s  suspend
58s    SIGCONT web.1
1m0s   · web.1 has ended: exit 3
1m0s   · web.1 will start in 100ms
1m0s   ask the rest of web.1
1m0s   · web.1 is gone
1m0.1s · web.1 has started
1m1.1s · web.1 has ended: exit 3
1m1.1s · web.1 will start in 200ms
1m1.1s ask the rest of web.1
1m1.1s · web.1 is gone
1m1.3s · web.1 has started
1m2.3s · web.1 has ended: exit 3
1m2.3s · web.1 will start in 400ms
1m2.3s ask the rest of web.1
1m2.3s · web.1 is gone
1m2.7s · web.1 has started
2m0s   · stopping: SIGTERM
2m0s   ask web.1
2m0s   · web.1 has ended: exit 0
2m0s   · web.1 is gone
2m0s   exit 0, as asked
`,
	},
	{
		name:     "an end while the formation is suspended",
		children: []child{{name: "web.1", life: 10 * second, ends: crash, rest: never, policy: alwaysAgain, then: []child{{}}}},
		requests: []request{
			{at: second, signal: syscall.SIGTSTP}, {at: minute, signal: syscall.SIGCONT},
			{at: 2 * minute, signal: syscall.SIGTERM},
		},
		want: `
0s     · web.1 has started
1s     SIGSTOP web.1
1.05s  suspend
10s    · web.1 has ended: exit 3
10s    · web.1 will start in 100ms
10s    ask the rest of web.1
1m0s   SIGCONT web.1
1m5s   · web.1 did not stop in 5s
1m5s   kill web.1
1m5s   · web.1 is gone
1m5.1s · web.1 has started
2m0s   · stopping: SIGTERM
2m0s   ask web.1
2m0s   · web.1 has ended: exit 0
2m0s   · web.1 is gone
2m0s   exit 0, as asked
`,
	},
}

func TestPolicyHistories(t *testing.T) {
	for _, h := range policyHistories {
		t.Run(h.name, h.test)
	}
}
