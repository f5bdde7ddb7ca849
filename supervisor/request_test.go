//go:build unix

package supervisor

import (
	"syscall"
	"testing"
	"time"
)

// requestHistories are about what is asked of a running formation.
var requestHistories = []history{
	{
		name:     "a restart",
		children: []child{{name: "web.1", obeys: second}, {name: "worker.1"}},
		requests: []request{restart(minute, "web.1"), {at: 2 * minute, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
0s     · worker.1 has started
1m0s   ask web.1
1m1s   · web.1 has ended: exit 0
1m1s   · web.1 is gone
1m1s   · web.1 has started
2m0s   · stopping: SIGTERM
2m0s   ask web.1 worker.1
2m0s   · worker.1 has ended: exit 0
2m0s   · worker.1 is gone
2m1s   · web.1 has ended: exit 0
2m1s   · web.1 is gone
2m1s   exit 0, as asked
1m1s   → web.1 up
`,
	},
	{
		name:     "a restart of what crashes",
		children: []child{{name: "web.1", life: second, ends: crash, policy: alwaysAgain, then: []child{{life: 2 * second, ends: crash}}}},
		requests: []request{restart(1500*time.Millisecond, "web.1"), {at: 2 * second, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
1s     · web.1 has ended: exit 3
1s     · web.1 will start in 100ms
1s     ask the rest of web.1
1s     · web.1 is gone
1.1s   · web.1 has started
1.5s   ask web.1
1.5s   · web.1 has ended: exit 0
1.5s   · web.1 is gone
1.5s   · web.1 has started
2s     · stopping: SIGTERM
2s     ask web.1
2s     · web.1 has ended: exit 0
2s     · web.1 is gone
2s     exit 0, as asked
1.5s   → web.1 up
`,
	},
	{
		name:     "a restart during the back-off",
		children: []child{{name: "web.1", life: time.Millisecond, ends: crash, policy: alwaysAgain, then: []child{{life: time.Millisecond, ends: crash}, {}}}},
		requests: []request{restart(150*time.Millisecond, "web.1"), {at: minute, signal: syscall.SIGTERM}},
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
150ms  · web.1 has started
1m0s   · stopping: SIGTERM
1m0s   ask web.1
1m0s   · web.1 has ended: exit 0
1m0s   · web.1 is gone
1m0s   exit 0, as asked
150ms  → web.1 up
`,
	},
	{
		name:     "a restart that cannot start",
		children: []child{{name: "web.1", policy: canDie, then: []child{{fails: ErrNotFound}}}, {name: "worker.1"}},
		requests: []request{restart(second, "web.1"), {at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
0s     · worker.1 has started
1s     ask web.1
1s     · web.1 has ended: exit 0
1s     · web.1 is gone
1s     · web.1 has ended: command not found
1m0s   · stopping: SIGTERM
1m0s   ask worker.1
1m0s   · worker.1 has ended: exit 0
1m0s   · worker.1 is gone
1m0s   exit 0, as asked
1s     → web.1 failed: command not found
`,
	},
	{
		name:     "a restart that is not ready in time",
		children: []child{{name: "web.1", ready: second / 2, policy: probed(Spec{CanDie: true}), then: []child{{ready: never, obeys: second}}}, {name: "worker.1"}},
		requests: []request{restart(second, "web.1"), {at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
0s     · worker.1 has started
500ms  · web.1 is ready
1s     ask web.1
1s     · web.1 has ended: exit 0
1s     · web.1 is gone
1s     · web.1 has started
11.001s · web.1 has failed: not ready after 10s: connection refused
11.001s ask web.1
12.001s · web.1 has ended: exit 0
12.001s · web.1 is gone
1m0s   · stopping: SIGTERM
1m0s   ask worker.1
1m0s   · worker.1 has ended: exit 0
1m0s   · worker.1 is gone
1m0s   exit 0, as asked
11.001s → web.1 failed: not ready after 10s: connection refused
`,
	},
	{
		name:     "a stop does not end the formation, and a restart starts again",
		children: []child{{name: "web.1"}},
		requests: []request{holding(second, "web.1"), restart(minute, "web.1"), {at: 2 * minute, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
1s     ask web.1
1s     · web.1 has ended: exit 0
1s     · web.1 is gone
1m0s   · web.1 has started
2m0s   · stopping: SIGTERM
2m0s   ask web.1
2m0s   · web.1 has ended: exit 0
2m0s   · web.1 is gone
2m0s   exit 0, as asked
1s     → web.1 down
1m0s   → web.1 up
`,
	},
	{
		name:     "a stop of what has to be killed",
		children: []child{{name: "web.1", obeys: never}, {name: "worker.1"}},
		requests: []request{holding(second, "web.1"), {at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
0s     · worker.1 has started
1s     ask web.1
3.5s   ask the rest of web.1
6s     · web.1 did not stop in 5s
6s     kill web.1
6s     · web.1 has ended: SIGKILL
6s     kill web.1
6s     · web.1 is gone
1m0s   · stopping: SIGTERM
1m0s   ask worker.1
1m0s   · worker.1 has ended: exit 0
1m0s   · worker.1 is gone
1m0s   exit 0, as asked
6s     → web.1 down: SIGKILL
`,
	},
	{
		name:     "a stop during the back-off",
		children: []child{{name: "web.1", life: time.Millisecond, ends: crash, policy: alwaysAgain}, {name: "worker.1"}},
		requests: []request{holding(50*time.Millisecond, "web.1"), {at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
0s     · worker.1 has started
1ms    · web.1 has ended: exit 3
1ms    · web.1 will start in 100ms
1ms    ask the rest of web.1
1ms    · web.1 is gone
1m0s   · stopping: SIGTERM
1m0s   ask worker.1
1m0s   · worker.1 has ended: exit 0
1m0s   · worker.1 is gone
1m0s   exit 0, as asked
50ms   → web.1 down: exit 3
`,
	},
	{
		name:     "a stop, and a restart before it is over",
		children: []child{{name: "web.1", obeys: 2 * second}},
		requests: []request{holding(second, "web.1"), restart(2*second, "web.1"), {at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
1s     ask web.1
3s     · web.1 has ended: exit 0
3s     · web.1 is gone
3s     · web.1 has started
1m0s   · stopping: SIGTERM
1m0s   ask web.1
1m2s   · web.1 has ended: exit 0
1m2s   · web.1 is gone
1m2s   exit 0, as asked
3s     → web.1 down
3s     → web.1 up
`,
	},
	{
		name:     "a restart, and a stop before it is over",
		children: []child{{name: "web.1", obeys: 2 * second}},
		requests: []request{restart(second, "web.1"), holding(2*second, "web.1"), {at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
1s     ask web.1
3s     · web.1 has ended: exit 0
3s     · web.1 is gone
1m0s   · stopping: SIGTERM
1m0s   exit 0, as asked
2s     → web.1 overtaken
3s     → web.1 down
`,
	},
	{
		name:     "what waits for something that somebody stops",
		children: []child{{name: "db.1", ready: never, policy: probed(Spec{})}, {name: "web.1", policy: after("db")}},
		requests: []request{holding(second, "db.1"), restart(2*second, "web.1"), {at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · db.1 has started
1s     ask db.1
1s     · db.1 has ended: exit 0
1s     · db.1 is gone
1m0s   · stopping: SIGTERM
1m0s   exit 0, as asked
1s     → db.1 down
2s     → web.1 blocked by db
`,
	},
	{
		name:     "a stop of everything, and the end of what may die",
		children: []child{{name: "web.1"}, {name: "job.1", life: 2 * second, policy: canDie}},
		requests: []request{holding(second, "web.1"), {at: minute, reason: "quit"}},
		want: `
0s     · web.1 has started
0s     · job.1 has started
1s     ask web.1
1s     · web.1 has ended: exit 0
1s     · web.1 is gone
2s     · job.1 has ended: exit 0
2s     ask the rest of job.1
2s     · job.1 is gone
1m0s   · stopping: quit
1m0s   exit 0, as asked
1s     → web.1 down
`,
	},
	{
		name:     "up, down and away",
		children: []child{{name: "web.1"}},
		requests: []request{scale(second, "web", 3), scale(2*second, "web", 1), scale(3*second, "web", 0), scale(4*second, "web", 2), {at: minute, signal: syscall.SIGTERM}},
		want: `
0s     · web.1 has started
1s     · web.2 has started
1s     · web.3 has started
2s     ask web.2 web.3
2s     · web.2 has ended: exit 0
2s     · web.3 has ended: exit 0
2s     · web.2 is gone
2s     · web.3 is gone
3s     ask web.1
3s     · web.1 has ended: exit 0
3s     · web.1 is gone
4s     · web.1 has started
4s     · web.2 has started
1m0s   · stopping: SIGTERM
1m0s   ask web.1 web.2
1m0s   · web.1 has ended: exit 0
1m0s   · web.2 has ended: exit 0
1m0s   · web.1 is gone
1m0s   · web.2 is gone
1m0s   exit 0, as asked
1s     → web.2 up
1s     → web.3 up
2s     → web.2 down
2s     → web.3 down
3s     → web.1 down
4s     → web.1 up
4s     → web.2 up
`,
	},
	{
		name:     "a scale-down of what waits",
		children: []child{{name: "db.1", ready: never, obeys: second, policy: probed(Spec{})}, {name: "web.1", policy: after("db")}, {name: "web.2", policy: after("db")}},
		requests: []request{scale(second, "web", 1), scale(2*second, "db", 0), {at: 9 * second, signal: syscall.SIGTERM}},
		want: `
0s     · db.1 has started
2s     ask db.1
2s     · web.1 has started
3s     · db.1 has ended: exit 0
3s     · db.1 is gone
9s     · stopping: SIGTERM
9s     ask web.1
9s     · web.1 has ended: exit 0
9s     · web.1 is gone
9s     exit 0, as asked
1s     → web.2 down
3s     → db.1 down
`,
	},
	{
		name:     "what may die ends the formation, although something was scaled away",
		children: []child{{name: "job.1", life: minute, policy: canDie}, {name: "job.2", policy: canDie}},
		requests: []request{scale(second, "job", 1)},
		want: `
0s     · job.1 has started
0s     · job.2 has started
1s     ask job.2
1s     · job.2 has ended: exit 0
1s     · job.2 is gone
1m0s   · job.1 has ended: exit 0
1m0s   ask the rest of job.1
1m0s   · job.1 is gone
1m0s   exit 0
1s     → job.2 down
`,
	},
	{
		name:     "requests while the formation ends",
		children: []child{{name: "web.1", obeys: 2 * second}, {name: "worker.1", obeys: 3 * second}},
		requests: []request{{at: second, signal: syscall.SIGTERM}, restart(2*second, "web.1"), holding(2500*time.Millisecond, "worker.1"), scale(2600*time.Millisecond, "web", 3)},
		want: `
0s     · web.1 has started
0s     · worker.1 has started
1s     · stopping: SIGTERM
1s     ask web.1 worker.1
3s     · web.1 has ended: exit 0
3s     · web.1 is gone
3.5s   ask the rest of worker.1
4s     · worker.1 has ended: exit 0
4s     ask the rest of worker.1
4s     · worker.1 is gone
4s     exit 0, as asked
2s     → web.1 ending
2.6s   → web.1 ending
2.6s   → web.2 ending
2.6s   → web.3 ending
4s     → worker.1 down
`,
	},
	{
		name:     "the formation ends while something is asked for",
		children: []child{{name: "web.1", obeys: 2 * second}, {name: "job.1", life: 2 * second, ends: crash}},
		requests: []request{restart(second, "web.1")},
		want: `
0s     · web.1 has started
0s     · job.1 has started
1s     ask web.1
2s     · job.1 has ended: exit 3
2s     · stopping: job.1 exit 3
2s     ask the rest of job.1
2s     · job.1 is gone
3s     · web.1 has ended: exit 0
3s     · web.1 is gone
3s     exit 3
2s     → web.1 ending
`,
	},
}

func TestRequests(t *testing.T) {
	for _, h := range requestHistories {
		t.Run(h.name, h.test)
	}
}
