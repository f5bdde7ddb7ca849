//go:build unix

package app

// systemKeys are none: what all systems have is enough.
var systemKeys []string
