package propose

import (
	"io/fs"
	"strings"
)

// dir is the app's directory.
type dir struct{ fs.FS }

func (d dir) has(name string) bool {
	_, err := fs.Stat(d, name)
	return err == nil
}

// first gives the first of some files that is there, or nothing.
func (d dir) first(names ...string) string {
	for _, name := range names {
		if d.has(name) {
			return name
		}
	}
	return ""
}

// maxFile bounds the size of a file that people write, in bytes.
const maxFile = 1 << 20

// read gives what is in a file, or nothing. Big files were not written by people.
func (d dir) read(name string) string {
	info, err := fs.Stat(d, name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxFile {
		return ""
	}
	text, _ := fs.ReadFile(d, name)
	return string(text)
}

// mentions gives the first of some files that has a word in it, or nothing.
func (d dir) mentions(word string, names ...string) string {
	for _, name := range names {
		if wordsIn(d.read(name))[word] {
			return name
		}
	}
	return ""
}

// wordsIn are the names in a list of dependencies, in lower case, without the punctuation
// around them.
func wordsIn(text string) map[string]bool {
	words := map[string]bool{}
	for line := range strings.Lines(strings.ToLower(text)) {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		for _, word := range strings.FieldsFunc(line, func(r rune) bool {
			return !(r == '-' || r == '_' || 'a' <= r && r <= 'z' || '0' <= r && r <= '9')
		}) {
			words[word] = true
		}
	}
	return words
}

// releaseWhy is why there is a release entry.
const releaseWhy = "Before the rest, when it is asked for: reeve start --release, or reeve run release."

// ownPort is what a process needs that is on its own.
const ownPort = "It has to listen on $PORT: reeve gives each process another one."
