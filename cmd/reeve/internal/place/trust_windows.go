package place

import "io/fs"

// On Windows directories that others can write to are rare, and their modes say nothing.

func trustedUsers(string) []int { return nil }

func distrust(fs.FileInfo, []int) string { return "" }
