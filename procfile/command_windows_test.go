package procfile

import (
	"slices"
	"strings"
	"testing"

	"reeve/internal/cmdexe"
)

func lookupHere(name string) (string, bool) {
	value, ok := map[string]string{
		"PORT": "5000", "A": "a", "EMPTY": "", "TWO": "one  two", "AROUND": " x ", "URL": "p://u:p@h/?a=1&b=%41%",
		"DIR": `C:\my app\`, "QUOTE": `"`,
	}[name]
	return value, ok
}

func TestInvokeDirect(t *testing.T) {
	for command, want := range map[string][]string{
		`node server.js --port $PORT`:                       {"node", "server.js", "--port", "5000"},
		`node server.js "${PORT}" x$A$A`:                    {"node", "server.js", "5000", "xaa"},
		`C:\app\bin\x.exe -c C:\app\x.conf \\host\C$\x`:     {`C:\app\bin\x.exe`, "-c", `C:\app\x.conf`, `\\host\C$\x`},
		`"C:\my app\x.exe" "a b" 'c d'`:                     {`C:\my app\x.exe`, "a b", "'c", "d'"},
		`p "a \"b\" c" a\\b "c\\" "d\\\"e" "f""g" ""`:       {"p", `a "b" c`, `a\\b`, `c\`, `d\"e`, `f"g`, ""},
		`p $TWO "$TWO" a${AROUND}b`:                         {"p", "one", "two", "one  two", "a", "x", "b"},
		`p $EMPTY x$EMPTY "$EMPTY" $UNSET ${UNSET}`:         {"p", "x", "", "$UNSET", "${UNSET}"},
		`p ${PORT:-1} ${UNSET:-3000} ${UNSET-} ${EMPTY:-x}`: {"p", "5000", "3000", "x"},
		`p ${EMPTY-x}y $ a$ $$ $1 ${A ${A:+b} $env:X`:       {"p", "y", "$", "a$", "$$", "$1", "${A", "${A:+b}", "$env:X"},
		`p $URL "$DIR" $QUOTE`:                              {"p", "p://u:p@h/?a=1&b=%41%", `C:\my app\`, `"`},
		`p "a & b | c > d" 50% --x=(1) a;b *.js`:            {"p", "a & b | c > d", "50%", "--x=(1)", "a;b", "*.js"},
		`exec ruby app.rb`:                                  {"ruby", "app.rb"},
		`powershell -Command "$x = 1; $x"`:                  {"powershell", "-Command", "$x = 1; $x"},
		`NODE_ENV=production A="b c" A=d node x`:            {"NODE_ENV=production", "A=d", "node", "x"},
		`X=$TWO p`:                                          {"X=one  two", "p"},
		`date.exe`:                                          {"date.exe"},
		`.\echo a`:                                          {`.\echo`, "a"},
		"  p \t a ":                                         {"p", "a"},
	} {
		i := Invoke(command, lookupHere)
		if got := slices.Concat(i.Assign, i.Args); i.Shell || i.Line != "" || !slices.Equal(got, want) {
			t.Errorf("%s\ngot  %q (shell: %v)\nwant %q", command, got, i.Shell, want)
		}
	}
}

func TestInvokeShell(t *testing.T) {
	for command, want := range map[string]string{
		`echo hi`:                      ``,
		`ECHO hi`:                      ``,
		`cd..`:                         ``,
		`cmd /c echo hi`:               ``,
		`set X=1`:                      ``,
		`exit 3`:                       ``,
		`p && q`:                       ``,
		`p | q`:                        ``,
		`p > out 2>&1`:                 ``,
		`p ^& q`:                       ``,
		`p %PATH%`:                     ``,
		`p "%PATH%"`:                   ``,
		`(p)`:                          ``,
		`@p`:                           ``,
		`exec`:                         `exec`,
		`echo $PORT ${PORT} $X`:        `echo 5000 5000 $X`,
		`echo ${PORT:-1} ${X:-2}`:      `echo 5000 2`,
		`echo $URL`:                    `echo p://u:p@h/?a=1^&b=%%cd:~,%41%%cd:~,%`,
		`echo "$URL"`:                  `echo "p://u:p@h/?a=1&b=%%cd:~,%41%%cd:~,%"`,
		`A=1 B="x y" echo a && echo b`: `echo a && echo b`,
	} {
		if want == "" {
			want = command
		}
		i := Invoke(command, lookupHere)
		if want = cmdexe.Line(want); !i.Shell && command != "exec" || i.Shell && i.Line != want {
			t.Errorf("%s\ngot  %s (shell: %v)\nwant %s", command, i.Line, i.Shell, want)
		}
	}
	if i := Invoke(`A=1 B="x y" echo a && echo b`, lookupHere); strings.Join(i.Assign, ";") != "A=1;B=x y" {
		t.Errorf("assigns %q", i.Assign)
	}
}

func TestWith(t *testing.T) {
	more := []string{"x y", `a"b`, "c&d", "%A%"}
	i, err := Invoke("p a", lookupHere).With(more)
	if want := append([]string{"p", "a"}, more...); err != nil || !slices.Equal(i.Args, want) {
		t.Errorf("%q, %v", i.Args, err)
	}
	i, err = Invoke("echo a", lookupHere).With(more)
	want := cmdexe.Line(`echo a "x y" "a""b" "c&d" "%%cd:~,%A%%cd:~,%"`)
	if err != nil || i.Line != want {
		t.Errorf("%s, %v", i.Line, err)
	}
	if _, err := Invoke("echo a", lookupHere).With([]string{"a\nb"}); err == nil {
		t.Error("an argument of two lines is no error")
	}
}

func TestFirstProgramHere(t *testing.T) {
	for command, want := range map[string]string{
		`npm run build && npm start`: "npm", `A=1 node x|y`: "node", `"C:\my app\x" && y`: `C:\my app\x`, `bin\x&&y`: `bin\x`,
		`echo a && b`: "", `dir | sort`: "", `%X% && b`: "", `$A && b`: "", `(a)`: "", `"a"b && c`: "", `if exist x y`: "",
	} {
		if got := FirstProgram(command); got != want {
			t.Errorf("%s: %q, want %q", command, got, want)
		}
	}
}

func TestNotSet(t *testing.T) {
	got := NotSet(`X=$B p $PORT $C ${C} ${D:-1} && echo $E`, lookupHere)
	if !slices.Equal(got, []string{"B", "C", "E"}) {
		t.Errorf("%q", got)
	}
}
