package propose

import (
	"encoding/json"
	"strings"

	"reeve/internal/pattern"
)

// docker takes the command of an image.
func docker(d dir) []Proposal {
	image := readDockerfile(d.read("Dockerfile"))
	if image.command() == "" {
		return nil
	}
	why := "The Dockerfile's command. Paths may differ from those in the image."
	if !strings.Contains(image.command(), "PORT") {
		why += "\n" + ownPort
	}
	return []Proposal{{"web", image.command(), why}}
}

// image is what matters in a Dockerfile: the two instructions that say what runs, as they
// were in its last stage.
type image struct{ entrypoint, cmd string }

func readDockerfile(text string) image {
	var i image
	for _, line := range dockerLines(text) {
		instruction, rest, _ := strings.Cut(line, " ")
		rest = strings.TrimSpace(rest)
		switch strings.ToUpper(instruction) {
		case "FROM":
			i = image{}
		case "ENTRYPOINT":
			i = image{entrypoint: rest} // which makes a CMD above it void
		case "CMD":
			i.cmd = rest
		}
	}
	return i
}

// dockerLines are the instructions, each in one line, without comments.
func dockerLines(text string) []string {
	var lines []string
	begun := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if more, ok := strings.CutSuffix(line, `\`); ok {
			begun += strings.TrimSpace(more) + " "
			continue
		}
		lines = append(lines, begun+line)
		begun = ""
	}
	return lines
}

// command is what the image runs, as a line of a Procfile.
func (i image) command() string {
	entrypoint, isList := dockerWords(i.entrypoint)
	if i.entrypoint != "" && !isList {
		return i.entrypoint // Docker's shell form, which ignores CMD
	}
	cmd, isList := dockerWords(i.cmd)
	switch {
	case isList:
		return quoteWords(append(entrypoint, cmd...))
	case len(entrypoint) > 0 && i.cmd != "":
		return quoteWords(append(entrypoint, "/bin/sh", "-c", i.cmd))
	case len(entrypoint) > 0:
		return quoteWords(entrypoint)
	}
	return i.cmd
}

// dockerWords reads the exec form, which is JSON.
func dockerWords(text string) (words []string, ok bool) {
	ok = strings.HasPrefix(text, "[") && json.Unmarshal([]byte(text), &words) == nil
	return words, ok
}

// plainWord finds words that a shell takes as they are.
var plainWord = pattern.New(`^[\w./:=@%+,-]+$`)

// quoteWords writes a command line that has these words.
func quoteWords(words []string) string {
	var quoted []string
	for _, w := range words {
		if !plainWord.Get().MatchString(w) {
			w = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
		quoted = append(quoted, w)
	}
	return strings.Join(quoted, " ")
}
