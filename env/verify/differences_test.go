package verify

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The readers, as the documentation calls them.
const (
	ruby    = "Ruby"
	python  = "Python"
	js      = "JavaScript"
	node    = "node --env-file"
	golang  = "godotenv"
	compose = "Compose"
)

const doc = "../../docs/environment.md"

// difference is a way in which reeve means to differ from some readers without a word of
// check. It is a row of the table in the documentation.
type difference struct {
	name  string                    // the first column of the table
	texts map[string]*regexp.Regexp // for each reader, the texts that it reads otherwise
}

// like is the same pattern for several readers.
func like(pattern string, readers ...string) map[string]*regexp.Regexp {
	texts := map[string]*regexp.Regexp{}
	for _, r := range readers {
		texts[r] = regexp.MustCompile(pattern)
	}
	return texts
}

// and adds the pattern of another reader.
func and(texts map[string]*regexp.Regexp, pattern string, readers ...string) map[string]*regexp.Regexp {
	for r, p := range like(pattern, readers...) {
		texts[r] = p
	}
	return texts
}

var differences = []difference{
	{"`MY-KEY=x`", like(`^[\w.]*-.*=`, ruby, golang)},
	{"`$NAME` and `${NAME}`", and(like(`\$[A-Za-z_{]`, node, golang), `\$[A-Za-z_]`, python)},
	{"`${NAME:-x}` and its like", like(`\$\{\w+:?[-+?]`, ruby, python, js)},
	{"`'$NAME'`", like(`(?s)^[\w.-]+=[ \t]*'.*\$`, python, js)},
	{"`\\$`", like(`\\\$`, python, node, compose)},
	{"`\"\\n \\t \\\\ \\\"\"`", like(`(?s)^[\w.-]+=[ \t]*".*\\`, ruby, python, js, node, golang, compose)},
	{"`'a\\\\b'`", like(`(?s)^[\w.-]+=[ \t]*'.*\\\\`, python)},
	{"a tab at the end", and(like(`(?s)^[\w.-]+=.*\t`, node), `^[\w.-]+=.*\t#`, compose)},
	{"an indented line after an empty value", like(`=\n[ \t]`, node)},
	{"quoted values of several lines", like(`(?s)^[\w.-]+=[ \t]*["'][^\n]*\n.*\nZ`, ruby)},
	{"`x # y # z`", like(`#.*#`, golang)},
	{"`\"x\" # \"y\"`", like(`#.*["']`, ruby)},
	{"`$NAME}`", like(`\$\w+}`, ruby)},
}

// TestDocumented: the table has every difference and who it is about.
func TestDocumented(t *testing.T) {
	page, err := os.ReadFile(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range differences {
		row := ""
		for line := range strings.Lines(string(page)) {
			if strings.HasPrefix(line, "| "+d.name+" |") {
				row = line
			}
		}
		for _, r := range all {
			if _, differs := d.texts[r.name]; differs && !strings.Contains(row, r.name) {
				t.Errorf("%s: no row of %s names %s", d.name, doc, r.name)
			}
		}
	}
}
