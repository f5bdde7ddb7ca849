package main

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
)

// wheel has the program as a script, which pip puts where programs are. Python has no
// part in running it.
func (p *program) wheel() file {
	name := "reeve-" + pythonVersion(p.version)
	info := name + ".dist-info/"
	files := []file{
		{name + ".data/scripts/" + p.program(), executable, p.binary},
		{info + "METADATA", plain, p.wheelMetadata()},
		{info + "WHEEL", plain, p.wheelDescription()},
		{info + "licenses/LICENSE", plain, p.license},
	}
	files = append(files, file{info + "RECORD", plain, record(files, info+"RECORD")})
	return file{
		name:    name + "-py3-none-" + strings.Join(p.wheelTags, ".") + ".whl",
		content: zipOf(files, p.date),
	}
}

func (p *program) wheelMetadata() []byte {
	return fmt.Appendf(nil, `Metadata-Version: 2.4
Name: reeve
Version: %s
Summary: %s
License-Expression: MIT
License-File: LICENSE
Project-URL: Homepage, %s
Requires-Python: >=3.7
Description-Content-Type: text/markdown

%s`, pythonVersion(p.version), summary, p.home, p.readme)
}

func (p *program) wheelDescription() []byte {
	out := "Wheel-Version: 1.0\nGenerator: reeve\nRoot-Is-Purelib: false\n"
	for _, tag := range p.wheelTags {
		out += "Tag: py3-none-" + tag + "\n"
	}
	return []byte(out)
}

// record lists the files of a wheel with their hashes, and itself without.
func record(files []file, itself string) []byte {
	var out strings.Builder
	for _, f := range files {
		sum := sha256.Sum256(f.content)
		fmt.Fprintf(&out, "%s,sha256=%s,%d\n", f.name, base64.RawURLEncoding.EncodeToString(sum[:]), len(f.content))
	}
	return []byte(out.String() + itself + ",,\n")
}

// candidate finds the versions before a release that Python has words for.
var candidate = regexp.MustCompile(`^(alpha|beta|rc)\.?(\d+)$`)

// pythonVersion says a version as PEP 440 has it. What Python has no word for is a
// development version, told apart by its local part.
func pythonVersion(version string) string {
	release, pre, found := strings.Cut(version, "-")
	if !found {
		return release
	}
	if words := candidate.FindStringSubmatch(pre); words != nil {
		return release + map[string]string{"alpha": "a", "beta": "b", "rc": "rc"}[words[1]] + words[2]
	}
	pre = strings.TrimPrefix(strings.ToLower(pre), "dev.")
	return release + ".dev0+" + strings.NewReplacer("-", ".", "+", ".").Replace(pre)
}
