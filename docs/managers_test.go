//go:build unix

package docs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// The stand-ins for process managers run nothing. They look whether all that they are told
// to run is there, where a guide has told reeve to write it, and read as much of it as
// they have to. What becomes of it with the programs themselves is tried in
// procfile/export/verify.
var managers = []standIn{
	{"sudo", `\S.*`, asRoot},
	{"chown", `deploy \S+`, areThere(1)},
	{"systemctl", `(--user )?daemon-reload`, nil},
	{"systemctl", `(--user )?enable --now shop\.target`, enableTarget},
	{"journalctl", `-f -t shop-web\.1`, says("etc/systemd/system/shop-web.1.service", `(?m)^SyslogIdentifier=shop-web\.1$`)},
	{"loginctl", `enable-linger`, nil},
	{"launchctl", `bootstrap (system|gui/\d+)( \S+\.plist)+`, areThere(2)},
	{"launchctl", `kickstart system/shop-release`, says("Library/LaunchDaemons/shop-release.plist", `<string>shop-release</string>`)},
	{"sv", `status( \S+)+`, haveRun},
	{"s6-rc-compile", `\S+/compiled-new \S+`, compileServices},
	{"s6-rc-update", `\S+/compiled-new`, areThere(0)},
	{"s6-rc", `-u change shop`, says("etc/s6-rc/compiled-new/shop/type", `^bundle\n$`)},
	{"supervisorctl", `update`, says("etc/supervisor/conf.d/shop.conf", `(?m)^\[program:shop-web-1\]$`)},
	{"supervisorctl", `status shop:\*`, says("etc/supervisor/conf.d/shop.conf", `(?m)^\[group:shop\]$`)},
	{"supervisorctl", `start shop:shop-release`, says("etc/supervisor/conf.d/shop.conf", `(?m)^\[program:shop-release\]$`)},
	{"initctl", `reload-configuration`, nil},
	{"start", `shop`, says("etc/init/shop.conf", `(?m)^start on runlevel`)},
	{"telinit", `q`, readInittab},
	{"crontab", `-l|-`, nil},
}

// machine is a directory that stands in for the machine where a guide works as root: no
// test may change the real one.
func machine() string { return filepath.Join(os.Getenv(standInState), "machine") }

// ofMachine finds its paths in an argument.
var ofMachine = regexp.MustCompile(`(^|[ >])(/(?:etc|var|Library)/)`)

// asRoot runs a command on that machine. Patterns become what a shell there would make
// of them.
func asRoot(args []string) error {
	var words []string
	for _, arg := range args {
		arg = ofMachine.ReplaceAllString(arg, "${1}"+machine()+"${2}")
		if found, _ := filepath.Glob(arg); strings.Contains(arg, "*") && found != nil {
			words = append(words, found...)
		} else {
			words = append(words, arg)
		}
	}
	return become(words)
}

// machineDirs are what the machine has before anything is exported.
var machineDirs = []string{"etc/service", "etc/cron.d", "var/log", "Library"}

// areThere wants files to be there: the arguments from one on.
func areThere(from int) func([]string) error {
	return func(args []string) error {
		for _, file := range args[from:] {
			if _, err := os.Stat(file); err != nil {
				return err
			}
		}
		return nil
	}
}

// says wants a file of the machine to have a text that matches.
func says(file, pattern string) func([]string) error {
	return func([]string) error {
		text, err := os.ReadFile(filepath.Join(machine(), file))
		if err == nil && !regexp.MustCompile(pattern).Match(text) {
			err = fmt.Errorf("nothing in %s matches %s", file, pattern)
		}
		return err
	}
}

// enableTarget wants every unit of a target to be there.
func enableTarget(args []string) error {
	dir := filepath.Join(machine(), "etc/systemd/system")
	if args[0] == "--user" {
		dir = filepath.Join(os.Getenv("HOME"), ".config/systemd/user")
	}
	text, err := os.ReadFile(filepath.Join(dir, args[len(args)-1]))
	if err != nil {
		return err
	}
	wanted := regexp.MustCompile(`(?m)^Wants=(.+)$`).FindSubmatch(text)
	if wanted == nil {
		return errors.New("the target wants nothing")
	}
	var units []string
	for _, unit := range strings.Fields(string(wanted[1])) {
		units = append(units, filepath.Join(dir, unit))
	}
	return areThere(0)(units)
}

// haveRun wants each service directory to have a program.
func haveRun(args []string) error {
	for _, dir := range args[1:] {
		if err := isProgram(filepath.Join(dir, "run")); err != nil {
			return err
		}
	}
	return nil
}

func isProgram(file string) error {
	info, err := os.Stat(file)
	if err == nil && info.Mode()&0o111 == 0 {
		err = fmt.Errorf("%s cannot be executed", file)
	}
	return err
}

// compileServices compiles definitions of services to a copy of them. Each has to have a
// type, and what it depends on or consists of.
func compileServices(args []string) error {
	compiled, source := args[0], args[1]
	names, err := filepath.Glob(filepath.Join(source, "*"))
	if err != nil || len(names) == 0 {
		return fmt.Errorf("there are no services in %s", source)
	}
	for _, dir := range names {
		needed, _ := filepath.Glob(filepath.Join(dir, "*.d", "*"))
		files := []string{filepath.Join(dir, "type")}
		for _, file := range needed {
			files = append(files, filepath.Join(source, filepath.Base(file)))
		}
		if err := areThere(0)(files); err != nil {
			return err
		}
	}
	return os.CopyFS(compiled, os.DirFS(source))
}

// readInittab wants each line to have its fields and its program.
func readInittab([]string) error {
	text, err := os.ReadFile(filepath.Join(machine(), "etc/inittab"))
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.SplitN(strings.TrimSpace(line), ":", 4)
		if len(fields) < 4 {
			return fmt.Errorf("no line for init: %s", line)
		}
		if err := isProgram(strings.Fields(fields[3])[0]); err != nil {
			return err
		}
	}
	return nil
}
