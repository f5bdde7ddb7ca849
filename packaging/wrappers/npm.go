package main

import (
	_ "embed"
	"encoding/json"
)

//go:embed npm/reeve.js
var npmScript []byte

// manifest is a package.json.
type manifest struct {
	Name                 string            `json:"name"`
	Version              string            `json:"version"`
	Description          string            `json:"description"`
	License              string            `json:"license"`
	Homepage             string            `json:"homepage"`
	Repository           map[string]string `json:"repository"`
	Bin                  map[string]string `json:"bin,omitempty"`
	Engines              map[string]string `json:"engines,omitempty"`
	OptionalDependencies map[string]string `json:"optionalDependencies,omitempty"`
	OS                   []string          `json:"os,omitempty"`
	CPU                  []string          `json:"cpu,omitempty"`
	PreferUnplugged      bool              `json:"preferUnplugged,omitempty"` // a zip cannot be executed
}

func (p *program) manifest(name string) manifest {
	return manifest{
		Name: name, Version: p.version, Description: summary, License: "MIT",
		Homepage: p.home, Repository: map[string]string{"type": "git", "url": "git+" + p.home + ".git"},
	}
}

// npmName is what the package with the program for a machine is called. The launcher
// finds it by that.
func (t target) npmName() string { return "reeve-" + t.nodeOS + "-" + t.cpu }

// npmPackage has the program for one machine.
func (p *program) npmPackage() file {
	m := p.manifest(p.npmName())
	m.OS, m.CPU, m.PreferUnplugged = []string{p.nodeOS}, []string{p.cpu}, true
	readme := "# " + m.Name + "\n\nThe program of [reeve](" + p.home + ") for one kind of machine. Install `reeve`, which needs it.\n"
	return p.npmTarball(m, []file{
		{"README.md", plain, []byte(readme)},
		{"bin/" + p.program(), executable, p.binary},
	})
}

// npmLauncher is what people install. It depends on the packages for all machines, and
// npm takes the one that fits.
func (p *program) npmLauncher() file {
	m := p.manifest("reeve")
	m.Bin = map[string]string{"reeve": "bin/reeve.js"}
	m.Engines = map[string]string{"node": ">=14"}
	m.OptionalDependencies = map[string]string{}
	for _, t := range targets {
		m.OptionalDependencies[t.npmName()] = p.version
	}
	return p.npmTarball(m, []file{
		{"README.md", plain, p.readme},
		{"bin/reeve.js", executable, npmScript},
	})
}

func (p *program) npmTarball(m manifest, files []file) file {
	description, err := json.MarshalIndent(m, "", "  ")
	must(err)
	files = append([]file{{"package.json", plain, append(description, '\n')}, {"LICENSE", plain, p.license}}, files...)
	for i := range files {
		files[i].name = "package/" + files[i].name
	}
	return file{name: m.Name + "-" + p.version + ".tgz", content: gzipped(tarOf(files, p.date))}
}
