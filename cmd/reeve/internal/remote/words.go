package remote

// leavesText is how to leave a terminal that one is attached to.
const leavesText = "Ctrl-] Ctrl-] leaves"

// attachedText says what holds while one is attached to an instance.
func attachedText(instance string) string {
	return "attached to " + instance + ": Ctrl-C goes to it, " + leavesText
}

// leftTerminalText says that one is attached no more.
func leftTerminalText(instance string) string { return "left " + instance }
