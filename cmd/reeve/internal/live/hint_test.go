package live

import "testing"

func TestHintsOnPorts(t *testing.T) {
	for command, want := range map[string]bool{
		"bin/rails server -p $PORT": true, "serve ${PORT:-3000}": true, "echo $PORTS": false,
		"run --port 3000": false, "x ${PORTAL}": false, "sidekiq": false,
	} {
		if wantsPort.Get().MatchString(command) != want {
			t.Errorf("%q is taken for the contrary", command)
		}
	}
	const why = ": a server must listen on $PORT so that others can find it (--no-hints silences this)"
	for _, tt := range []struct {
		m    missed
		want string
	}{
		{missed{}, ""},
		{missed{silent: []string{"web.1 (5000)", "web.2 (5001)"}}, "nothing listens on the port of web.1 (5000), web.2 (5001)" + why},
		{missed{elsewhere: []string{otherPortText("web.1", []int{3000, 9229}, 5000)}}, "web.1 listens on 3000, 9229, not on its port 5000" + why},
	} {
		if got := missedText(tt.m); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
