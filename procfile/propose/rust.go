package propose

import (
	"path"
	"strings"

	"reeve/internal/pattern"
)

// What matters in a Cargo.toml.
var (
	crateName    = pattern.New(`(?ms)^\[package\].*?^name *= *"([^"]+)"`)
	crateDefault = pattern.New(`(?m)^default-run *=`)
	crateMembers = pattern.New(`(?ms)^\[workspace\].*?^members *= *\[(.*?)\]`)
	quotedText   = pattern.New(`"([^"]+)"`)
)

// rust finds the programs of a crate, and of the members of a workspace.
func rust(d dir) []Proposal {
	manifest := d.read("Cargo.toml")
	if !d.has("Cargo.toml") {
		return nil
	}
	found := crate(d, ".", "cargo run")
	for _, list := range crateMembers.Get().FindAllStringSubmatch(manifest, -1) {
		for _, member := range quotedText.Get().FindAllStringSubmatch(list[1], -1) {
			for _, name := range d.dirs(withoutStars([]string{member[1]})...) {
				found = append(found, crate(d, name, "cargo run -p "+crateIn(d, name))...)
			}
		}
	}
	if len(found) == 1 {
		found[0].Type = "web"
	}
	return found
}

// crateIn is the name of the crate in a directory.
func crateIn(d dir, name string) string {
	if found := crateName.Get().FindStringSubmatch(d.read(path.Join(name, "Cargo.toml"))); found != nil {
		return found[1]
	}
	return path.Base(name)
}

// crate finds the programs of one crate.
func crate(d dir, name, run string) []Proposal {
	var found []Proposal
	main := path.Join(name, "src/main.rs")
	bins := d.glob(path.Join(name, "src/bin/*.rs"), path.Join(name, "src/bin/*/main.rs"))
	if d.has(main) {
		p := Proposal{"web", run, "Cargo.toml and src/main.rs are there. " + ownPort}
		if name != "." {
			p.Type, p.Why = typeOf(crateIn(d, name)), main+" is a program. "+ownPort
		}
		if len(bins) > 0 && !crateDefault.Get().MatchString(d.read(path.Join(name, "Cargo.toml"))) {
			p.Command += " --bin " + crateIn(d, name)
		}
		found = append(found, p)
	}
	for _, file := range bins {
		bin := strings.TrimSuffix(path.Base(strings.TrimSuffix(file, "/main.rs")), ".rs")
		found = append(found, Proposal{typeOf(bin), run + " --bin " + bin, file + " is a program. " + ownPort})
	}
	return found
}
