package supervisor

import "time"

// Usage is what the processes of a run use.
type Usage struct {
	CPU    time.Duration // since they began
	Memory int64         // bytes that are resident; what they share counts for each
}
