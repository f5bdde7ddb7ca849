//go:build unix && !linux

package held

import "errors"

// confine cannot be had.
func confine(int) error { return errors.ErrUnsupported }

// peerPid is not told.
func peerPid(int) int { return 0 }

func interfaceIndex(string) uint32 { return 0 }
