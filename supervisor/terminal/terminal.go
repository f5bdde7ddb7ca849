package terminal

// Size is the size of a terminal in characters.
type Size struct{ Rows, Columns uint16 }

// usualSize is that of the VT100, for terminals whose real size nobody knows.
var usualSize = Size{Rows: 24, Columns: 80}

// Keys says which keys of a terminal are handed over as they are typed.
type Keys uint8

// What may be handed over.
const (
	KeysButSignals Keys = iota // all but those that send a signal: Ctrl-C, Ctrl-Z and Ctrl-\
	KeysWithCtrlC              // Ctrl-C too
	AllKeys                    // all of them
)
