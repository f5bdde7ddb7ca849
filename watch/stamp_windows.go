package watch

import "io/fs"

// idOf would need the file to be opened.
func idOf(fs.FileInfo) fileID { return fileID{} }
