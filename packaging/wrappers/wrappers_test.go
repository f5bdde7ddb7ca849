package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func aProgram(t *testing.T, name string) *program {
	of, ok := targetNamed(name)
	if !ok {
		t.Fatalf("no target %s", name)
	}
	return &program{
		target: of, version: "1.2.3-dev.gabc", date: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		home: "https://example.org/reeve", binary: []byte("program"), license: []byte("license"), readme: []byte("# reeve\n"),
	}
}

// TestPackages checks what each target gets, and that it gets the same again.
func TestPackages(t *testing.T) {
	want := map[string][]string{
		"linux_amd64_v1": {
			"reeve-linux-x64-1.2.3-dev.gabc.tgz", "reeve-1.2.3-dev.gabc.tgz",
			"reeve-1.2.3.dev0+gabc-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.musllinux_1_1_x86_64.whl",
			"reeve-1.2.3.dev.gabc-x86_64-linux.gem",
		},
		"darwin_arm64_v8.0": {"reeve-darwin-arm64-1.2.3-dev.gabc.tgz", "reeve-1.2.3.dev0+gabc-py3-none-macosx_12_0_arm64.whl", "reeve-1.2.3.dev.gabc-arm64-darwin.gem"},
		"freebsd_amd64_v1":  {"reeve-freebsd-x64-1.2.3-dev.gabc.tgz", "reeve-1.2.3.dev.gabc-x86_64-freebsd.gem"},
		"windows_amd64_v1":  {"reeve-win32-x64-1.2.3-dev.gabc.tgz", "reeve-1.2.3.dev0+gabc-py3-none-win_amd64.whl", "reeve-1.2.3.dev.gabc-x64-mingw-ucrt.gem"},
	}
	for name, want := range want {
		first, second := aProgram(t, name).packages(), aProgram(t, name).packages()
		var got []string
		for i, f := range first {
			got = append(got, f.name)
			if !bytes.Equal(f.content, second[i].content) {
				t.Errorf("%s comes out differently when it is made again", f.name)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

func TestNpm(t *testing.T) {
	linux := untar(t, gunzip(t, aProgram(t, "linux_arm_7").npmPackage().content))
	if string(linux["package/bin/reeve"]) != "program" {
		t.Errorf("the package has %v", linux)
	}
	launcher := untar(t, gunzip(t, aProgram(t, "linux_amd64_v1").npmLauncher().content))
	var m manifest
	if err := json.Unmarshal(launcher["package/package.json"], &m); err != nil {
		t.Fatal(err)
	}
	if len(m.OptionalDependencies) != len(targets) || m.OptionalDependencies["reeve-linux-arm"] != m.Version {
		t.Errorf("the launcher depends on %v", m.OptionalDependencies)
	}
	if launcher["package/"+m.Bin["reeve"]] == nil {
		t.Errorf("the launcher does not have %s", m.Bin["reeve"])
	}
}

// TestWheelRecord checks that a wheel lists what it has.
func TestWheelRecord(t *testing.T) {
	wheel := aProgram(t, "windows_amd64_v1").wheel()
	r, err := zip.NewReader(bytes.NewReader(wheel.content), int64(len(wheel.content)))
	if err != nil {
		t.Fatal(err)
	}
	var want, record string
	for _, f := range r.File {
		content := readZipped(t, f)
		if strings.HasSuffix(f.Name, "/RECORD") {
			record = string(content)
			want += f.Name + ",,\n"
			continue
		}
		sum := sha256.Sum256(content)
		want += fmt.Sprintf("%s,sha256=%s,%d\n", f.Name, base64.RawURLEncoding.EncodeToString(sum[:]), len(content))
	}
	if record != want || !strings.Contains(record, ".data/scripts/reeve.exe,") {
		t.Errorf("RECORD is\n%s\nwant\n%s", record, want)
	}
}

// TestGemChecksums checks the hashes that gem looks at.
func TestGemChecksums(t *testing.T) {
	gem := untar(t, aProgram(t, "linux_386_sse2").gem().content)
	sums := string(gunzip(t, gem["checksums.yaml.gz"]))
	for _, name := range []string{"metadata.gz", "data.tar.gz"} {
		if line := fmt.Sprintf("  %s: %x\n", name, sha256.Sum256(gem[name])); !strings.Contains(sums, line) {
			t.Errorf("%s is not in\n%s", line, sums)
		}
	}
	if data := untar(t, gunzip(t, gem["data.tar.gz"])); string(data["libexec/reeve"]) != "program" || data["exe/reeve"] == nil {
		t.Errorf("the gem has %v", data)
	}
}

func TestVersions(t *testing.T) {
	for _, v := range [][3]string{
		{"1.2.3", "1.2.3", "1.2.3"},
		{"1.2.3-rc.1", "1.2.3rc1", "1.2.3.rc.1"},
		{"1.2.3-beta2", "1.2.3b2", "1.2.3.beta2"},
		{"0.0.1-dev.g98C3f73", "0.0.1.dev0+g98c3f73", "0.0.1.dev.g98C3f73"},
	} {
		if python, gem := pythonVersion(v[0]), gemVersion(v[0]); python != v[1] || gem != v[2] {
			t.Errorf("%s: got %s and %s, want %s and %s", v[0], python, gem, v[1], v[2])
		}
	}
}

// TestRun packs a program as the release does.
func TestRun(t *testing.T) {
	t.Chdir("../..")
	out := filepath.Join(t.TempDir(), "wrappers")
	args := []string{"-target", "linux_amd64_v1", "-binary", "go.mod", "-version", "1.0.0", "-date", "2026-01-02T03:04:05Z", "-home", "https://example.org", "-out", out}
	if err := run(args); err != nil {
		t.Fatal(err)
	}
	if files, _ := os.ReadDir(out); len(files) != 4 {
		t.Errorf("there are %d packages", len(files))
	}
	for i, mistake := range map[int]string{1: "plan9_amd64", 3: "missing", 7: "yesterday"} {
		wrong := slices.Clone(args)
		wrong[i] = mistake
		if err := run(wrong); err == nil {
			t.Errorf("%s is accepted", mistake)
		}
	}
}

func untar(t *testing.T, archive []byte) map[string][]byte {
	files := map[string][]byte{}
	r := tar.NewReader(bytes.NewReader(archive))
	for {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if files[header.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
}

func gunzip(t *testing.T, content []byte) []byte {
	r, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func readZipped(t *testing.T, f *zip.File) []byte {
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// TestTargets checks that the launcher knows exactly the machines that there are programs
// for.
func TestTargets(t *testing.T) {
	config, err := os.ReadFile("../../.goreleaser.yml")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(config), "    targets:\n")
	list, _, _ = strings.Cut(list, "    hooks:\n")
	var built, known []string
	for line := range strings.Lines(list) {
		of, ok := targetNamed(strings.TrimPrefix(strings.TrimSpace(line), "- "))
		if !ok {
			t.Errorf("no packages for %s", strings.TrimSpace(line))
		}
		built = append(built, of.name)
	}
	for _, of := range targets {
		known = append(known, of.name)
	}
	if !slices.Equal(built, known) {
		t.Errorf("programs are built for %v, packages are made for %v", built, known)
	}
}
