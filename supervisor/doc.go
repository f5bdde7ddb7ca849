// Package supervisor keeps a formation running and ends it without leaving anything
// behind.
//
// # Who owns what
//
// One goroutine, the loop in [Supervisor.Run], owns all state. Everything that happens
// reaches it through one select: a signal to reeve, the end of a child, a deadline, a
// request. What to do is a pure function of the instance's state and the event, written
// as one table (instance.go). What that means for the formation, whether it ends
// and with which exit code, is pure too (group.go). The loop only carries it out, and
// never waits for anything else: not for a child, not for a reader of the log.
//
// So there is no lock here, and no second place that decides.
//
// # State, wish, deadline
//
// What an instance is doing (its [State]) is kept apart from what is wanted of it (a
// boolean), so that "stopping, and to be started again" needs no state of its own.
// A deadline belongs to a state: it is set when the state is entered and cleared when
// it is left, and one timer waits for the earliest. No timer can fire for a run
// that is long over.
//
// # Order and probes
//
// An instance waits (the state Waiting) until everything it comes after is ready; a stop
// goes in reverse. A probe finds out whether a run is ready, in a goroutine of its own
// since it has to wait: it decides nothing, keeps no time and hands its result to the
// loop, which drops it if the run is over.
//
// A run that is ready can be checked again and again (health.go), by tries that are like probes.
// Its deadline says when the next one begins, and when it has taken too long. So many failures
// in a row make the run one that has failed, as if it had ended by itself.
//
// A task is an instance whose runs are to end: its success (the state Done) is its readiness
// and ends nothing. Everything else is as for other instances, so a task that fails is
// restarted, may die or ends the formation by the same rules.
//
// A task can have a schedule (schedule.go). When it is due is kept apart from its state, and being due is one
// more reason to start it. Its end decides nothing: it rests until it is due again.
//
// # Requests
//
// Others ask a running formation for restarts, stops and other numbers (request.go). A
// request is a function that the loop calls, and carries its own way back: one [Outcome]
// for every instance, which the loop sends when the instance's state answers the
// request, or the formation ends. Nobody has to receive it, so nobody can hold up the loop.
// An instance that somebody has stopped is held: the formation does not end without it.
//
// # A run
//
// A run is everything that results from starting an instance's command once. Its first
// process, the leader, leads a session of its own, so a terminal's Ctrl-C reaches
// reeve alone. The end of a run has two steps: the leader exits, which decides the
// exit code and causes the rest of the run to be asked to stop; then, at some point,
// nothing of the run is left. Only then may the instance start again, since only then
// are its ports free.
//
// A run is also asked to stop in two steps (the states Asking and Stopping):
// first its first processes, which know best how to wind down the others, and then, when
// they have ended or half of the grace period is over, the rest. The first processes are
// the leader and, where that is a mere wrapper, what it runs (first_unix.go, heirs_linux.go).
//
// A command can do that in place of the signal (stopper_unix.go). Which of the two it is only the
// system knows, so the table is the same.
//
// Processes of a run are recognised by three signs: the session, the parents, and for a
// daemon that has left its session and whose parents are gone, a marker that it has
// inherited and cannot lose by accident (marker_linux.go). A process with none of these is
// still reeve's child, is stopped with the run that it seems to have come with, and
// ends with the formation. All orphans come to reeve, as reeve is a child subreaper
// on Linux: when a parent dies, its children become reeve's. That also tells when a
// run is over: no signal is missed, nothing is polled, and in the common case, that
// reeve has no children but leaders, it takes one look at one file.
//
// # Reaping
//
// Only the loop reaps, on SIGCHLD, every child that has ended. Nothing else in the program
// may wait for a child, so no goroutine and no thread does, however many there are.
//
// # If reeve is killed
//
// SIGKILL leaves no chance to do anything. A second process, the [Guardian], sleeps
// until then, notices and stops what is left: orphans are reparented to the same process as
// itself, and the marker tells which of them are the formation's. It also restores a terminal whose keys
// reeve has taken, and removes the socket.
//
// # Platforms
//
// Linux has all of this. Other Unixes have no subreaper and, here, no process table:
// a run is its leader's process group, and its end is looked for every 50 ms after the
// leader's. Windows has neither sessions nor signals, but job objects: a run is one, which
// ends with reeve, so there is no guardian, and Ctrl-Break asks all of it to stop. What is
// special about a platform is in the files that carry its name.
package supervisor
