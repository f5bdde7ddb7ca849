package live

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/held"
	"reeve/supervisor"
)

// crashText says what to do about a process that has failed as soon as it began.
func crashText(r supervisor.Report, taken int) string {
	cause := "try it alone, with reeve run " + r.Type + ", and see what reeve check says"
	code := r.Status.ExitCode()
	switch {
	case shellCodes[code] != "":
		cause = shellCodes[code]
	case taken != 0:
		cause = fmt.Sprintf("its port %d is in use, which may be why: stop the other program, or %s", taken, app.OtherPortsText)
	case signalCauses[syscall.Signal(code-128)] != "":
		cause = fmt.Sprintf("%s: %s", supervisor.SignalName(syscall.Signal(code-128)), signalCauses[syscall.Signal(code-128)])
	}
	return failedAtOnceText(r.Instance, cause)
}

// heldSocketText asks whether a process takes the socket over that reeve holds for it.
func heldSocketText(typ string, at held.Address) string {
	return fmt.Sprintf("reeve itself listens on %s for %s (--listen): does the program take that socket over, as descriptor 3, instead of listening there again?", at, typ)
}

func failedAtOnceText(instance, cause string) string {
	return instance + " failed immediately: " + cause + " (--no-hints silences this)"
}

// otherPortText says that an instance listens on other ports than its own.
func otherPortText(instance string, ports []int, own int) string {
	const most = 3
	var names []string
	for _, port := range ports[:min(len(ports), most)] {
		names = append(names, strconv.Itoa(port))
	}
	return fmt.Sprintf("%s listens on %s, not on its port %d", instance, strings.Join(names, ", "), own)
}

// missedText says who does not listen on his port; empty: nobody of whom it matters.
func missedText(m missed) string {
	said := slices.Clone(m.elsewhere)
	if len(m.silent) > 0 {
		said = append(said, "nothing listens on the port of "+strings.Join(m.silent, ", "))
	}
	if len(said) == 0 {
		return ""
	}
	return strings.Join(said, "; ") + ": a server must listen on $PORT so that others can find it (--no-hints silences this)"
}

// typingText says how to type into a process, perhaps the one that seems to ask for it.
func typingText(asking []string, terminals int) string {
	const nobody, silence = "what you type here reaches no process: ", " (--no-hints silences this)"
	switch {
	case len(asking) == 1:
		return asking[0] + " does not receive what you type here: run reeve attach " + asking[0] + " in another terminal" + silence
	case terminals > 0:
		return nobody + "run reeve attach NAME in another terminal" + silence
	}
	return nobody + "start with --attach TYPE" + silence
}

// noTerminals is why a process has none.
const noTerminals = "this system has no pseudo-terminals"
