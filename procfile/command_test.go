package procfile

import (
	"slices"
	"strings"
	"testing"
)

// vars is the environment of these tests.
var vars = map[string]string{
	"PORT": "5000", "A": "a", "lower": "l", "EMPTY": "", "TWO": "one  two", "AROUND": " x\t",
	"BLANK": " ", "GLOB": "*.go", "QUESTION": "a?", "RANGE": "[a]", "BACK": `a\b`, "CR": "a\rb",
	"LINES": "80", "BYTES": "\xff", "NL": "a\nb", "QUOTES": `'"`, "META": "$A; `b` | #~{c,d}", "ACCENT": "é",
	"HOME": "/home/u", "PATH": "/bin", "PWD": "/", "IFS": ":", "RANDOM": "4", "UID": "7",
	"VENV": "/opt/v env", "CMD": "node", "CMDS": "node a", "ECHO": "echo", "EQUALS": "A=b",
}

func lookupVar(name string) (string, bool) {
	value, ok := vars[name]
	return value, ok
}

func TestArgvDirect(t *testing.T) {
	for command, want := range map[string][]string{
		"bundle exec puma -C config/puma.rb":               {"bundle", "exec", "puma", "-C", "config/puma.rb"},
		"node server.js --port $PORT":                      {"node", "server.js", "--port", "5000"},
		`python -m http.server "${PORT}"`:                  {"python", "-m", "http.server", "5000"},
		"FOO=bar ./bin/web -p $PORT":                       {"FOO=bar", "./bin/web", "-p", "5000"},
		`sh -c 'trap "" TERM; sleep 1'`:                    {"sh", "-c", `trap "" TERM; sleep 1`},
		"java -Xmx512m -jar app.jar":                       {"java", "-Xmx512m", "-jar", "app.jar"},
		"gunicorn app:app -b 0.0.0.0:$PORT":                {"gunicorn", "app:app", "-b", "0.0.0.0:5000"},
		"celery -A app worker -l info -Q a,b":              {"celery", "-A", "app", "worker", "-l", "info", "-Q", "a,b"},
		"php -S 0:${PORT} -t public/":                      {"php", "-S", "0:5000", "-t", "public/"},
		"npx --opt=val a#b x=y a@b 50% +x ^1 ok!":          {"npx", "--opt=val", "a#b", "x=y", "a@b", "50%", "+x", "^1", "ok!"},
		"RAILS_ENV=production LOG='a b' bin/rails s":       {"RAILS_ENV=production", "LOG=a b", "bin/rails", "s"},
		"  web \t a  ":                                     {"web", "a"},
		"true":                                             {"true"},
		"false x":                                          {"false", "x"},
		"p '' \"\" a'b'\"c\"d":                             {"p", "", "", "abcd"},
		`p "(a; b | c) * ~ {x,y} 'q' !#"`:                  {"p", "(a; b | c) * ~ {x,y} 'q' !#"},
		`p '$A ${A} $(a) \n "q"' "\$A \"q\" \\n \` + "`\"": {"p", `$A ${A} $(a) \n "q"`, "$A \"q\" \\n `"},
		"p $A$lower ${A}b x${A}":                           {"p", "al", "ab", "xa"},
		"p $TWO \"$TWO\" a${AROUND}b":                      {"p", "one", "two", "one  two", "a", "x", "b"},
		"p $EMPTY x$EMPTY \"$EMPTY\" $UNSET $BLANK":        {"p", "x", ""},
		"p $NL \"$NL\"":                                    {"p", "a", "b", "a\nb"},
		"p \"$GLOB\" \"$BACK\" \"$CR\"":                    {"p", "*.go", `a\b`, "a\rb"},
		"p $QUOTES $META":                                  {"p", `'"`, "$A;", "`b`", "|", "#~{c,d}"},
		"p $ACCENT é":                                      {"p", "é", "é"},
		"p $HOME $LINES":                                   {"p", "/home/u", "80"},
		"B=$A C=\"$TWO\" D=$EMPTY E= p":                    {"B=a", "C=one  two", "D=", "E=", "p"},
		"A=b p $A":                                         {"A=b", "p", "a"},
		"PATH=./bin:$PATH p":                               {"PATH=./bin:/bin", "p"},
		"_x=1 p":                                           {"_x=1", "p"},
		"./echo a":                                         {"./echo", "a"},
		"/bin/kill 1":                                      {"/bin/kill", "1"},
		"p echo if cd":                                     {"p", "echo", "if", "cd"},
		"$HOME/bin/p a":                                    {"/home/u/bin/p", "a"},
		`"$VENV/bin/p" a`:                                  {"/opt/v env/bin/p", "a"},
		`"a b" c`:                                          {"a b", "c"},
		"ünïcode":                                          {"ünïcode"},
	} {
		inv := Argv(command, lookupVar)
		if got := slices.Concat(inv.Assign, inv.Args); inv.Shell || !slices.Equal(got, want) {
			t.Errorf("%s\ngot  %q (shell: %v)\nwant %q", command, got, inv.Shell, want)
		}
	}
}

func TestArgvShell(t *testing.T) {
	for name, commands := range map[string]string{
		"operators":     "p;q¦p|q¦p && q¦p || q¦p & q¦p > f¦p < f¦p 2>&1¦(p)¦p <<x¦{ p; }",
		"open quotes":   `p 'a¦p "a¦p "a\¦p "a\"¦'¦"`,
		"globs":         "p *¦p a?b¦p [ab]¦p http://x/?a¦p ]",
		"tildes":        "p ~¦p ~u/x¦p --dir=~/x¦A=~ p¦p a~",
		"braces":        "p {a,b}¦p {}¦p a{1..3}¦p }",
		"comments":      "# p¦p #a¦p a #b¦#",
		"negation":      "! p¦p ! a¦!p",
		"backslashes":   `p \a¦p a\ b¦p \\¦p \¦\p¦p "\a"¦p "\n"¦p "\ "`,
		"substitution":  "p $(a)¦p `a`¦p \"$(a)\"¦p \"`a`\"¦p $((1))¦p a`b",
		"other dollars": `p $1¦p $$¦p $?¦p $!¦p $#¦p $@¦p "$*"¦p $-¦p $0¦p $¦p "$"¦p a$ b¦p "a$"¦p $'a'¦p $"a"¦p $/¦p $é`,
		"other braces":  `p ${A:-b}¦p ${#A}¦p ${A¦p ${}¦p ${1}¦p ${1A}¦p ${Aé}¦p "${A%x}"¦p ${A }¦p "${A"`,
		"name's end":    "p $Aé¦p \"$Aé\"",
		"values":        "p $GLOB¦p $QUESTION¦p $RANGE¦p $BACK¦p $CR¦p $BYTES¦p \"$BYTES\"¦A=$GLOB p",
		"split values":  "B=$TWO p¦B=$BLANK p¦B=$NL p¦B=x${AROUND} p",
		"shell's own":   "p $PWD¦p $IFS¦p $RANDOM¦p $UID¦p $_¦p $PPID¦p $LINENO¦p $BASH_VERSION¦p \"$PS1\"¦p $ZSH_VERSION",
		"defaults":      "p $HOSTNAME¦p $TERM¦p ${SHELL}",
		"no program":    "A=b¦A=b B=c¦¦  ¦A=¦A='b c'",
		"own variables": "IFS=: p¦PWD=/ p¦UID=0 p¦BASH_ENV=x p¦_=x p¦RANDOM=1 p",
		"tangled":       "A=1 A=2 p¦B=1 C=$B p¦B=1 C=\"x${B}\" p",
		"odd programs":  `""¦'' a¦"$EMPTY" a¦$EMPTY a¦$UNSET¦$EMPTY B=c p¦$BLANK p¦$CMD a¦"$CMD"¦$CMDS¦$ECHO¦"$ECHO"¦$EQUALS p`,
		"split program": "$VENV/bin/p¦$EMPTY/bin/p¦x/$GLOB",
		"no assignment": `"A"=b p¦'A=b' p¦A"="b p¦1=b p¦é=b p¦a-b=c p¦a+=b p¦=b p¦./a=b p¦$A=b p¦${A}=b`,
		"jobs":          "%1¦%p a",
		"POSIX":         ". ./env¦: a¦[ a ]¦cd /¦exec p¦export A=b¦eval p¦set -e¦trap a 1¦ulimit -n¦umask 0¦exit 1¦test a¦echo a¦printf a¦kill 1¦pwd¦read a¦wait¦type p¦command p¦alias a¦unset A¦shift¦times¦return¦break¦continue¦hash¦jobs¦fg¦bg¦getopts a b¦readonly A¦unalias a¦fc¦A=b echo",
		"others":        "local a¦source f¦let a¦declare a¦builtin a¦time p¦typeset a¦function f¦select a¦chdir /¦pushd /¦print a¦enable a¦[[ a ]]¦coproc p",
		"keywords":      "if p¦while p¦for a¦case a¦until p¦then¦else¦elif¦fi¦do p¦done¦esac¦{ p¦}",
		"quoted":        `"echo" a¦e'ch'o a¦'cd' /¦"if" a¦'[' a`,
	} {
		for command := range strings.SplitSeq(commands, "¦") {
			checkShell(t, name, command)
		}
	}
	for _, command := range []string{"p\nq", "p\rq", "p 'a\nb'", "p \x01", "p '\x7f'", "p a\x00", "p \xff", "p '\xff'", "p \u0085", "-p | q", "+p;"} {
		checkShell(t, "bytes", command)
	}
}

func checkShell(t *testing.T, name, command string) {
	t.Helper()
	inv := Argv(command, lookupVar)
	want := []string{"/bin/sh", "-c", command}
	if strings.HasPrefix(command, "-") || strings.HasPrefix(command, "+") {
		want = []string{"/bin/sh", "-c", "--", command}
	}
	if !inv.Shell || inv.Assign != nil || !slices.Equal(inv.Args, want) {
		t.Errorf("%s: %q is %+v", name, command, inv)
	}
}

func TestArgvAsksOnlyForWhatIsUsed(t *testing.T) {
	Argv("A=$B p '$C' \"\\$D\" $E", func(name string) (string, bool) {
		if name != "B" && name != "E" {
			t.Errorf("asked for %s", name)
		}
		return "", false
	})
}

func FuzzArgv(f *testing.F) {
	for _, command := range []string{
		"A=$B FOO='x y' ./p \"a $B\\\"\" ${B}c é$B", "p | q", "p \"\\a", "$B/p x", "-x |", "p ${B:-c} $(d) `e`",
	} {
		f.Add(command, " a\tb")
	}
	f.Fuzz(func(t *testing.T, command, value string) {
		inv := Argv(command, func(name string) (string, bool) { return value, name != "UNSET" })
		if inv.Shell {
			checkUnchanged(t, inv, command)
			return
		}
		if len(inv.Args) == 0 || inv.Args[0] == "" || strings.Contains(inv.Args[0], "=") {
			t.Errorf("%q: no program in %q", command, inv.Args)
		}
		for _, assign := range inv.Assign {
			name, _, ok := strings.Cut(assign, "=")
			if !ok || name == "" || variable(name) != name {
				t.Errorf("%q: %q is no assignment", command, assign)
			}
		}
	})
}

func checkUnchanged(t *testing.T, inv Invocation, command string) {
	t.Helper()
	if n := len(inv.Args); n < 3 || inv.Args[0] != "/bin/sh" || inv.Args[n-1] != command || inv.Assign != nil {
		t.Errorf("%q became %+v", command, inv)
	}
}
