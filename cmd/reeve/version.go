package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
)

// version prints what was built, and with what.
func version(args []string) (exitCode int) {
	if len(args) > 0 {
		return fail(exitUsage, "version takes no arguments")
	}
	fmt.Fprintf(os.Stdout, "reeve %s %s %s/%s\n", buildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return exitOK
}

// buildVersion is the version as the go command knows it: that of the module, or of
// the commit that a checkout was built from.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(unknown version)"
	}
	return info.Main.Version
}
