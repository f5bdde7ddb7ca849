package export

import "strings"

// makeDir is a function of scripts that root runs, which makes a directory for the user
// of the processes. Whoever can write to a place could have put a link there that leads
// to something of root's. So what the user can make, the user makes; root makes the rest,
// where nobody else can write. What is there already is not given away, and may have come
// this moment: all services of an app start at once and make the same directories.
const makeDir = `# Makes a directory for USER. Root makes one only where nobody else can have put anything.
make_dir() (
	safe() {
		[ -n "$(find "$1" -prune \( -user root -o -user "$2" \) \( -type l -o -perm -1000 -o ! -perm -0002 \))" ] && return
		echo "$1 can be changed by others than root and $2: choose another directory" >&2
		return 1
	}
	if [ USER = root ] || ! SWITCH mkdir -p "$1" 2>/dev/null; then
		set -f
		IFS=/
		dir=
		for name in ${1%/*}; do
			dir=${dir%/}/$name
			[ -e "$dir" ] || mkdir -p "$dir" || exit 1
			safe "$dir" root && safe "$dir/." root || exit 1
		done
		if mkdir "$1" 2>/dev/null; then
			chown -h USER "$1" || exit 1
		elif ! [ -d "$1" ]; then
			mkdir "$1" || exit 1
		fi
	fi
	safe "$1" USER
)`

// MakeDir is the same for templates. The words in front of a command switch to the user.
func (a App) MakeDir(switcher string) string {
	if a.User == "" {
		return "make_dir() { mkdir -p \"$1\" || exit 1; }"
	}
	return strings.NewReplacer("USER", a.User, "SWITCH", switcher).Replace(makeDir)
}
