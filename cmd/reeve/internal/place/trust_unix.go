//go:build unix

package place

import (
	"io/fs"
	"os"
	"os/user"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// trustedUsers are the user, root, and whoever owns the current directory: somebody who
// works there relies on its owner already.
func trustedUsers(here string) []int {
	uids := []int{os.Geteuid(), os.Getuid(), 0}
	if info, err := os.Stat(here); err == nil {
		if stat, ok := info.Sys().(*syscall.Stat_t); ok {
			uids = append(uids, int(stat.Uid))
		}
	}
	return uids
}

// distrust says why what a file says may not come from one of some users; empty: it does.
func distrust(_ string, info fs.FileInfo, trusts []int) string {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	uid, gid, mode := int(stat.Uid), int(stat.Gid), info.Mode()
	switch {
	case !slices.Contains(trusts, uid):
		return "belongs to " + UserName(uid)
	case mode&0o002 != 0:
		return "can be written by anybody"
	case mode&0o020 != 0 && !isPrivateGroup(uid, gid, trusts):
		return "can be written by the group " + groupName(gid)
	}
	return ""
}

// isPrivateGroup reports whether a group is that of its user alone, as most distributions make
// one for each user so that a umask of 002 does no harm: the user's own in passwd(5), or of
// the same number where the user stands elsewhere, and nobody else is in it. Who is in root's
// is for root to say; images for any user at all let it write.
func isPrivateGroup(uid, gid int, trusts []int) bool {
	if gid == 0 {
		return true
	}
	own := uid == gid
	uids := map[string]int{}
	for _, fields := range accounts("/etc/passwd", 4) {
		id, err := strconv.Atoi(fields[2])
		if err != nil {
			continue
		}
		uids[fields[0]] = id
		if fields[3] == strconv.Itoa(gid) {
			if !slices.Contains(trusts, id) {
				return false
			}
			own = own || id == uid
		}
	}
	for _, fields := range accounts("/etc/group", 4) {
		if fields[2] != strconv.Itoa(gid) {
			continue
		}
		for _, name := range strings.Split(fields[3], ",") {
			if id, known := uids[name]; !known || !slices.Contains(trusts, id) {
				return false
			}
		}
	}
	return own
}

// accounts reads the lines of passwd(5) or group(5) that have so many fields.
func accounts(path string, fields int) (lines [][]string) {
	text, _ := os.ReadFile(path)
	for line := range strings.Lines(string(text)) {
		if found := strings.Split(strings.TrimSpace(line), ":"); len(found) >= fields {
			lines = append(lines, found)
		}
	}
	return lines
}

// UserName is what a user is called.
func UserName(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return "the user " + strconv.Itoa(uid)
}

func groupName(gid int) string {
	if g, err := user.LookupGroupId(strconv.Itoa(gid)); err == nil {
		return g.Name
	}
	return strconv.Itoa(gid)
}
