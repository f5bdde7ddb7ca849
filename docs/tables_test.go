//go:build unix

package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// flagPages are where the flags of a command are explained, for people. A flag that the
// command's help has and its page has not was forgotten.
var flagPages = map[string]string{
	"start": "start.md", "run": "one-offs.md", "env": "environment.md",
	"ps": "running.md", "logs": "running.md", "wait": "running.md", "export": "export.md",
}

// shared are the flags that a page only has to mention, since that of start explains
// them.
var sharedFlags = regexp.MustCompile("`(?:-[a-zA-Z], )?--([a-z-]+)|`-([a-zA-Z])`")

// flag is one that the help of a command lists.
type flag struct{ short, name string }

// flagsOf are the flags of a command, as its help has them.
func flagsOf(t *testing.T, command string) (flags []flag) {
	t.Helper()
	out, err := exec.Command("reeve", "help", command).Output()
	if err != nil {
		t.Fatalf("reeve help %s: %v", command, err)
	}
	for _, found := range regexp.MustCompile(`(?m)^ +(?:-([a-zA-Z]), )?--([a-z-]+)`).FindAllStringSubmatch(string(out), -1) {
		flags = append(flags, flag{found[1], found[2]})
	}
	if len(flags) == 0 {
		t.Fatalf("reeve help %s lists no flags:\n%s", command, out)
	}
	return flags
}

// TestFlagTables compares the pages with the help of the commands.
func TestFlagTables(t *testing.T) {
	for command, name := range flagPages {
		page := readPage(t, filepath.Join(repository, "docs", name))
		mentioned := map[string]bool{}
		for _, found := range sharedFlags.FindAllStringSubmatch(page.prose(), -1) {
			mentioned[found[1]], mentioned[found[2]] = true, true
		}
		delete(mentioned, "") // no name, and not that of the flags without a short one
		for _, f := range flagsOf(t, command) {
			if f.name != "help" && !mentioned[f.name] && !mentioned[f.short] {
				t.Errorf("%s does not mention --%s of reeve %s", page.path, f.name, command)
			}
		}
	}
}

// TestStartTable checks that the table of the flags of start has what there is.
func TestStartTable(t *testing.T) {
	page := readPage(t, filepath.Join(repository, "docs", "start.md"))
	var listed []string
	for _, line := range page.lines {
		if found := regexp.MustCompile("^\\| `(?:-([a-zA-Z]), )?--([a-z-]+)").FindStringSubmatch(line); found != nil {
			listed = append(listed, found[1]+found[2])
		}
	}
	var there []string
	for _, f := range flagsOf(t, "start") {
		if f.name != "help" {
			there = append(there, f.short+f.name)
		}
	}
	slices.Sort(listed)
	slices.Sort(there)
	if !slices.Equal(listed, there) {
		t.Errorf("%s has the flags\n%v\nand reeve start has\n%v", page.path, listed, there)
	}
}

// TestMigrating checks that what a page offers in place of other tools' flags exists.
func TestMigrating(t *testing.T) {
	known := map[string]bool{"template": true, "": true}
	for _, command := range verbs {
		for _, f := range flagsOf(t, command) {
			known[f.name], known[f.short] = true, true
		}
	}
	page := readPage(t, filepath.Join(repository, "docs", "migrating.md"))
	for _, line := range page.lines {
		cells := strings.Split(strings.ReplaceAll(line, `\|`, "/"), "|")
		if len(cells) != 4 {
			continue
		}
		for _, found := range regexp.MustCompile("`[^`]*`").FindAllString(cells[2], -1) {
			for _, flag := range regexp.MustCompile(`(?:^|[ \x60])-{1,2}([a-zA-Z][a-z-]*)`).FindAllStringSubmatch(found, -1) {
				if !known[flag[1]] {
					t.Errorf("%s: reeve has no flag %s: %s", page.path, flag[1], line)
				}
			}
		}
	}
}

// TestSpeedInReadme checks that README has measured what the whole table has.
func TestSpeedInReadme(t *testing.T) {
	whole := readText(filepath.Join(repository, "docs", "speed.md"))
	for _, line := range readPage(t, filepath.Join(repository, "README.md")).lines {
		if strings.Count(line, "|") == 6 && strings.ContainsAny(line, "0123456789") && !strings.Contains(whole, line) {
			t.Errorf("README.md has this line, and docs/speed.md has not: %s", line)
		}
	}
}

// TestMapOfTheCode checks that what CONTRIBUTING.md sends people to exists.
func TestMapOfTheCode(t *testing.T) {
	page := readPage(t, filepath.Join(repository, "CONTRIBUTING.md"))
	for _, line := range page.lines {
		if !strings.HasPrefix(line, "| ") {
			continue
		}
		for _, found := range regexp.MustCompile("`([a-z_]+/[^` ]*)`").FindAllStringSubmatch(line, -1) {
			if files, err := filepath.Glob(filepath.Join(repository, found[1])); err != nil || len(files) == 0 {
				t.Errorf("%s: there is no %s", page.path, found[1])
			}
		}
	}
}

// TestEveryPageIsListed checks that the index has every page.
func TestEveryPageIsListed(t *testing.T) {
	index, err := os.ReadFile(filepath.Join(repository, "docs", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages(t) {
		dir, name := filepath.Split(p.path)
		if dir != "" && name != "README.md" && !strings.Contains(string(index), "]("+name+")") {
			t.Errorf("docs/README.md does not list %s", name)
		}
	}
}

// TestAgentsLines checks that the lines for agents are those that help prints.
func TestAgentsLines(t *testing.T) {
	out, err := exec.Command("reeve", "help", "agents").Output()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for line := range strings.Lines(string(out)) {
		if text, indented := strings.CutPrefix(line, "    "); indented || line == "\n" && len(want) > 0 {
			want = append(want, strings.TrimSuffix(text, "\n"))
		}
	}
	page := readPage(t, filepath.Join(repository, "docs", "agents.md"))
	i := slices.IndexFunc(page.blocks, func(b snippet) bool { return b.file == "AGENTS.md" })
	if i < 0 {
		t.Fatal("there is no AGENTS.md on the page")
	}
	if got, want := strings.TrimSpace(page.blocks[i].text()), strings.TrimSpace(strings.Join(want, "\n")); got != want {
		t.Errorf("the page has\n%s\nand reeve help agents\n%s", got, want)
	}
}
