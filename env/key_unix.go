//go:build unix

package env

// fold gives what names of one variable have in common: here, there is only one.
func fold(key string) string { return key }

// SameKey reports whether two names are those of one variable.
func SameKey(a, b string) bool { return a == b }
