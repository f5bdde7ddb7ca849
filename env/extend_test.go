package env

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestExtend: a value that refers to its own name has the environment's in it, and wins.
func TestExtend(t *testing.T) {
	real := []string{"PATH=/bin", "N=1"}
	for name, test := range map[string]struct {
		files    []string
		override bool
		want     []string
	}{
		"in front":            {[]string{"PATH=./bin:$PATH"}, false, []string{"N=1", "PATH=./bin:/bin"}},
		"with an operator":    {[]string{"PATH=./bin${PATH:+:$PATH}"}, false, []string{"N=1", "PATH=./bin:/bin"}},
		"in double quotes":    {[]string{`PATH="./bin:${PATH}"`}, false, []string{"N=1", "PATH=./bin:/bin"}},
		"in single quotes":    {[]string{`PATH='./bin:$PATH'`}, false, []string{"N=1", "PATH=/bin"}},
		"twice":               {[]string{"PATH=a:$PATH\nPATH=b:$PATH"}, false, []string{"N=1", "PATH=b:a:/bin"}},
		"in two files":        {[]string{"PATH=a:$PATH", "PATH=b:$PATH"}, false, []string{"N=1", "PATH=b:a:/bin"}},
		"and not any more":    {[]string{"PATH=a:$PATH\nPATH=b"}, false, []string{"N=1", "PATH=/bin"}},
		"used later":          {[]string{"PATH=a:$PATH\nX=$PATH", "Y=$PATH"}, false, []string{"N=1", "PATH=a:/bin", "X=a:/bin", "Y=a:/bin"}},
		"beaten by no file":   {[]string{"PATH=a:$PATH", "PATH=b"}, false, []string{"N=1", "PATH=a:/bin"}},
		"a default":           {[]string{"N=${N:-5}\nM=${M:-5}"}, false, []string{"M=5", "N=1", "PATH=/bin"}},
		"nothing to extend":   {[]string{"M=a\nM=$M:b", "M=c"}, false, []string{"M=c", "N=1", "PATH=/bin"}},
		"with override":       {[]string{"PATH=a:$PATH", "PATH=b:$PATH"}, true, []string{"N=1", "PATH=b:a:/bin"}},
		"overridden":          {[]string{"PATH=a:$PATH", "PATH=b"}, true, []string{"N=1", "PATH=b"}},
		"a name alone":        {[]string{"N\nM\nexport PATH"}, false, []string{"N=1", "PATH=/bin"}},
		"alone, over a file":  {[]string{"N=5", "N"}, true, []string{"N=1", "PATH=/bin"}},
		"alone, after a line": {[]string{"N=5\nexport N"}, true, []string{"N=5", "PATH=/bin"}},
	} {
		var pairs []string
		for i, text := range test.files {
			pairs = append(pairs, string(rune('a'+i)), text)
		}
		e, err := Load(Options{Files: writeFiles(t, pairs...), Environ: real, Override: test.override})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := e.Environ(); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
		if c := e.Conflicts(); !test.override && len(c) > 0 && c[0].Winner != RealEnvironment {
			t.Errorf("%s: %v", name, c)
		}
	}
}

// TestExtendSource: what is extended has lost, and there is no conflict.
func TestExtendSource(t *testing.T) {
	e, err := Load(Options{Files: writeFiles(t, "f", "PATH=./bin:$PATH"), Environ: []string{"PATH=/bin"}})
	got, _ := e.Source("PATH")
	want := Source{Origin{"f", 1}, []Origin{{RealEnvironment, 0}}}
	if err != nil || !reflect.DeepEqual(got, want) || len(e.Conflicts()) > 0 {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
}

// TestExtendFiltered: a name in a file declares the variable, however it stands there.
func TestExtendFiltered(t *testing.T) {
	e, err := Load(Options{
		Files: writeFiles(t, "f", "P=a:$P\nN\n"), Environ: []string{"P=p", "N=n", "X=x"}, Only: func(string) bool { return false },
	})
	if got := e.Environ(); err != nil || !slices.Equal(got, []string{"N=n", "P=a:p"}) {
		t.Errorf("%q, %v", got, err)
	}
}

// TestAssigned: ports are known to the files, and depend on what they say.
func TestAssigned(t *testing.T) {
	asked := 0
	options := Options{
		Environ: []string{"REEVE_PORT_OTHER=real"},
		Assigned: func(without *Env) Lookup {
			asked++
			base, ok := without.Lookup("PORT")
			if !ok {
				base = "5000"
			}
			return lookupIn(map[string]string{"PORT": base, "REEVE_PORT_DB": base + "+1", "REEVE_SLOT": "0"})
		},
	}
	for src, want := range map[string]string{
		"A=1":                      "A=1 REEVE_PORT_OTHER=real",
		"A=${REEVE_PORT_DB}":       "A=5000+1 REEVE_PORT_OTHER=real",
		"A=$PORT.$REEVE_SLOT":      "A=5000.0 REEVE_PORT_OTHER=real",
		"PORT=3\nA=$REEVE_PORT_DB": "A=3+1 PORT=3 REEVE_PORT_OTHER=real",
		"A=$REEVE_PORT_DB\nPORT=3": "A=3+1 PORT=3 REEVE_PORT_OTHER=real",
		"PORT=${PORT:-3}\nA=$PORT": "A=3 PORT=3 REEVE_PORT_OTHER=real",
		"PORT=$REEVE_PORT_DB":      "PORT=+1 REEVE_PORT_OTHER=real",
		"A=$REEVE_PORT_OTHER":      "A=real REEVE_PORT_OTHER=real",
	} {
		asked = 0
		options.Files = writeFiles(t, "f", src)
		e, err := Load(options)
		if got := strings.Join(e.Environ(), " "); err != nil || got != want {
			t.Errorf("%q: %s, %v; want %s", src, got, err, want)
		}
		if refers := strings.Contains(src, "$"); e.RefersTo("REEVE_PORT_DB") != strings.Contains(src, "_DB") || asked > 1 || refers != (asked == 1) {
			t.Errorf("%q: asked %d times", src, asked)
		}
	}
}

// TestAssignedToAll: further files for some have the ports that all have, whatever they
// set themselves.
func TestAssignedToAll(t *testing.T) {
	files := writeFiles(t, "all", "PORT=3\nA=$REEVE_PORT_DB", "some", "PORT=4\nB=$REEVE_PORT_DB")
	e, err := Load(Options{Files: files[:1], Assigned: func(without *Env) Lookup {
		base, _ := without.Lookup("PORT")
		return lookupIn(map[string]string{"REEVE_PORT_DB": base + "+1"})
	}})
	if err != nil {
		t.Fatal(err)
	}
	some, err := e.With(files[1:])
	if got := some.Environ(); err != nil || !slices.Equal(got, []string{"A=3+1", "B=3+1", "PORT=4"}) {
		t.Errorf("%q, %v", got, err)
	}
}

// TestLost has a line for each value that has lost something.
func TestLost(t *testing.T) {
	files := writeFiles(t, "a", "A=pa$word\nB=${C:-x}$5\nB=a#b", "b", "D=\"$2b$10$abc\"")
	e, err := Load(Options{Files: files})
	want := "a:1: A: " + expandsEmpty + "\nb:1: D: " + expandsEmpty
	if got := printWarnings(e.Lost()); err != nil || got != want {
		t.Errorf("got\n%s\n%v\nwant\n%s", got, err, want)
	}
}

func TestKeys(t *testing.T) {
	keys, err := Keys("e", []byte("Copy this file\nCarefully\nA=${B:?needed}\n{% if x %}\n2FA_X=\nC='a'b\nD\nE={{ e }}\nF='open\n"))
	var got []string
	for _, k := range keys {
		got = append(got, k.Key)
	}
	want := "e:1: " + noAssignment + "\ne:2: " + noAssignment + "\ne:4: " + noAssignment
	if !slices.Equal(got, []string{"A", "2FA_X", "C", "D", "E", "F"}) || err == nil || err.Error() != want {
		t.Errorf("%q, %v", got, err)
	}
}
