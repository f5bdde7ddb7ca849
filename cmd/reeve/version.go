package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"reeve/cmd/reeve/internal/diag"
)

// version prints what was built, and with what.
func version(args []string) (exitCode int) {
	if len(args) > 0 {
		return diag.Fail(diag.ExitUsage, "version takes no arguments")
	}
	fmt.Fprintf(os.Stdout, "reeve %s %s %s/%s\n", buildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return diag.ExitOK
}

// packageVersion is the version of the package that the program is in. The linker sets
// it when a package is built (.goreleaser.yml); empty: the program was not packaged.
var packageVersion string

// buildVersion is the version of the package, else the version that the go command knows:
// that of the module, or of the commit that a checkout was built from.
func buildVersion() string {
	if packageVersion != "" {
		return packageVersion
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(unknown version)"
	}
	return strings.TrimPrefix(info.Main.Version, "v")
}
