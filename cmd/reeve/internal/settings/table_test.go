package settings

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// samples are two values for each form and kind of argument: what a weak and a strong source
// say.
func samples(row Row) (weak, strong string) {
	weak, strong = "7", "8"
	if len(row.Arg.Of.Words) > 1 {
		weak, strong = row.Arg.Of.Words[0], row.Arg.Of.Words[1]
	}
	switch row.Arg.form {
	case noArgument:
		return "false", "true"
	case ofTypeForm, ofTypeList, typeMayForm, typeOrLine:
		if row.Arg.Of.Begun { // a probe
			weak, strong = "exec:a", "exec:b"
		}
		return "web=" + weak, "web=" + strong
	case orderForm, groupForm:
		return "web=a", "web=b"
	case countsForm:
		return "web=1", "web=2"
	}
	return weak, strong
}

// said is all that options say, apart from where they come from.
func said(o *Options) string {
	values := *o
	values.Sources = Sources{}
	return fmt.Sprintf("%+v", values)
}

// TestSources walks flags and sources: each flag of start can be set from each of its sources
// with the same result, and the stronger source counts.
func TestSources(t *testing.T) {
	for _, name := range Keys() {
		on := CommandSet(0)
		command := "start"
		if on = OnStart; RowOf(on, name).Name == "" {
			command, on = "export", onExport
		}
		row := RowOf(on, name)
		weak, strong := samples(row)
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			t.Chdir(dir)
			read := func(file, variable string, args ...string) string {
				t.Helper()
				if file != "" {
					quoted := `"` + file + `"`
					file = name + " = " + quoted + "\n"
				}
				if err := os.WriteFile(filepath.Join(dir, "reeve.toml"), []byte(file), 0o666); err != nil {
					t.Fatal(err)
				}
				t.Setenv(Variable(name), variable)
				o, _, err := Parse(command, args)
				if err == nil {
					err = o.Wrong
				}
				if err != nil {
					t.Fatal(err)
				}
				return said(o)
			}
			flag := func(value string) string { return "--" + name + "=" + value }
			want := read("", "", flag(strong))
			if before := read("", ""); before == want {
				t.Fatalf("%s changes nothing: %s", flag(strong), want)
			}
			if got := read("", strong); got != want && !IsNeighbour(name) {
				t.Errorf("the variable: %s, want %s", got, want)
			}
			if isPath := name == "procfile" || name == "env" || name == "template" || name == "log-dir"; isPath {
				return // which reeve.toml sees from its own directory
			}
			if name == "root" {
				return
			}
			if !IsNeighbour(name) {
				if got := read(weak, strong); got != want {
					t.Errorf("a variable over reeve.toml: %s, want %s", got, want)
				}
			}
			for source, got := range map[string]string{
				"reeve.toml":                   read(strong, ""),
				"a flag over both":             read(weak, weak, flag(strong)),
				"a flag over a lone variable":  read("", weak, flag(strong)),
				"a flag over reeve.toml alone": read(weak, "", flag(strong)),
			} {
				if got != want {
					t.Errorf("%s: %s, want %s", source, got, want)
				}
			}
		})
	}
}

// TestTable walks the flags: each says what it does, under a heading, and what its values are.
func TestTable(t *testing.T) {
	for _, row := range Table() {
		switch {
		case row.usage == "" || strings.Contains(row.usage, "(default"):
			t.Errorf("--%s says %q", row.Name, row.usage)
		case row.Group == "":
			t.Errorf("--%s is in no group", row.Name)
		case row.TakesValue() != (row.Arg.String() != ""):
			t.Errorf("--%s takes a value: %v, which is shown as %q", row.Name, row.TakesValue(), row.Arg)
		case row.Arg.form == perTypeForm && row.Standard() == "":
			t.Errorf("--%s has no default", row.Name)
		}
		if row.Arg.ForTypes() && row.typed(Defaults()) == nil {
			t.Errorf("--%s is about process types that its value does not know", row.Name)
		}
		if _, knows := row.value(Defaults()).(typed); knows != (row.typed(Defaults()) != nil) {
			t.Errorf("--%s is about process types, which is not asked", row.Name)
		}
	}
}
