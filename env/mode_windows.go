package env

import "io/fs"

// readableByOthers says no: on Windows the mode does not tell.
func readableByOthers(fs.FileMode) bool { return false }
