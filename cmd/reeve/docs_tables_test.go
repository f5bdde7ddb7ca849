//go:build unix

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// flagPages are where the flags of a command are explained, for people. A flag that is
// in the table of options and not there has been forgotten, and so has one that is there
// and no more in the table.
var flagPages = map[string]string{
	"start": "start.md", "run": "one-offs.md", "env": "environment.md",
	"ps": "running.md", "logs": "running.md", "export": "export.md",
}

// shared are the flags that a page only has to mention, since that of start explains
// them.
var sharedFlags = regexp.MustCompile("`(?:-[a-zA-Z], )?--([a-z-]+)|`-([a-zA-Z])`")

// TestFlagTables compares the pages with the table of options.
func TestFlagTables(t *testing.T) {
	for command, name := range flagPages {
		page := readPage(t, filepath.Join(repository, "docs", name))
		mentioned := map[string]bool{}
		for _, found := range sharedFlags.FindAllStringSubmatch(page.prose(), -1) {
			mentioned[found[1]], mentioned[found[2]] = true, true
		}
		delete(mentioned, "") // no name, and not that of the flags without a short one
		for _, row := range optionTable {
			if row.on&optionCommands[command] != 0 && !mentioned[row.name] && !mentioned[row.short] {
				t.Errorf("%s does not mention --%s of reeve %s", page.path, row.name, command)
			}
		}
	}
}

// TestStartTable checks that the table of the flags of start has what there is, in the
// words of the command line.
func TestStartTable(t *testing.T) {
	page := readPage(t, filepath.Join(repository, "docs", "start.md"))
	var listed []string
	for _, line := range page.lines {
		if found := regexp.MustCompile("^\\| `(?:-([a-zA-Z]), )?--([a-z-]+)").FindStringSubmatch(line); found != nil {
			listed = append(listed, found[1]+found[2])
		}
	}
	var there []string
	for _, row := range optionTable {
		if row.on&onStart != 0 {
			there = append(there, row.short+row.name)
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
	page := readPage(t, filepath.Join(repository, "docs", "migrating.md"))
	for _, line := range page.lines {
		cells := strings.Split(strings.ReplaceAll(line, `\|`, "/"), "|")
		if len(cells) != 4 {
			continue
		}
		for _, found := range regexp.MustCompile("`[^`]*`").FindAllString(cells[2], -1) {
			for _, flag := range regexp.MustCompile(`(?:^|[ \x60])-{1,2}([a-zA-Z][a-z-]*)`).FindAllStringSubmatch(found, -1) {
				if !isFlag(flag[1]) {
					t.Errorf("%s: reeve has no flag %s: %s", page.path, flag[1], line)
				}
			}
		}
	}
}

// isFlag says whether any command has a flag of that name, long or short. One of a bash
// -c does not count.
func isFlag(name string) bool {
	return name == "template" || slices.ContainsFunc(optionTable, func(row option) bool { return row.name == name || row.short == name })
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
