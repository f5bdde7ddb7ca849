//go:build unix

package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A page of the documentation is text with fenced blocks. What comes after the fence
// says what a block is, and there is no block of which that is not known:
//
//	sh              commands, which a reader types one after the other
//	console         the same with a $ in front, and what they print
//	text            something to look at: neither a command nor a file
//	KIND            a piece of a file, such as toml, which has to be valid
//	KIND FILE       a file of the app that the page is about
type snippet struct {
	kind, file string
	lines      []string
	at         string // FILE:LINE, for people
}

func (b snippet) text() string { return strings.Join(b.lines, "\n") + "\n" }

// page is a page of the documentation.
type page struct {
	path   string // as seen from the repository
	lines  []string
	blocks []snippet
	wrong  error // with its blocks
}

// repository is where the tests of this package find it.
const repository = ".."

// pages reads README.md, CONTRIBUTING.md and every page in docs.
func pages(t *testing.T) []page {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(repository, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	var all []page
	for _, name := range []string{"README.md", "CONTRIBUTING.md"} {
		paths = append(paths, filepath.Join(repository, name))
	}
	for _, path := range paths {
		all = append(all, readPage(t, path))
	}
	return all
}

func readPage(t *testing.T, path string) page {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	name, _ := filepath.Rel(repository, path)
	p := page{path: name, lines: strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")}
	p.wrong = p.findBlocks()
	return p
}

// findBlocks takes a page apart. Code that is only indented is a mistake: nothing says
// what it is.
func (p *page) findBlocks() error {
	var open *snippet
	for i, line := range p.lines {
		at := fmt.Sprintf("%s:%d", p.path, i+1)
		fence, info := strings.HasPrefix(line, "```"), strings.Fields(strings.TrimLeft(line, "`"))
		switch {
		case open != nil && line == "```":
			p.blocks = append(p.blocks, *open)
			open = nil
		case open != nil:
			open.lines = append(open.lines, line)
		case fence && (len(info) == 0 || len(info) > 2):
			return fmt.Errorf("%s: say after the fence what this block is", at)
		case fence:
			open = &snippet{kind: info[0], file: strings.Join(info[1:], ""), at: at}
		case strings.HasPrefix(line, "    ") && i > 0 && p.lines[i-1] == "":
			return fmt.Errorf("%s: put code between fences", at)
		}
	}
	if open != nil {
		return fmt.Errorf("%s: this block has no end", open.at)
	}
	return nil
}

// isIntroduced reports whether the paragraph in front of a block names its file, for
// people do not see what comes after the fence.
func (p page) isIntroduced(b snippet) bool {
	i := slices.Index(p.lines, "```"+b.kind+" "+b.file)
	for i--; i >= 0 && p.lines[i] == ""; i-- {
	}
	for ; i >= 0 && p.lines[i] != ""; i-- {
		if strings.Contains(p.lines[i], "`"+b.file+"`") {
			return true
		}
	}
	return false
}

// prose is a page without its blocks.
func (p page) prose() string {
	text := strings.Join(p.lines, "\n")
	return regexp.MustCompile("(?ms)^```.*?^```$").ReplaceAllString(text, "")
}

// TestPageLinks follows every link that stays in the repository.
func TestPageLinks(t *testing.T) {
	link := regexp.MustCompile(`(?:\]\(|(?:src|srcset|href)=")([^)"\s]+)`)
	for _, p := range pages(t) {
		for _, match := range link.FindAllStringSubmatch(p.prose(), -1) {
			if strings.Contains(match[1], ":") {
				continue // elsewhere
			}
			if err := p.follow(match[1]); err != nil {
				t.Errorf("%s: %s: %v", p.path, match[1], err)
			}
		}
	}
}

func (p page) follow(link string) error {
	file, anchor, _ := strings.Cut(link, "#")
	path := filepath.Join(repository, p.path)
	if file != "" {
		path = filepath.Join(filepath.Dir(path), file)
	}
	text, err := os.ReadFile(path)
	if info, statErr := os.Stat(path); statErr == nil && info.IsDir() {
		return nil
	}
	if err != nil {
		return err
	}
	if anchor != "" && !slices.Contains(anchorsOf(string(text)), anchor) {
		return fmt.Errorf("no heading is called that")
	}
	return nil
}

// anchorsOf are the headings of a page as links name them.
func anchorsOf(text string) (anchors []string) {
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		words := regexp.MustCompile(`[^\pL\pN\- _]`).ReplaceAllString(strings.ToLower(heading[1]), "")
		anchors = append(anchors, strings.ReplaceAll(words, " ", "-"))
	}
	return anchors
}
