//go:build !linux

package supervisor

// stringLimit is 0: there is none for one argument or variable.
func stringLimit() int { return 0 }

func totalLimit() int { return 0 }
