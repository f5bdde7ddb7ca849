package settings

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// isTypeEnv reports whether a setting is about env files of a process type, which no flag is.
func (s setting) isTypeEnv() bool { return s.typ != "" && s.key == "env" }

// addTypeEnv adds env files to those of a process type.
func (o *Options) addTypeEnv(typ string, files []string) error {
	if len(files) == 0 {
		return fmt.Errorf("env: must not be empty")
	}
	if o.TypeEnv == nil {
		o.TypeEnv = map[string][]string{}
	}
	o.TypeEnv[typ] = append(o.TypeEnv[typ], files...)
	return nil
}

// rootKeys have the names of files, which are seen from the root wherever reeve is started.
var rootKeys = []string{"procfile", "env", "template", "log-dir"}

// fromRoot makes the paths of a setting such as one would type from the current directory.
func (s setting) fromRoot(root string) setting {
	if !slices.Contains(rootKeys, s.key) {
		return s
	}
	var seen []string
	for _, path := range splitList(strings.Join(s.value, ",")) {
		if !filepath.IsAbs(path) && path != "-" {
			path = filepath.Join(root, path)
		}
		seen = append(seen, path)
	}
	s.value = seen
	return s
}
