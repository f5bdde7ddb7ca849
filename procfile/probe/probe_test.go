package probe

import (
	"strings"
	"testing"
)

// TestParse reads what each kind takes and refuses what it does not.
func TestParse(t *testing.T) {
	form := "must be " + Readiness.Usage()
	const (
		address = "its address must be host:port, as in tcp://localhost:5432"
		url     = "its URL is invalid: write it as in http://localhost:$PORT/health"
		regex   = "its regular expression is invalid: error parsing regexp: "
	)
	for _, tt := range []struct{ text, want string }{
		{"tcp", "tcp localhost:$PORT"},
		{"tcp://db:5432", "tcp db:5432"},
		{"tcp://[::1]:5432", "tcp [::1]:5432"},
		{"tcp://$DB", "tcp $DB"},
		{"tcp://localhost:$PORT", "tcp localhost:$PORT"},
		{"http://localhost:$PORT/health?full=1", "http http://localhost:$PORT/health?full=1"},
		{"http://localhost:${PORT}", "http http://localhost:${PORT}"},
		{"https://localhost", "http https://localhost"},
		{"log:^listening,=", "log ^listening,="},
		{"log: ", "log  "},
		{"exec:pg_isready -p $PORT", "exec pg_isready -p $PORT"},
		{"exit", "exit "},

		{"", form},
		{"exit:0", form},
		{"udp", form},
		{"tcp:5000", form},
		{"log:", form},
		{"exec:", form},
		{"exec: ", form},
		{"log:(", regex + "missing closing ): `(`"},
		{"log:a(?=b)", regex + "invalid or unsupported Perl syntax: `(?=`"},
		{"tcp://", address},
		{"tcp://localhost", address},
		{"tcp://:80", address},
		{"tcp://localhost:", address},
		{"http://", url},
		{"http://:80", url},
		{"http://local host/", url},
	} {
		p, err := Readiness.Parse(tt.text)
		got := p.Kind + " " + p.Text
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%q: %s, want %s", tt.text, got, tt.want)
		}
		if err == nil && (p.Line != nil) != (p.Kind == Log) {
			t.Errorf("%q: its line is %v", tt.text, p.Line)
		}
	}
}

// TestKinds walks the table: every form is read as its kind, and says what it means.
func TestKinds(t *testing.T) {
	for _, kind := range Kinds {
		for _, form := range kind.Forms {
			if form.Usage == "" || form.Summary == "" || !strings.HasPrefix(form.Usage, form.Start) {
				t.Errorf("%s: %+v", kind.Name, form)
			}
			text := form.Start
			if !form.lone {
				text += "localhost:1"
			}
			if p, err := Readiness.Parse(text); err != nil || p.Kind != kind.Name {
				t.Errorf("%s: %+v, %v", text, p, err)
			}
		}
	}
}

func TestServer(t *testing.T) {
	for text, want := range map[string]struct {
		server string
		own    bool
	}{
		"tcp":                              {"localhost $PORT", true},
		"tcp://127.0.0.1:${PORT}":          {"127.0.0.1 ${PORT}", true},
		"tcp://db:$PORT":                   {"db $PORT", false},
		"tcp://$DB":                        {" $DB", false},
		"http://localhost:$PORT/up":        {"localhost $PORT", true},
		"http://localhost/up":              {"localhost 80", false},
		"https://[::1]:$PORT?x":            {"::1 $PORT", true},
		"exec:true localhost:$PORT":        {" ", false},
		"log:listening on localhost:$PORT": {" ", false},
	} {
		p, err := Readiness.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		host, port := p.Server()
		if got := host + " " + port; got != want.server || p.OwnPort() != want.own {
			t.Errorf("%s: %s, own: %v", text, got, p.OwnPort())
		}
	}
}
