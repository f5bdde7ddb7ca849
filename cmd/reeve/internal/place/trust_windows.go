package place

import (
	"io/fs"
	"slices"

	"golang.org/x/sys/windows"

	"reeve/internal/account"
)

// trustedUsers are, besides this user and those who may do anything, whoever owns the current
// directory: somebody who works there relies on its owner already.
func trustedUsers(here string) (all []*windows.SID) {
	if owner, err := account.OfFile(here); err == nil {
		all = append(all, owner)
	}
	return all
}

// distrust says why what a file says may not come from one of some users; empty: it does. It is about
// owners alone: whoever makes a directory on a drive that is no system's lets every user of the machine
// write there, often without knowing.
func distrust(path string, _ fs.FileInfo, trusts []*windows.SID) string {
	owner, err := account.OfFile(path)
	if err != nil || account.IsTrusted(owner) || slices.ContainsFunc(trusts, owner.Equals) {
		return ""
	}
	return "belongs to " + account.Name(owner)
}
