//go:build unix

package main

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"reeve/cmd/reeve/internal/settings"
	"reeve/cmd/reeve/internal/ui"
)

var update = flag.Bool("update", false, "write the files that the code is the source of")

// TestSettingsPage checks that docs/settings.md is what the table of flags makes of it.
func TestSettingsPage(t *testing.T) {
	const page = "../../docs/settings.md"
	var want bytes.Buffer
	writeSettingsPage(&want)
	if *update {
		if err := os.WriteFile(page, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil || !bytes.Equal(got, want.Bytes()) {
		t.Errorf("docs/settings.md does not say what reeve has (%v): go test ./cmd/reeve -run SettingsPage -update", err)
	}
}

// writeSettingsPage writes the page of all settings.
func writeSettingsPage(page *bytes.Buffer) {
	page.WriteString("# Settings\n\nThis page is what `reeve help settings` and `reeve help start` say, and made from the same table.\n\n```text\n")
	for _, topic := range topics {
		if topic.name == "settings" {
			page.WriteString(topic.text())
		}
	}
	printSettings(page)
	page.WriteString("```\n\n## What they mean\n\n| key | meaning |\n|---|---|\n")
	for _, name := range settings.Keys() {
		usage := bytes.ReplaceAll([]byte(settings.RowOf(settings.OnSettings, name).Meaning()), []byte("|"), []byte(`\|`))
		page.WriteString("| `" + name + "` | " + string(usage) + " |\n")
	}
}

// TestKeysPage checks that docs/ui.md has the keys of reeve ui.
func TestKeysPage(t *testing.T) {
	const page = "../../docs/ui.md"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	const head = "| key | does |\n|---|---|\n"
	before, after, found := strings.Cut(string(text), head)
	_, after, ended := strings.Cut(after, "\n\n")
	if !found || !ended {
		t.Fatal("docs/ui.md has no table of the keys")
	}
	want := before + head
	for _, k := range ui.Keys() {
		want += "| `" + strings.ReplaceAll(k[0], " ", "` `") + "` | " + k[1] + " |\n"
	}
	want += "\n" + after
	if *update {
		err = os.WriteFile(page, []byte(want), 0o644)
	}
	if err != nil || !*update && want != string(text) {
		t.Errorf("docs/ui.md does not say what the keys do (%v): go test ./cmd/reeve -run KeysPage -update", err)
	}
}
