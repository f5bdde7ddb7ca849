package main

import (
	"fmt"
	"strings"
	"syscall"

	"reeve/procfile/propose"
	"reeve/supervisor"
)

// What is said to somebody for whom an app does not run yet.

// wroteText says what reeve init has written, and what to do next.
func wroteText(found []propose.Proposal) string {
	var types []string
	for _, p := range found {
		types = append(types, p.Type)
	}
	return "wrote " + standardProcfile + " with " + strings.Join(types, ", ") + ": have a look at it, then reeve check, then reeve start"
}

// crashText says what to do about a process that has failed as soon as it began.
func crashText(r supervisor.Report, taken int) string {
	cause := "try it alone, with reeve run " + r.Type + ", and see what reeve check says"
	code := r.Status.ExitCode()
	switch {
	case shellCodes[code] != "":
		cause = shellCodes[code]
	case taken != 0:
		cause = fmt.Sprintf("its port %d was in use, if that is why: stop who has it, or choose another base port with --port", taken)
	case signalCauses[syscall.Signal(code-128)] != "":
		cause = fmt.Sprintf("%s: %s", supervisor.SignalName(syscall.Signal(code-128)), signalCauses[syscall.Signal(code-128)])
	}
	return r.Instance + " failed at once: " + cause + " (--no-hints silences this)"
}
