package procfile

import (
	"reflect"
	"slices"
	"testing"
)

func TestWords(t *testing.T) {
	vars := map[string]string{"PORT": "5000", "TWO": "a b", "EMPTY": "", "GLOB": "*", "BAD": "\xff", "DIR": "/opt"}
	lookup := func(name string) (string, bool) {
		value, ok := vars[name]
		return value, ok
	}
	text := func(s string) Piece { return Piece{Text: s} }
	ref := func(s string) Piece { return Piece{Variable: s} }
	for _, test := range []struct {
		command string
		words   []Word
		assign  []string
	}{
		{"server", []Word{{text("server")}}, nil},
		{`server -p $PORT "a b" ''`, []Word{{text("server")}, {text("-p")}, {ref("PORT")}, {text("a b")}, {}}, nil},
		{`server --at=0.0.0.0:${PORT}/x`, []Word{{text("server")}, {text("--at=0.0.0.0:"), ref("PORT"), text("/x")}}, nil},
		{`$DIR/server "$TWO"`, []Word{{ref("DIR"), text("/server")}, {ref("TWO")}}, nil},
		{`server '$PORT' "\$PORT"`, []Word{{text("server")}, {text("$PORT")}, {text("$PORT")}}, nil},
		{`A=1 B='x y' server`, []Word{{text("server")}}, []string{"A=1", "B=x y"}},
		{`A=$PORT server`, nil, nil},
		{`server $TWO`, nil, nil},
		{`server $EMPTY`, nil, nil},
		{`server "$EMPTY"`, []Word{{text("server")}, {ref("EMPTY")}}, nil},
		{`server $UNSET`, nil, nil},
		{`server "$UNSET"`, nil, nil},
		{`server $GLOB`, nil, nil},
		{`server "$BAD"`, nil, nil},
		{`server | cat`, nil, nil},
		{"server \uE0B0PORT\uE0B1", nil, nil},
	} {
		words, assign := Words(test.command, lookup)
		if !reflect.DeepEqual(words, test.words) || !slices.Equal(assign, test.assign) {
			t.Errorf("Words(%q) = %q, %q, want %q, %q", test.command, words, assign, test.words, test.assign)
		}
	}
}

// FuzzWords checks that the words with the values in them are what Argv returns.
func FuzzWords(f *testing.F) {
	f.Add(`server -p $PORT "a ${DIR} b"`, "5000")
	f.Add(`A=1 $DIR/x "$DIR" '$DIR'`, "/a b")
	f.Fuzz(func(t *testing.T, command, value string) {
		lookup := func(name string) (string, bool) { return value, name != "UNSET" && name != "" }
		words, assign := Words(command, lookup)
		if words == nil {
			return
		}
		want := Argv(command, lookup)
		var args []string
		for _, word := range words {
			args = append(args, word.Expand(lookup))
		}
		if want.Shell || !slices.Equal(args, want.Args) || !slices.Equal(assign, want.Assign) {
			t.Errorf("Words(%q) makes %q, %q; Argv makes %q, %q", command, args, assign, want.Args, want.Assign)
		}
	})
}

func TestReferences(t *testing.T) {
	words := []Word{{{Text: "a"}, {Variable: "B"}}, {{Variable: "A"}, {Variable: "B"}}}
	if got := References(words); !slices.Equal(got, []string{"A", "B"}) {
		t.Errorf("References = %q", got)
	}
}
