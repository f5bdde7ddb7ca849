package main

import (
	"crypto/sha256"
	"crypto/sha512"
	_ "embed"
	"fmt"
	"strings"
)

//go:embed gem/reeve.rb
var gemScript []byte

// gem has the program, and a script that turns into it, since what gem calls executables
// are written in Ruby.
func (p *program) gem() file {
	version := gemVersion(p.version)
	data := gzipped(tarOf([]file{
		{"LICENSE", plain, p.license},
		{"README.md", plain, p.readme},
		{"exe/reeve", executable, gemScript},
		{"libexec/" + p.program(), executable, p.binary},
	}, p.date))
	description := gzipped(p.gemDescription(version))
	return file{
		name: "reeve-" + version + "-" + p.gemPlatform + ".gem",
		content: tarOf([]file{
			{"metadata.gz", plain, description},
			{"data.tar.gz", plain, data},
			{"checksums.yaml.gz", plain, gzipped(gemChecksums(description, data))},
		}, p.date),
	}
}

// gemDescription is what gem build makes of a specification.
func (p *program) gemDescription(version string) []byte {
	return fmt.Appendf(nil, `--- !ruby/object:Gem::Specification
name: reeve
version: !ruby/object:Gem::Version
  version: %s
platform: %s
authors:
- the reeve authors
bindir: exe
cert_chain: []
date: %s 00:00:00.000000000 Z
dependencies: []
description:
email:
executables:
- reeve
extensions: []
extra_rdoc_files: []
files:
- LICENSE
- README.md
- exe/reeve
- libexec/%s
homepage: %s
licenses:
- MIT
metadata: {}
post_install_message:
rdoc_options: []
require_paths:
- exe
required_ruby_version: !ruby/object:Gem::Requirement
  requirements:
  - - ">="
    - !ruby/object:Gem::Version
      version: '2.5'
required_rubygems_version: !ruby/object:Gem::Requirement
  requirements:
  - - ">="
    - !ruby/object:Gem::Version
      version: '0'
requirements: []
rubygems_version: 3.3.15
signing_key:
specification_version: 4
summary: %s
test_files: []
`, version, p.gemPlatform, p.date.UTC().Format("2006-01-02"), p.program(), p.home, summary)
}

func gemChecksums(description, data []byte) []byte {
	out := "---\n"
	out += fmt.Sprintf("SHA256:\n  metadata.gz: %x\n  data.tar.gz: %x\n", sha256.Sum256(description), sha256.Sum256(data))
	out += fmt.Sprintf("SHA512:\n  metadata.gz: %x\n  data.tar.gz: %x\n", sha512.Sum512(description), sha512.Sum512(data))
	return []byte(out)
}

// gemVersion says a version as gem has it: any letter makes it one before a release.
func gemVersion(version string) string {
	return strings.NewReplacer("-", ".", "+", ".").Replace(version)
}
