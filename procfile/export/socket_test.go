package export

import (
	"slices"
	"strings"
	"testing"
)

// TestSockets walks the formats: each has a type's socket in a file of its own, or says by the type's
// name that it leaves it out.
func TestSockets(t *testing.T) {
	for _, f := range keepers() {
		for _, socket := range []*Socket{{Stream: "[::]:5000", Loopback: true}, {Stream: "/srv/my shop/web.sock"}} {
			a := fullApp()
			a.Types[0].Socket = socket
			files, notices, err := f.Export(a, nil)
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			written := slices.ContainsFunc(files, func(file File) bool {
				return strings.HasSuffix(file.Path, ".socket") && strings.Contains(string(file.Content), "ListenStream="+socket.Stream+"\n")
			})
			said := slices.ContainsFunc(notices, func(n string) bool {
				return strings.HasPrefix(n, "web: ") && strings.Contains(n, "--listen is left out")
			})
			if written == said {
				t.Errorf("%s: the socket %s is written: %v, is said to be left out: %v", f.Name, socket.Stream, written, said)
			}
		}
	}
}
