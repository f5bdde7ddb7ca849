package settings

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strings"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/place"
	"reeve/internal/pattern"
	"reeve/procfile"
	"reeve/supervisor"
)

// source is what one source says.
type source struct {
	Options
	said map[string]bool // the flags that it sets
}

func newSource() *source { return &source{said: map[string]bool{}} }

// set sets a flag, and records where.
func (s *source) set(row Row, text string, where diag.Problem) error {
	err := row.check(text)
	if err == nil {
		err = row.value(&s.Options).Set(text)
	}
	if err != nil {
		where.Message += ": " + err.Error()
		return where
	}
	s.said[row.Name] = true
	if row.Name == "env" {
		s.EnvNamed.note(splitList(text), where)
	}
	if row.Name == groupTable {
		for _, item := range splitList(text) {
			s.GroupNamed.note([]string{typeIn(item)}, where)
		}
	}
	for _, typ := range row.typesIn(text) {
		s.Mentions = append(s.Mentions, Mention{Type: typ, Where: where})
	}
	return nil
}

// check reports what is found out about the command line only once it is known what
// runs, and then without its place.
func (r Row) check(text string) error {
	if r.Arg.form != countsForm {
		return nil
	}
	_, err := procfile.ParseFormation(text)
	for _, p := range diag.In(err) {
		return errors.New(strings.TrimPrefix(p.Message, "formation "))
	}
	return nil
}

// merge puts what sources say over the defaults, the weakest first.
func merge(on CommandSet, sources ...*source) *Options {
	o := Defaults()
	for _, s := range sources {
		for _, row := range Table() {
			if row.On&on != 0 && s.said[row.Name] {
				row.value(o).put(row.value(&s.Options))
			}
		}
		o.Mentions, o.Ignored = append(o.Mentions, s.Mentions...), append(o.Ignored, s.Ignored...)
		putAll((*map[string]diag.Problem)(&o.EnvNamed), s.EnvNamed)
		putAll((*map[string]diag.Problem)(&o.GroupNamed), s.GroupNamed)
		for typ, files := range s.TypeEnv {
			putAll(&o.TypeEnv, map[string][]string{typ: files})
		}
	}
	return o
}

// settingsRoot is where reeve.toml would be, which only the two stronger sources can say.
func (s *source) settingsRoot(command string) string {
	line := s.Options
	if command == "export" {
		line.lookHere()
	}
	said := place.Place{
		Root:     cmp.Or(line.Root, os.Getenv(Variable("root"))),
		Procfile: cmp.Or(line.Procfile, os.Getenv(Variable("procfile"))),
	}
	path := said.Procfile
	if path == "" {
		path, _ = place.FindProcfile(said.Root) // none: a one-off needs none
	}
	return said.Dir(path)
}

// Variable is the variable that sets a flag.
func Variable(name string) string {
	return "REEVE_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// readVariables reads the real environment.
func readVariables(on CommandSet) (*source, error) {
	from := newSource()
	var errs []error
	for _, row := range Table() {
		value := os.Getenv(Variable(row.Name))
		if row.On&on == 0 || row.OnLineAlone() || value == "" || IsNeighbour(row.Name) {
			continue
		}
		if isServiceLink(Variable(row.Name), value) {
			from.Ignored = append(from.Ignored, serviceLinkText(Variable(row.Name)))
			continue
		}
		errs = append(errs, from.set(row, value, diag.Problem{Severity: diag.Error, Message: Variable(row.Name)}))
	}
	return from, errors.Join(errs...)
}

// IsNeighbour reports whether the variable of a flag is not a setting but what another reeve
// has told its processes: the port of a process type called step, or which run they are.
func IsNeighbour(flag string) bool {
	return flag == "port-step" && os.Getenv(supervisor.MarkerKey) != "" || Variable(flag) == supervisor.MarkerKey
}

// serviceLink is what Kubernetes puts into the variable NAME_PORT for a Service called
// name, and Docker for a linked container.
var serviceLink = pattern.New(`^(tcp|udp|sctp)://[^/]+:[0-9]+$`)

// isServiceLink reports whether the variable of a flag is one of those, of a Service called
// reeve.
func isServiceLink(variable, value string) bool {
	return strings.HasSuffix(variable, "_PORT") && serviceLink.Get().MatchString(value)
}

// serviceLinkText says that a variable is not a setting of reeve's.
func serviceLinkText(variable string) string {
	name := strings.ToLower(strings.ReplaceAll(strings.TrimSuffix(variable, "_PORT"), "_", "-"))
	return fmt.Sprintf("%s is ignored: it comes from a Kubernetes Service called %s, and is not a setting", variable, name)
}
