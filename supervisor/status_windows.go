package supervisor

import "fmt"

// statusNames are the exit codes of what has not ended by itself (NTSTATUS), as far as one meets them.
var statusNames = map[uint32]string{
	0x80000003: "breakpoint",
	0xC0000005: "access violation",
	0xC0000017: "out of memory",
	0xC000001D: "illegal instruction",
	0xC0000094: "division by zero",
	0xC00000FD: "stack overflow",
	0xC0000135: "a DLL is missing",
	0xC0000139: "a DLL lacks a function",
	0xC000013A: "Ctrl-C",
	0xC0000142: "a DLL failed to initialise",
	0xC0000374: "heap corruption",
	0xC0000409: "stack buffer overrun, or abort",
	0xE0434352: ".NET exception",
	0xE06D7363: "C++ exception",
}

// CodeText says more of an exit code that no program chooses: how it is known, and what it means.
func CodeText(code int) string {
	const failure = 0x80000000
	switch status := uint32(code); {
	case status < failure:
		return ""
	case statusNames[status] != "":
		return fmt.Sprintf(" (0x%X, %s)", status, statusNames[status])
	default:
		return fmt.Sprintf(" (0x%X)", status)
	}
}
