//go:build unix

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"reeve/env"
	"reeve/procfile"
)

// kinds are those of files, and how to tell that one is valid.
var kinds = map[string]func(*session, snippet) error{
	"procfile": func(_ *session, b snippet) error {
		_, err := procfile.Parse(b.at, []byte(b.text()))
		return err
	},
	"dotenv": func(_ *session, b snippet) error {
		_, err := env.Parse(b.at, []byte(b.text()), env.Scope{})
		return err
	},
	"toml":       func(_ *session, b snippet) error { return validSettings(b) },
	"json":       func(_ *session, b snippet) error { return validJSON(b.lines) },
	"yaml":       func(_ *session, b snippet) error { return validYAML(b.lines) },
	"dockerfile": validDockerfile,
	"sh": func(_ *session, b snippet) error {
		return exec.Command("/bin/sh", "-n", "-c", b.text()).Run()
	},
	// Programs of the guides' apps. Whether they work, running them tells.
	"python": known, "js": known, "go": known, "gomod": known, "text": known,
}

func known(_ *session, b snippet) error {
	if b.file == "" {
		return errors.New("name the file: a piece of a program cannot be tried")
	}
	return nil
}

// validSettings reads a block as reeve.toml.
func validSettings(b snippet) error {
	settings, err := parseSettings(b.at, []byte(b.text()))
	flags := flagSet(defaults(), onStart)
	errs := []error{err}
	for _, s := range settings {
		errs = append(errs, s.apply(flags, onStart))
	}
	return errors.Join(errs...)
}

// validJSON reads a block as one value, or as one value a line.
func validJSON(lines []string) error {
	if json.Valid([]byte(strings.Join(lines, "\n"))) {
		return nil
	}
	for _, line := range lines {
		if !json.Valid([]byte(line)) {
			return fmt.Errorf("no JSON: %s", line)
		}
	}
	return nil
}

// yamlLine is what the pages have of YAML: keys, items of lists, and values in JSON or
// as they are.
var yamlLine = regexp.MustCompile(`^( *)(- )*(?:("[^"]*"|[A-Za-z_./-][\w./-]*):(?: (.*))?|([^:]+|".*"|'.*'))$`)

func validYAML(lines []string) error {
	inside := []int{0} // the indents of what is around a line
	for _, line := range lines {
		if strings.TrimSpace(line) == "" || line == "---" || strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		found := yamlLine.FindStringSubmatch(line)
		if found == nil || strings.Contains(line, "\t") {
			return fmt.Errorf("no YAML that is known here: %s", line)
		}
		indent := len(found[1])
		for len(inside) > 1 && inside[len(inside)-1] > indent {
			inside = inside[:len(inside)-1]
		}
		if indent != inside[len(inside)-1] && indent%2 != 0 {
			return fmt.Errorf("a strange indent: %s", line)
		}
		inside = append(inside, indent)
		if err := validYAMLValue(found[4]); err != nil {
			return fmt.Errorf("%w: %s", err, line)
		}
	}
	return nil
}

func validYAMLValue(value string) error {
	if !strings.HasPrefix(value, "[") && !strings.HasPrefix(value, "{") {
		return nil
	}
	if !json.Valid([]byte(value)) {
		return errors.New("put it as JSON would")
	}
	return validCommandLine(value)
}

// validCommandLine reads a command that is an array of words. If it is one of reeve's,
// reeve has to understand it. In images with reeve as their entrypoint that is not named.
func validCommandLine(array string) error {
	var words []string
	if json.Unmarshal([]byte(array), &words) != nil {
		return nil
	}
	return validWords(words)
}

func validWords(words []string) error {
	if len(words) > 0 && filepath.Base(words[0]) == "reeve" {
		words = words[1:]
	}
	if len(words) == 0 || optionCommands[words[0]] == 0 {
		return nil
	}
	o, _, err := parseOptions(words[0], words[1:])
	if err != nil {
		return err
	}
	return o.settings
}

// instructions are those of a Dockerfile.
var instructions = []string{"FROM", "RUN", "CMD", "ENTRYPOINT", "COPY", "ENV", "WORKDIR", "USER", "EXPOSE", "ARG"}

// validDockerfile reads a Dockerfile. What it copies has to be in the app, or in an
// image that it names.
func validDockerfile(s *session, b snippet) error {
	var errs []error
	for _, line := range strings.Split(strings.ReplaceAll(b.text(), "\\\n", " "), "\n") {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case word == "" || strings.HasPrefix(word, "#"):
		case !slices.Contains(instructions, word):
			errs = append(errs, fmt.Errorf("no instruction: %s", line))
		case word == "COPY":
			errs = append(errs, s.validCopy(strings.Fields(rest)))
		case word == "RUN":
			errs = append(errs, exec.Command("/bin/sh", "-n", "-c", rest).Run(), validWords(strings.Fields(rest)))
		case word == "CMD", word == "ENTRYPOINT":
			if !json.Valid([]byte(rest)) {
				errs = append(errs, fmt.Errorf("a shell would stand in between: %s", line))
			}
			errs = append(errs, validCommandLine(rest))
		}
	}
	return errors.Join(errs...)
}

func (s *session) validCopy(words []string) error {
	if strings.HasPrefix(words[0], "--from=") {
		return nil
	}
	for _, source := range words[:len(words)-1] {
		if found, _ := filepath.Glob(filepath.Join(s.app, source)); len(found) == 0 {
			return fmt.Errorf("there is no %s to copy: %w", source, os.ErrNotExist)
		}
	}
	return nil
}
