package control

import (
	"regexp"
	"time"
)

// Formation is what runs for an app.
type Formation struct {
	Pid      int       `json:"pid"`      // of reeve
	Version  string    `json:"version"`  // of reeve
	Root     string    `json:"root"`     // absolute
	Procfile string    `json:"procfile"` // absolute; empty if it came from standard input
	Started  time.Time `json:"started"`
	// Port is the base port, and PortStep the distance between two types'; 0: no ports are
	// assigned.
	Port     int    `json:"port,omitempty"`
	PortStep int    `json:"port_step,omitempty"`
	Slot     int    `json:"slot,omitempty"` // of the ports, if reeve has chosen them
	URL      string `json:"url,omitempty"`  // of web's first instance
	Types    []Type `json:"types"`          // of the Procfile, in its order
	// Groups are process types that have a name together, which is written with @ before it.
	Groups    map[string][]string `json:"groups,omitempty"`
	Instances []Instance          `json:"instances"`
}

// Type is a process type of the Procfile.
type Type struct {
	Name    string `json:"type"`
	Command string `json:"command"`
	Port    int    `json:"port,omitempty"` // of its first instance, whether that runs or not

	Build  string   `json:"build,omitempty"`  // the command that makes what it runs
	Watch  []string `json:"watch,omitempty"`  // patterns of the files that start it again when they change
	Listen string   `json:"listen,omitempty"` // where reeve holds a socket for it

	Schedule string `json:"schedule,omitempty"` // as it is written
}

// Instance is one place in the formation and, if it has one, its present run.
type Instance struct {
	Name   string `json:"instance"`         // "web.1"
	Type   string `json:"type"`             // "web"
	Status string `json:"status,omitempty"` // what its run says of itself (sd_notify)
	State  string `json:"state"`            // "stopped", "waiting", "running", "stopping", "killing", "backoff", "building", "scheduled" or "done"
	// Ready reports whether the run is ready, or the task done. Without a probe a run is ready as
	// soon as it runs. One that is not healthy is not ready.
	Ready  bool `json:"ready"`
	Probed bool `json:"probed,omitempty"` // a probe tells when it is ready
	Task   bool `json:"task,omitempty"`   // it is ready when it is done: its run has ended with 0
	Held   bool `json:"held,omitempty"`   // somebody has stopped it
	// Healthy reports whether a run of which the health is checked has passed the last check.
	Healthy *bool `json:"healthy,omitempty"`
	Idle    bool  `json:"idle,omitempty"` // it has ended, and starts again when files change, or when it is due

	Build     string   `json:"build,omitempty"`     // what it runs is made: "waiting", "running", "done" or "failed"
	Watch     []string `json:"watch,omitempty"`     // patterns of the files that start it again when they change
	Changed   *Change  `json:"changed,omitempty"`   // the last change of such files
	Unwatched bool     `json:"unwatched,omitempty"` // they are watched no longer: its restarts have changed them

	Pid      int        `json:"pid,omitempty"`  // of the run's first process
	Port     int        `json:"port,omitempty"` // its PORT
	PortStep int        `json:"port_step,omitempty"`
	URL      string     `json:"url,omitempty"`     // of web
	Started  *time.Time `json:"started,omitempty"` // when the run began
	Uptime   float64    `json:"uptime"`            // of the run, in seconds
	Restarts int        `json:"restarts"`          // runs before this one, apart from those that a schedule started
	Next     *time.Time `json:"next,omitempty"`    // when it is due
	Exit     *Exit      `json:"exit,omitempty"`    // how the last run has ended

	// CPU is how much of a processor the run has used since it began, in percent, and
	// CPUSeconds the same as time; Memory is what is resident, in bytes. They are about
	// the whole session. What the platform does not tell is not there.
	CPU        *float64 `json:"cpu,omitempty"`
	CPUSeconds *float64 `json:"cpu_seconds,omitempty"`
	Memory     *int64   `json:"memory,omitempty"`

	Command string `json:"command"`
}

// Change is that files have changed.
type Change struct {
	At    time.Time `json:"at"`
	File  string    `json:"file,omitempty"` // one of them; empty: there was too much to tell
	Files int       `json:"files"`
}

// Exit is how the first process of a run has ended.
type Exit struct {
	Code   int    `json:"code"`             // 128+N after signal N
	Signal string `json:"signal,omitempty"` // "SIGTERM", if one killed it
	Error  string `json:"error,omitempty"`  // why it could not begin
}

// Outcome is what has become of a request for one instance.
type Outcome struct {
	Instance string `json:"instance"`
	OK       bool   `json:"ok"`
	Text     string `json:"text"` // what has happened, or why it failed
	Pid      int    `json:"pid,omitempty"`
	Applied  bool   `json:"applied,omitempty"` // a remark: something has changed that is about no instance
}

// Reload is the body of reload.
type Reload struct {
	DryRun bool `json:"dry_run"` // say what would happen, and do nothing
}

// names is the body of restart and stop.
type names struct {
	Names []string `json:"names"`
}

// scale is the body of scale.
type scale struct {
	Formation map[string]int `json:"formation"`
}

// quit is the answer to quit.
type quit struct {
	Code int `json:"code"`
}

// failure is the answer to what fails.
type failure struct {
	Error string `json:"error"`
}

// LogQuery says which part of the log is wanted, and how it should look. Its fields are
// the parameters of /v1/logs, in lower case.
type LogQuery struct {
	Names  []string      // name=…, any number; none: all, and reeve's own messages
	Lines  int           // n=…: the last so many lines; negative (and no n): all there are
	Since  time.Duration // since=5m: nothing older; 0: no limit
	Until  time.Duration // until=1m: nothing newer; 0: no limit
	Follow bool          // follow=true: and what comes, until the formation ends

	// Of those lines, only the ones in which Grep matches (grep=…) and Not does not (not=…),
	// escape codes apart. Nil: every line.
	Grep, Not *regexp.Regexp
	Stderr    bool // stderr=true: only what was written to standard error

	// JSON asks for one object a line (format=json), as --log-format json writes them.
	// Otherwise it is text, as start writes it; what follows is about text.
	JSON      bool
	Timestamp string // timestamp=…: as --timestamp has it; empty: none
	NoPrefix  bool   // prefix=false: neither the time nor the name in front
	Color     string // color=basic or rich: the palette; empty: none
	Terminal  bool   // terminal=true: it will be shown on one
}
