// Package account tells who owns a file or a process on Windows, and creates files that only one
// user can access. A file's mode says neither there: it has an owner and an access control list.
//
// Administrators and the system can do anything anyway, like root elsewhere, so they are trusted
// wherever the user is.
package account
