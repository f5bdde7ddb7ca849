package procfile

import (
	"strings"
	"sync"
)

// shellWords are the words that a shell executes itself or reads as grammar:
// those of POSIX and what dash, bash, BusyBox, ksh and zsh add. Many are
// programs too, but not with the same result: the echo of dash and /bin/echo
// differ. true and false are left out because there is nothing to differ in.
var shellWords = set(`
	if then else elif fi do done case esac while until for in select function
	time coproc namespace { } ! [[ ]]
	. : [ alias bg break cd command continue echo eval exec exit export fc fg
	getopts hash jobs kill local printf pwd read readonly return set shift test
	times trap type ulimit umask unalias unset wait
	autoload bind builtin caller chdir compgen complete compopt compound declare
	dirs disown enable enum fcntl float functions help hist history integer let
	limit logout mapfile nameref noglob popd print pushd readarray rehash repeat
	setopt shopt source suspend typeset unlimit unsetopt whence where
`)

// shellVariables are the variables that a shell sets when it starts or as it
// goes, whatever the environment says.
var shellVariables = set(`
	_ IFS PWD OLDPWD PPID LINENO OPTIND OPTARG OPTERR PS1 PS2 PS3 PS4 RANDOM SRANDOM
	SECONDS EPOCHREALTIME EPOCHSECONDS UID EUID GID EGID USERNAME GROUPS PGRP
	USER_ID DIRSTACK FUNCNAME PIPESTATUS SHELLOPTS SHLVL HISTCMD MAILCHECK FCEDIT
	TMOUT KSHEGID KSHGID KSHUID COMP_WORDBREAKS COPROC MAPFILE REPLY TTYIDLE
	ERRNO
`)

// defaultVariables are those that some shell sets if the environment does not.
var defaultVariables = set(`
	PATH HOME SHELL TERM HOST HOSTNAME HOSTTYPE MACHTYPE OSTYPE VENDOR CPUTYPE
	COLUMNS LINES LOGNAME USER TTY ENV MAIL MAILPATH CDPATH HISTFILE HISTSIZE
	HISTFILESIZE EDITOR VISUAL NULLCMD READNULLCMD
`)

// isShellVariable reports whether the shell's own idea of a variable matters.
func isShellVariable(name string) bool {
	return shellVariables()[name] || strings.HasPrefix(name, "BASH") ||
		strings.HasPrefix(name, "KSH_") || strings.HasPrefix(name, "ZSH_")
}

// hasDefault reports whether a shell may know a variable that is not set.
func hasDefault(name string) bool {
	return defaultVariables()[name]
}

// set is made when it is first used.
func set(words string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		set := make(map[string]bool)
		for _, word := range strings.Fields(words) {
			set[word] = true
		}
		return set
	})
}
