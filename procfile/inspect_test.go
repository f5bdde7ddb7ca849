package procfile

import (
	"strings"
	"testing"
)

func TestProgram(t *testing.T) {
	for command, want := range map[string]string{
		"server | tee log":             "server",
		"bin/run&&next":                "bin/run",
		"server>log 2>&1":              "server",
		"A=1 B='x y' server | tee log": "server",
		"A=$B server; next":            "server",
		"exec server > log":            "server",
		"exec  A=1 server > log":       "",
		"exec -a name server | x":      "",
		"exec":                         "",
		"cd dir && bin/run":            "",
		"while true; do x; done":       "",
		"[ -f x ] && y":                "",
		"! server | x":                 "",
		"(server) | x":                 "",
		"{ server; }":                  "",
		"server() { x; }; server":      "",
		"2>log server":                 "",
		"> log server":                 "",
		"$SERVER | x":                  "",
		"~/bin/run | x":                "",
		"bin/*.sh | x":                 "",
		`ser"ver" | x`:                 "",
		`\server | x`:                  "",
		"PATH=bin server | x":          "",
		"A=`x` server":                 "",
		"A=1; server":                  "",
		"A=1":                          "",
		"# comment":                    "",
		"":                             "",
	} {
		if got := Program(command); got != want {
			t.Errorf("Program(%q) = %q, want %q", command, got, want)
		}
	}
}

func TestUndefined(t *testing.T) {
	known := func(name string) (string, bool) { return "", name == "SET" }
	for command, want := range map[string]string{
		// direct
		"server":                     "",
		"server $SET ${SET}":         "",
		"server $A '$B' \"x ${C}\"":  "A C",
		"server $A $A":               "A",
		"A=1 server $A":              "A", // still the old one
		"server $HOME $PATH $USER":   "",
		"$A/server":                  "A",
		"server --port=$SET --x=$A":  "A",
		"server '$A' # no $B at all": "",
		// for the shell
		"server $SET $A | x":                        "A",
		"server ${A:-1} ${B-} ${C:=2} ${D:?x} | x":  "",
		"server ${A:-$B} | x":                       "",
		"server ${A%.*} ${#B} | x":                  "A B",
		"server ${A:-{$B}} $C | x":                  "C",
		"A=1; server $A":                            "",
		"A=1 && server $A; B+=2; x $B":              "",
		": ${A:=1}; server $A":                      "",
		"export A=1; server $A $B":                  "B",
		"for f in *; do x $f; done":                 "",
		"while read -r a b; do x $a $b $c; done":    "c",
		"x | awk '{print $NF}'":                     "",
		`x "$(awk '{print $NF}')" | y $A`:           "A",
		"x \"`awk '{print $NF}'`\" | y":             "",
		`x "it's $A" | y`:                           "A",
		`x \$A "\$B" | y`:                           "",
		"x $1 $? $$ $! $# $@ | y":                   "",
		"x | y # $A":                                "",
		"x a#$A | y":                                "A",
		". ./env.sh && server $A":                   "",
		"set -a; source .env; server $A":            "",
		"eval \"$(x)\"; server $A":                  "",
		"x | y $((A + $B))":                         "B",
		"x | y $UID $RANDOM $HOSTNAME $PWD $IFS":    "",
		"case $A in b) x;; esac":                    "A",
		`x "$A | y`:                                 "", // no command at all
		"x ${A":                                     "",
		"x 'a | $A":                                 "",
		"x $(y $A | z":                              "",
		"trap 'x $A' TERM; y $B":                    "B",
		"sh -c 'x $A' | y \"$(z \"$B\")\" ${SET#x}": "B",
	} {
		if got := strings.Join(Undefined(command, known), " "); got != want {
			t.Errorf("Undefined(%q) = %q, want %q", command, got, want)
		}
	}
}

// FuzzInspect: no command is too strange.
func FuzzInspect(f *testing.F) {
	f.Add("A=1 exec server ${B:-$C} \"$(x `y` 'z')\" # $D")
	f.Add("while read a; do ${a%\\")
	f.Fuzz(func(t *testing.T, command string) {
		if program := Program(command); !strings.Contains(command, program) {
			t.Errorf("Program(%q) = %q", command, program)
		}
		for _, name := range Undefined(command, func(string) (string, bool) { return "", false }) {
			if !strings.Contains(command, name) || variable(name) != name {
				t.Errorf("Undefined(%q) has %q", command, name)
			}
		}
	})
}

func TestWithoutComment(t *testing.T) {
	for command, want := range map[string]string{
		"a; b # c":          "a; b ",
		"a; b;# c":          "a; b;",
		"# c":               "",
		"a; b":              "a; b",
		"a#b; c":            "a#b; c",
		"a '# b'; c":        "a '# b'; c",
		`a "# b" # c`:       `a "# b" `,
		`a \# b; c`:         `a \# b; c`,
		"a $# ${#b}; c":     "a $# ${#b}; c",
		"a $(b # c)":        "a $(b # c)",
		"a 'open # b":       "a 'open # b",
		"a $(b) ${c} # 'd'": "a $(b) ${c} ",
		`a \`:               `a \`,
		"":                  "",
	} {
		if got := WithoutComment(command); got != want {
			t.Errorf("%s: %q, want %q", command, got, want)
		}
	}
}
