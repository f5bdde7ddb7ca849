package env

import "strings"

// fold gives what names of one variable have in common: PATH is also Path.
func fold(key string) string { return strings.ToUpper(key) }

// SameKey reports whether two names are those of one variable.
func SameKey(a, b string) bool { return strings.EqualFold(a, b) }
