package place

import (
	"io/fs"
	"os"

	"reeve/internal/pattern"
)

// OtherProcfiles are what is called like a Procfile in a directory that has none.
func OtherProcfiles(dir string) (names []string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		isFile := e.Type()&fs.ModeType&^fs.ModeSymlink == 0
		if isFile && otherProcfile.Get().MatchString(e.Name()) && !leftOver.Get().MatchString(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names
}

// otherProcfile matches Procfile.dev, also in another case, and leftOver what somebody has put
// aside.
var (
	otherProcfile = pattern.New(`^[Pp]roc[Ff]ile([._-][A-Za-z0-9_-]+)*$`)
	leftOver      = pattern.New(`\.(bak|orig|old|rej|save|swp|tmp)$`)
)
