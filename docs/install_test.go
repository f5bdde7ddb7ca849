//go:build unix

package docs

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The stand-ins for what installs programs install nothing: packaging/try does that with
// the packages themselves.
var installers = []standIn{
	{"apt-get", `install \./dist/\S+\.deb`, nil},
	{"dnf", `install \./dist/\S+\.rpm`, nil},
	{"apk", `add --allow-untrusted \./dist/\S+\.apk`, nil},
	{"pacman", `-U \./dist/\S+\.pkg\.tar\.zst`, nil},
	{"npm", `install -g( \./dist/wrappers/\S+\.tgz)+`, nil},
	{"pip", `install --no-index --pre --find-links dist/wrappers reeve`, nil},
	{"gem", `install --local dist/wrappers/\S+\.gem`, nil},
	{"install", `(-m 755 )?bin/reeve /usr/local/bin/?`, nil},
	{"packaging/try", ``, nil},
	{"brew", `install --cask OWNER/tap/reeve`, nil},
	{"apt", `install \./reeve_VERSION_amd64\.deb`, nil},
	{"dnf", `install \./reeve-VERSION\.x86_64\.rpm`, nil},
	{"apk", `add --allow-untrusted \./reeve_VERSION_x86_64\.apk`, nil},
	{"pacman", `-U reeve-VERSION-x86_64\.pkg\.tar\.zst`, nil},
	{"npm", `install --save-dev reeve`, nil},
	{"npx", `reeve start`, nil},
	{"pip", `install reeve`, nil},
	{"gem", `install reeve`, nil},
	{"sha256sum", `--check --ignore-missing checksums\.txt`, realOr("sha256sum", checkSums)},
	{"gh", `attestation verify \S+ --repo OWNER/reeve`, attest},
}

// An archive of a release, as far as one looks at it before it is unpacked.
const (
	archiveName = "reeve_VERSION_linux_amd64.tar.gz"
	archiveText = "an archive\n"
)

var archiveSum = fmt.Sprintf("%x", sha256.Sum256([]byte(archiveText)))

// checkSums wants every file to have the sum that the last argument says.
func checkSums(args []string) error {
	text, err := os.ReadFile(args[len(args)-1])
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(text)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		file, err := os.ReadFile(name)
		if err != nil || fmt.Sprintf("%x", sha256.Sum256(file)) != sum {
			return fmt.Errorf("%s is not what it should be: %v", name, err)
		}
	}
	return nil
}

// attest wants the file to be there that it is asked about.
func attest(args []string) error {
	_, err := os.Stat(args[2])
	return err
}

// TestInstallTable checks that every way to install reeve is a command line that somebody
// has looked at.
func TestInstallTable(t *testing.T) {
	page := readPage(t, filepath.Join(repository, "docs", "install.md"))
	rows := 0
	for _, line := range page.lines {
		cells := strings.Split(line, "|")
		if len(cells) != 4 || !strings.Contains(cells[2], "`") {
			continue
		}
		rows++
		for _, code := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cells[2], -1) {
			if err := knownCommand(code[1]); err != nil {
				t.Errorf("%s: %v", page.path, err)
			}
		}
	}
	if rows < 10 {
		t.Errorf("%s: the table has %d ways", page.path, rows)
	}
}

// knownCommand wants a command line to have a stand-in, or to be a line of a Dockerfile.
// A single word is a name.
func knownCommand(line string) error {
	words := strings.Fields(strings.TrimPrefix(line, "sudo "))
	if len(words) == 1 {
		return nil
	}
	if words[0] == "COPY" {
		return validDockerfile(nil, snippet{kind: "dockerfile", lines: []string{line}})
	}
	for _, s := range standIns {
		if s.takes(words[0], words[1:]) {
			return nil
		}
	}
	return errors.New("nobody has looked at this: " + line)
}
