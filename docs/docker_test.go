//go:build unix

package docs

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The stand-in for docker makes no container, but runs here what would run there: the
// entrypoint and the command of the Dockerfile, with its variables.

// builtImage is what docker remembers of a build.
type builtImage struct{ Command, Default, Environ []string }

// dockerBuild reads a Dockerfile for what docker run needs.
func dockerBuild(args []string) error {
	file := "Dockerfile"
	if i := slices.Index(args, "-f"); i >= 0 {
		file = args[i+1]
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var built builtImage
	for line := range strings.Lines(string(text)) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "FROM":
			built = builtImage{}
		case "ENTRYPOINT":
			err = errors.Join(err, json.Unmarshal([]byte(rest), &built.Command))
		case "CMD":
			err = errors.Join(err, json.Unmarshal([]byte(rest), &built.Default))
		case "ENV":
			built.Environ = append(built.Environ, rest)
		}
	}
	state, _ := json.Marshal(built)
	return errors.Join(err, os.WriteFile(imageFile(args[2]), state, 0o600))
}

func imageFile(name string) string {
	return filepath.Join(os.Getenv(standInState), "image-"+name)
}

// dockerRun runs here what would run in a container of an image that has been built.
func dockerRun(args []string) error {
	var environ []string
	for args = args[1:]; strings.HasPrefix(args[0], "-"); args = args[1:] {
		switch args[0] {
		case "-e":
			environ = append(environ, args[1])
			args = args[1:]
		case "-p":
			args = args[1:]
		}
	}
	var built builtImage
	state, err := os.ReadFile(imageFile(args[0]))
	if err != nil {
		return fmt.Errorf("no image %s has been built", args[0])
	}
	if err := json.Unmarshal(state, &built); err != nil {
		return err
	}
	if len(args) > 1 {
		built.Default = args[1:]
	}
	command := append([]string{"/usr/bin/env"}, append(built.Environ, environ...)...)
	command = append(command, built.Command...)
	return become(append(command, built.Default...))
}
