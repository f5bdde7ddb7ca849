package procfile

import "testing"

func TestHandsOver(t *testing.T) {
	for command, want := range map[string]bool{
		"exec bin/web":                             true,
		"exec bin/web 2>&1":                        true,
		"exec bin/web >log 2>&1":                   true,
		"exec bin/web -w $(nproc)":                 true,
		"exec bin/web -w `nproc` # as many as can": true,
		"exec bin/web 'a; b | c' \"&& d\"":         true,
		"exec bin/web ${A:-x;y}":                   true,
		"cd app && exec bin/web":                   true,
		"ulimit -n 4096; exec bin/web":             true,
		". ./env\nexec bin/web":                    true,
		"helper & exec bin/web":                    true,
		"a | b; exec bin/web":                      true,
		"test -f x || exec bin/web":                true,
		"(cd x; make) && exec bin/web":             true,
		"FOO=1 exec bin/web":                       true,
		"bin/web >log":                             false,
		"cd app && bin/web":                        false,
		"exec bin/web | tee log":                   false,
		"echo | exec bin/web":                      false,
		"exec bin/web &":                           false,
		"exec bin/web & wait":                      false,
		"exec bin/web; echo":                       false,
		"(exec bin/web)":                           false,
		"(cd app; exec bin/web)":                   false,
		"{ exec bin/web; }":                        false,
		"if true; then exec bin/web; fi":           false,
		"exec >log":                                false,
		"exec 3>&1":                                false,
		"exec":                                     false,
		"executor":                                 false,
		"echo 'exec bin/web":                       false,
		"echo \"$(exec bin/web)\"":                 false,
		"":                                         false,
	} {
		if got := HandsOver(command); got != want {
			t.Errorf("%q: %v", command, got)
		}
	}
}
