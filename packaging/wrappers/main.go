// Command wrappers packs reeve for those who have npm, pip or gem: one package for each
// machine, with the program in it, so that nothing is fetched while it is installed.
//
// What npm calls a package for a machine is found through one that is the same for all.
// Wheels and gems have the machine in their names, and pip and gem choose.
//
// The packages are archives with descriptions in them, so no npm, pip or gem is needed to
// make them, and the same program gives the same bytes.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// program is what is to be packed.
type program struct {
	target
	version string // as Semantic Versioning has it
	date    time.Time
	home    string // where reeve lives
	binary  []byte
	license []byte
	readme  []byte
}

// summary is what the registries say of reeve.
const summary = "Runs the processes that a Procfile declares, on a laptop and as a container's entrypoint"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "wrappers: %v\n", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("wrappers", flag.ContinueOnError)
	name := flags.String("target", "", "what the program is for, as GoReleaser says it")
	binary := flags.String("binary", "", "the program")
	version := flags.String("version", "", "its version")
	date := flags.String("date", "", "the time of all files, as RFC 3339 has it")
	home := flags.String("home", "", "the URL of its home")
	out := flags.String("out", "", "the directory to write to")
	if err := flags.Parse(args); err != nil {
		return err
	}
	p, err := load(*name, *binary)
	if err != nil {
		return err
	}
	if p.date, err = time.Parse(time.RFC3339, *date); err != nil {
		return err
	}
	p.version, p.home = *version, *home
	return write(*out, p.packages())
}

// load reads what goes into the packages. The current directory is that of the checkout.
func load(name, binary string) (p *program, err error) {
	p = &program{}
	var found bool
	if p.target, found = targetNamed(name); !found {
		return nil, fmt.Errorf("unknown target %q", name)
	}
	var errs [3]error
	p.binary, errs[0] = os.ReadFile(binary)
	p.license, errs[1] = os.ReadFile("LICENSE")
	p.readme, errs[2] = os.ReadFile("README.md")
	return p, errors.Join(errs[:]...)
}

// packages are all that are made of one program.
func (p *program) packages() []file {
	packed := []file{p.npmPackage()}
	if p.first() {
		packed = append(packed, p.npmLauncher())
	}
	if len(p.wheelTags) > 0 {
		packed = append(packed, p.wheel())
	}
	return append(packed, p.gem())
}

func write(dir string, files []file) error {
	errs := []error{os.MkdirAll(dir, 0o755)}
	for _, f := range files {
		errs = append(errs, os.WriteFile(filepath.Join(dir, f.name), f.content, 0o644))
	}
	return errors.Join(errs...)
}
