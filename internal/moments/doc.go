// Package moments shows where the time of a start goes. The parts of a start call [Passed] as
// they end, which does nothing, and costs nothing, in the reeve that people run. One that is
// built with the tag moments writes what each part has cost into the file that [Variable]
// names: testdata/bench makes a table of that.
package moments

// Variable names the file, and [Began] says when the process was started, in nanoseconds of
// the monotonic clock, which it cannot know itself.
const (
	Variable = "REEVE_MOMENTS"
	Began    = "REEVE_MOMENTS_BEGAN"
)
