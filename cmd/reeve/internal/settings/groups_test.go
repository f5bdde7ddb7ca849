package settings

import (
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// parseIn reads a command line where reeve.toml has some text.
func parseIn(t *testing.T, toml string, args ...string) (*Options, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("reeve.toml", []byte(toml), 0o666); err != nil {
		t.Fatal(err)
	}
	o, _, err := Parse("start", args)
	if err == nil {
		err = o.Wrong
	}
	return o, err
}

const twoGroups = "[group]\nadmin = ['api', 'ui']\nback = ['api', 'db']\n"

// A group stands for its process types in every flag that is about them.
func TestGroupsInEveryFlag(t *testing.T) {
	for _, row := range Rows(OnStart) {
		if row.typed(Defaults()) == nil || row.Arg.Defines() || !row.Arg.ForTypes() {
			continue
		}
		value, _ := samples(row)
		if _, after, ok := strings.Cut(value, "="); ok {
			value = after
		}
		switch {
		case row.Arg.IsTypes():
			value = "@admin"
		default:
			value = "@admin=" + value
		}
		o, err := parseIn(t, twoGroups, "--"+row.Name+"="+value)
		if err != nil {
			t.Errorf("--%s %s: %v", row.Name, value, err)
			continue
		}
		types := row.types(o)
		if !slices.Contains(types, "api") || !slices.Contains(types, "ui") || slices.ContainsFunc(types, IsGroup) {
			t.Errorf("--%s %s is about %v", row.Name, value, types)
		}
		o, err = parseIn(t, row.Name+" = '"+value+"'\n"+twoGroups)
		if err != nil || !slices.Contains(row.types(o), "ui") {
			t.Errorf("%s = %s: %v, %v", row.Name, value, row.types(o), err)
		}
	}
}

// What is said of a type itself takes precedence, and so does a stronger source.
func TestGroupsAndTheirTypes(t *testing.T) {
	o, err := parseIn(t, "timeout = ['@admin=3', 'ui=4']\nafter = ['@admin=@back', 'ui=web']\nexclude = ['@back', 'web']\nformation = '@admin=2,ui=1'\n"+
		twoGroups+"['@back']\ncan-die = true\nenv = 'x.env'\n", "--stop-signal=@admin=INT,api=HUP")
	if err != nil {
		t.Fatal(err)
	}
	if o.Timeout.Of("api").Seconds() != 3 || o.Timeout.Of("ui").Seconds() != 4 {
		t.Errorf("timeouts %v", o.Timeout)
	}
	if want := map[string][]string{"api": {"db"}, "ui": {"api", "db", "web"}}; !reflect.DeepEqual(o.After, want) {
		t.Errorf("order %v", o.After)
	}
	if want := []string{"api", "db", "web"}; !slices.Equal(o.Exclude, want) || !slices.Equal(o.CanDie, want[:2]) {
		t.Errorf("lists %v, %v", o.Exclude, o.CanDie)
	}
	if o.Quantities != "ui=1,api=2" {
		t.Errorf("formation %s", o.Quantities)
	}
	if signals := []string{showSignal(o.StopSignal.Of("api")), showSignal(o.StopSignal.Of("ui"))}; !slices.Equal(signals, []string{"HUP", "INT"}) {
		t.Errorf("signals %v", signals)
	}
	if types := slices.Sorted(maps.Keys(o.TypeEnv)); !slices.Equal(types, []string{"api", "db"}) {
		t.Errorf("env files of %v", types)
	}
	o, err = parseIn(t, "['api']\ntimeout = 9\n"+twoGroups, "--timeout=@admin=2", "--group=admin=api")
	if err != nil || o.Timeout.Of("api").Seconds() != 2 || o.Timeout.Of("ui").Seconds() != 5 {
		t.Errorf("timeouts %v, %v", o.Timeout, err)
	}
}

// Mistakes are named where they are.
func TestWrongGroups(t *testing.T) {
	for _, tt := range []struct{ toml, arg, want string }{
		{"", "--exclude=@admin", `--exclude: no group "@admin": no group is defined`},
		{twoGroups, "--exclude=@adnim", `--exclude: no group "@adnim": did you mean @admin?`},
		{"timeout = '@adnim=3'\n" + twoGroups, "", `reeve.toml:1: timeout: no group "@adnim": did you mean @admin?`},
		{twoGroups + "['@adnim']\ntimeout = 3\n", "", `reeve.toml:5: no group "@adnim": did you mean @admin?`},
		{"timeout = ['@admin=3', '@back=4']\n" + twoGroups, "", "reeve.toml:1: timeout: api is in @admin and in @back: set it for api itself"},
		{"", "--group=a=@b", "a group has process types, not other groups"},
		{"[group]\n'@a' = ['x']\n", "", "reeve.toml:2: group: @a is called a where it is defined"},
		{"[group]\na = []\n", "", "reeve.toml:2: group: must be NAME=TYPE+TYPE"},
		{"[web]\ngroup = 'a=b'\n", "", "reeve.toml:2: group is not a setting for a process type"},
	} {
		args := []string{tt.arg}
		if tt.arg == "" {
			args = nil
		}
		_, err := parseIn(t, tt.toml, args...)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q %s: %v, want %s", tt.toml, tt.arg, err, tt.want)
		}
	}
}

func TestMeans(t *testing.T) {
	g := Groups{"admin": {"api", "ui"}}
	for name, want := range map[string]bool{"@admin": true, "api": true, "api.1": true, "api.2": false, "a*": true, "*.1": true, "@ui": false, "admin": false} {
		if g.Means(name, "api.1", "api") != want {
			t.Errorf("%s: not %v", name, want)
		}
	}
}
