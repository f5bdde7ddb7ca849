package export

import (
	"bytes"
	"slices"
	"testing"

	"reeve/procfile/probe"
)

// TestProbes walks the kinds of probes and the formats: each format has a type's probe in
// its files, or says that it leaves it out. Whatever another program can try has a command.
func TestProbes(t *testing.T) {
	for _, kind := range probe.Kinds {
		if _, ok := commands[kind.Name]; ok != kind.Checkable {
			t.Errorf("%s: a shell's command: %v, checkable: %v", kind.Name, ok, kind.Checkable)
		}
		for _, f := range Formats {
			bare, probed := fullApp(), fullApp()
			bare.Types[0].Ready = nil
			probed.Types[0].Ready = &Probe{probe.Probe{Kind: kind.Name, Text: "http://localhost:$PORT"}}
			without, fewer, err := f.Export(bare, nil)
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			with, more, err := f.Export(probed, nil)
			if err != nil {
				t.Errorf("%s, %s: %v", f.Name, kind.Name, err)
				continue
			}
			same := slices.EqualFunc(without, with, func(a, b File) bool { return a.Path == b.Path && bytes.Equal(a.Content, b.Content) })
			if same && slices.Equal(fewer, more) {
				t.Errorf("%s: a probe of the kind %s is neither written nor said to be left out", f.Name, kind.Name)
			}
		}
	}
}
