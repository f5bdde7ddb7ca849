//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"reeve/cmd/reeve/internal/roff"
	"reeve/cmd/reeve/internal/settings"
)

var aBuild = build{version: "1.2.3", date: "2026-01-02"}

// TestManualIsWhole checks that every command, topic and flag is in the manual.
func TestManualIsWhole(t *testing.T) {
	pages := map[string]string{}
	all := ""
	for _, p := range manual() {
		pages[p.name] = p.source(aBuild)
		all += pages[p.name]
	}
	for _, c := range commands() {
		page := pages["reeve-"+c.name]
		if !strings.Contains(pages["reeve"], roff.Bold("reeve "+c.name)) || !strings.Contains(page, roff.Text(c.summary)) {
			t.Errorf("the manual does not explain %s", c.name)
		}
		for _, row := range settings.Table() {
			if row.On&settings.Commands[c.name] != 0 && !strings.Contains(page, "\n"+flagTerm(row)+"\n") {
				t.Errorf("the page of %s does not have --%s", c.name, row.Name)
			}
		}
	}
	for _, topic := range topics {
		var p roff.Page
		p.Prose(topic.text())
		if !strings.Contains(all, p.String()) {
			t.Errorf("the manual does not have the topic %s", topic.name)
		}
	}
	for name, page := range topicPlaces {
		if pages["reeve-"+page]+pages[page] == "" || !slices.ContainsFunc(topics, func(t topic) bool { return t.name == name }) {
			t.Errorf("topic %s is on page %s, and one of them is missing", name, page)
		}
	}
}

// TestManualIsClean lets the programs that set the manual look for mistakes in it.
func TestManualIsClean(t *testing.T) {
	for _, checker := range [][]string{{"mandoc", "-T", "lint", "-W", "warning"}, {"groff", "-man", "-ww", "-z", "-T", "utf8"}} {
		t.Run(checker[0], func(t *testing.T) {
			if _, err := exec.LookPath(checker[0]); err != nil {
				t.Skip(err)
			}
			for _, p := range manual() {
				file := filepath.Join(t.TempDir(), p.name+"."+p.section)
				if err := os.WriteFile(file, []byte(p.source(aBuild)), 0o644); err != nil {
					t.Fatal(err)
				}
				said, err := exec.Command(checker[0], append(checker[1:], file)...).CombinedOutput()
				if err != nil || len(said) > 0 {
					t.Errorf("%v\n%s", err, said)
				}
			}
		})
	}
}

// TestCaskBringsTheManual checks that the Homebrew cask names every page: it cannot take
// a directory.
func TestCaskBringsTheManual(t *testing.T) {
	const config = "../../.goreleaser.yml"
	want := "    manpages:\n"
	for _, p := range manual() {
		want += "      - share/" + filepath.ToSlash(filepath.Join("man", p.file())) + ".gz\n"
	}
	got, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		got = regexp.MustCompile(`    manpages:\n(?:      - .*\n)*`).ReplaceAll(got, []byte(want))
		if err := os.WriteFile(config, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(string(got), want) {
		t.Errorf(".goreleaser.yml does not have every page: go test ./cmd/reeve -run Cask -update")
	}
}
