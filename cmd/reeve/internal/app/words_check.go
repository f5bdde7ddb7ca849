package app

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"reeve/procfile"
	"reeve/supervisor"
	"reeve/watch"
)

// What reeve check says. None of it contains the value of a variable: a program's name is
// given only as the Procfile has it.

func missingKeyText(key string) string {
	return key + " is listed here but not set: set it in an env file or in the environment; it may be empty"
}

// envDirectoryText says that .env is a directory.
const envDirectoryText = "is a directory, so no env file is read: name one with --env, or use --no-env"

// envDanglingText says that .env is a link to nothing.
const envDanglingText = "is a link to a file that does not exist, so no env file is read"

// GoneText says that an env file is gone.
func GoneText(path string) string {
	return path + " is gone: from now on processes start without its variables"
}

// endlessTaskText says that a task would be started again when it is done.
func endlessTaskText(typ string) string {
	return fmt.Sprintf("%s is a task, which ends when it has succeeded, and always would start it again: choose on-failure or never for it", typ)
}

// taskHealthText says that there is no health of a task to check.
func taskHealthText(typ string) string {
	return fmt.Sprintf("%s is a task, which is over when it is ready: there is no health to check", typ)
}

// missingDirText says that a type cannot run in its directory.
func missingDirText(typ, dir string, why error) string {
	return fmt.Sprintf("%s cannot run in %s: %v", typ, dir, why)
}

// UnknownTypeText says that the Procfile has no such process type.
func UnknownTypeText(typ string, types []string) string {
	return fmt.Sprintf("the Procfile has no process type %q: %s", typ,
		procfile.Suggest(typ, types, "it has "+strings.Join(types, ", ")))
}

func noLabelText(typ string) string {
	return typ + " is a name that Kubernetes rejects: use only a-z, 0-9 and -, no - at the ends, and at most 63 characters"
}

func undefinedText(name string) string {
	return fmt.Sprintf("$%s is not set, so it %s: set it in an env file, or write ${%s:-default}", name, procfile.UnsetBecomes, name)
}

func lostInShellText(keys []string) string {
	return fmt.Sprintf("the shell that runs this command drops %s: names in a shell consist of letters, digits and _; rename it, or use no shell syntax",
		strings.Join(keys, ", "))
}

func oddBlankText(blank string) string {
	return fmt.Sprintf("there is %s in the command: write a plain space, or put it in quotes if you mean it", blank)
}

// unnamed is a program whose name is the value of a variable.
const unnamed = "the program"

// noFileRemedy is for a program that is named by its path.
const noFileRemedy = "is it built, and is the path right as seen from the app's root?"

// nearbyText says that a program is outside the PATH, and where.
func nearbyText(path string) string {
	dir := filepath.Dir(path)
	if !strings.HasPrefix(dir, "..") {
		dir = "./" + dir
	}
	if dir == "./." {
		return "there is " + path + ": write that"
	}
	return fmt.Sprintf("there is %s: write that, or PATH=%s:$PATH in .env", path, dir)
}

// programText says why a program cannot be executed; near is where else there is one.
func programText(name, near string, err error) string {
	switch {
	case errors.Is(err, supervisor.ErrNotExecutable):
		return name + " cannot be executed: " + supervisor.HowExecutable
	case name == unnamed:
		return name + " does not exist, or is not in the PATH of the app's environment: check the variable that names it"
	case isPath(name):
		return name + " does not exist: " + noFileRemedy
	case near != "":
		return name + " is not in the PATH of the app's environment, but " + nearbyText(near)
	}
	return name + " is not in the PATH of the app's environment: is it installed?"
}

const lineEndRemedy = "save it with LF line endings"

func scriptLineEndText(script string) string {
	return script + " is a script whose first line ends with a carriage return: " + lineEndRemedy
}

func interpreterText(script, interpreter string) string {
	return fmt.Sprintf("%s is a script for %s, which cannot be found: is it installed?", script, interpreter)
}

// unwatchedText says that a setting is about files that change, of a type that watches none.
func unwatchedText(typ string) string {
	return fmt.Sprintf("%s watches no files: say which with watch, as in --watch '%s=src/**'", typ, typ)
}

// noCascadeText says that there is nothing to restart.
func noCascadeText(typ string) string {
	return fmt.Sprintf("nothing comes after %s, so nothing is restarted with it: see after", typ)
}

// unusedReleaseText says that release is not part of the formation.
const unusedReleaseText = "release is not part of the formation, so its files are not watched: a type may come after it, see after"

// nothingMatchesText says that a pattern stands for no file.
func nothingMatchesText(typ, glob string) string {
	return fmt.Sprintf("%s: %s matches no file now: patterns start at the app's root, and what git ignores must be named literally", typ, glob)
}

// overLimitText says that there are more directories than the system would watch.
func overLimitText(directories int, limit watch.Limit) string {
	return fmt.Sprintf("%d directories are to be watched, and the system allows %d: reeve would look for changed files now and then; %s", directories, limit.Watches, limit.Remedy)
}

func shellSyntaxText(why string) string { return "sh cannot read this command: " + why }
