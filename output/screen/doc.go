// Package screen follows what bytes do to a terminal: how text looks, what a program has
// switched, where the cursor is. It reads nothing and writes to nobody; what it makes is
// appended to bytes that somebody else writes.
//
// # Three depths
//
// How much has to be known depends on who writes, and each depth costs more than the last.
// A line of a process among others needs its look only: a [Style] is ended with the line and
// taken up again on the process's next one. Who leaves a terminal, or comes to it later,
// needs what a program has switched in it, its [Modes], in the order in which that was done.
// And a line that others' lines appear above while somebody edits it needs its cells and its
// cursor: [Attached] wipes it away and writes it again.
//
// # What is not certain
//
// Terminals differ. Where they make different things of a sequence, it is enough to know
// that, and to end it in every way there is. Where a program has gone somewhere on
// the screen that cannot be told, it is away from its line, and nothing is put above it.
// Every way out ends with a terminal that is as it usually is.
//
// # Pieces
//
// What programs write is read in pieces that end anywhere. A character or a sequence that has only
// begun is kept for the next piece ([Complete]), but not for ever: a sequence that is longer than any
// real one is not waited for.
package screen
