package slot

import "golang.org/x/sys/unix"

// namespace is the number of the network namespace of this process; 0: it is not known.
func namespace() int64 {
	var stat unix.Stat_t
	if unix.Stat("/proc/self/ns/net", &stat) != nil {
		return 0
	}
	return int64(stat.Ino & 0xffffffff)
}
