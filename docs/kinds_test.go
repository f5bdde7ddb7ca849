//go:build unix

package docs

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
	"reeve/internal/trial"
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
	"toml":       func(s *session, b snippet) error { return s.validSettings(b) },
	"json":       func(_ *session, b snippet) error { return validJSON(b.lines) },
	"yaml":       func(s *session, b snippet) error { return s.validYAML(b.lines) },
	"dockerfile": validDockerfile,
	"markdown":   validMarkdown,
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

// validMarkdown has reeve understand the command lines that a text tells somebody to use.
func validMarkdown(s *session, b snippet) error {
	var errs []error
	for _, found := range regexp.MustCompile("`(reeve [^`]+)`").FindAllStringSubmatch(strings.ReplaceAll(b.text(), "\n", " "), -1) {
		errs = append(errs, s.validWords(strings.Fields(found[1])))
	}
	return errors.Join(errs...)
}

// envFileName matches the name of an env file.
var envFileName = regexp.MustCompile(`\.env\b[\w.-]*`)

// validSettings has reeve check look at a block as the reeve.toml of an app with the
// process types that it speaks of, and gives what is wrong with it.
func (s *session) validSettings(b snippet) error {
	dir, err := os.MkdirTemp(s.dir, "settings")
	if err != nil {
		return err
	}
	types := "web: true\n"
	for _, t := range typesIn(b) {
		if t != "web" {
			types += t + ": true\n"
		}
	}
	files := map[string]string{"Procfile": types, "reeve.toml": b.text()}
	for _, name := range envFileName.FindAllString(b.text(), -1) {
		files[name] = "" // whoever names an env file has it
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	out, _ := s.reeve(dir, "check", "--format", "json", "-f", "Procfile", "--no-env") // of which there are none here
	var problems []struct{ File, Severity, Message string }
	if err := json.Unmarshal(out, &problems); err != nil {
		return fmt.Errorf("reeve check: %w: %s", err, out)
	}
	var errs []error
	for _, p := range problems {
		if p.Severity == "error" && p.File == "reeve.toml" {
			errs = append(errs, errors.New(p.Message))
		}
	}
	return errors.Join(errs...)
}

// reeve runs reeve in a directory, with nothing of the session's settings.
func (s *session) reeve(dir string, args ...string) (out []byte, err error) {
	cmd := exec.Command("reeve", args...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + trial.SearchPath(), "GORACE=" + os.Getenv("GORACE"), "GOCOVERDIR=" + os.Getenv("GOCOVERDIR"), trial.Mark + "=" + s.dir}
	out, err = cmd.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		err = errors.New(strings.TrimSpace(string(failed.Stderr)))
	}
	return out, err
}

// typesIn are the process types that a block of settings may speak of: its tables, and all
// that is quoted like one.
func typesIn(b snippet) (types []string) {
	for _, found := range regexp.MustCompile(`(?m)^\[([A-Za-z0-9_-]+)\]$|"([A-Za-z0-9_-]+)"`).FindAllStringSubmatch(b.text(), -1) {
		if t := found[1] + found[2]; t != "all" && !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	return types
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

func (s *session) validYAML(lines []string) error {
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
		if err := s.validYAMLValue(found[4]); err != nil {
			return fmt.Errorf("%w: %s", err, line)
		}
	}
	return nil
}

func (s *session) validYAMLValue(value string) error {
	if !strings.HasPrefix(value, "[") && !strings.HasPrefix(value, "{") {
		return nil
	}
	if !json.Valid([]byte(value)) {
		return errors.New("put it as JSON would")
	}
	return s.validCommandLine(value)
}

// validCommandLine reads a command that is an array of words. If it is one of reeve's,
// reeve has to understand it. In images with reeve as their entrypoint that is not named.
func (s *session) validCommandLine(array string) error {
	var words []string
	if json.Unmarshal([]byte(array), &words) != nil {
		return nil
	}
	return s.validWords(words)
}

// verbs are the commands that a page may give flags to.
var verbs = []string{"start", "run", "check", "env", "export", "ps", "restart", "stop", "scale", "logs", "attach", "quit", "wait", "ui"}

// validWords has reeve read a command line, and explain the command in place of running
// it. The flags that follow a one-off are not reeve's, and where the one-off begins, only
// reeve knows: after some of the words.
func (s *session) validWords(words []string) error {
	if len(words) > 0 && filepath.Base(words[0]) == "reeve" {
		words = words[1:]
	}
	if len(words) == 0 || !slices.Contains(verbs, words[0]) {
		return nil
	}
	_, err := s.reeve(s.dir, append(slices.Clone(words), "--help")...)
	for end := 1; words[0] == "run" && err != nil && end < len(words); end++ {
		_, err = s.reeve(s.dir, append(slices.Clone(words[:end]), "--help")...)
	}
	return err
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
			errs = append(errs, exec.Command("/bin/sh", "-n", "-c", rest).Run(), s.validWords(strings.Fields(rest)))
		case word == "CMD", word == "ENTRYPOINT":
			if !json.Valid([]byte(rest)) {
				errs = append(errs, fmt.Errorf("a shell would stand in between: %s", line))
			}
			errs = append(errs, s.validCommandLine(rest))
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
