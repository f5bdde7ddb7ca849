// Package terminal is what reeve asks of the kernel about terminals. What is written to one,
// and what that means, is not its business: those are bytes.
//
// # Two sides
//
// reeve stands on both sides of terminals. Its own is one that somebody else has opened and
// shares with it: the shell reads from it before and afterwards, and a job in the background
// may not touch it. So its descriptor is never switched to non-blocking, its attributes are
// given back, and who reads asks first whether it is reeve's turn ([InForeground]).
//
// The terminals of processes are reeve's own work ([Open]): reeve holds the master, which is
// a plain descriptor that does not block, so that the one poller of the output can read it
// with all the pipes; the process has the other side, and a controlling terminal by it.
//
// # Signals
//
// The kernel tells of a terminal by signals: SIGWINCH for a new size ([ResizeSignal]), SIGHUP for
// its end, SIGTTIN and SIGTTOU to a background job that uses it. Where no signal comes, since the
// terminal controls another session ([IsForeign]), its end is waited for ([AwaitHangup]).
//
// # Nothing while nothing happens
//
// Whatever waits here (for keys, for the end, for something typed) wakes up when there is
// something, and does not poll; only a background job looks now and then whether it is still one.
//
// Windows has none of this: there, everything fails or does nothing.
package terminal
