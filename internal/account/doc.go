// Package account tells on Windows whose a file or a process is, and makes files that are one
// user's alone. A file's mode says neither there: it has an owner and an access control list.
//
// Administrators and the system may do anything anyway, as root does elsewhere, so they count as
// the user wherever somebody is to be trusted.
package account
