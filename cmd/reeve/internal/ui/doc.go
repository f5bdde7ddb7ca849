// Package ui shows a running formation on one screen, for watching and steering.
//
// # A client
//
// It talks to the formation by its socket, as reeve's other commands do, and the formation does not
// know of it. It is told of what happens, by two answers that go on as long as the formation does:
// one has what runs, the other the log. Nothing is asked again and again but what the processes
// use, and that only while it can be seen. So it does nothing when nothing happens.
//
// # Three parts
//
// The [Model] is all that there is to be seen. [Model.Update] takes an [Event], such as a key or
// lines of the log, changes the model, and gives each [Effect] that the world should see. And
// [Model.View] draws the model as a [Grid] of cells. None of the three waits, starts anything or
// looks at a clock, so whatever can happen is tested as a table. The runner joins them with the
// terminal and the [connection], in one goroutine.
//
// # The log
//
// All of the log is kept here as it was written ([Log]), of each process as much as reeve keeps.
// What is shown of it, which may be filtered, is looked for a part at a time ([Model.Work]), so that
// no key has to wait; what is searched for as well. A line becomes cells only when it is drawn: a
// walker goes through its text, of which colours are kept, and other escape sequences are not.
// No terminal is emulated. Who wants to see a program that draws its own screen attaches to it.
//
// # The screen
//
// The [Painter] writes what differs from the picture before, and only when the terminal has taken
// that one. So a slow terminal gets fewer pictures, and what the user types is never behind them.
// Colours are written as the process has written them, not as the nearest of some palette. It is
// little enough to be here: a library for screens would bring tables for every key and character
// set, which each start of reeve, whatever the command, would have to set up.
//
// While somebody is attached, or looks at the log in $PAGER, the terminal is lent to a program that
// does that, and the guardian of package supervisor gives it back if this one is killed.
package ui
