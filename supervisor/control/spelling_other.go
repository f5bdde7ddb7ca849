//go:build !darwin

package control

// spelled has nothing to do: a directory has one name.
func spelled(path string) string { return path }
