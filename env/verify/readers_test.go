// Package verify lets the libraries that read env files in other languages read the same
// files as reeve.
package verify

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/joho/godotenv"
	"github.com/sirupsen/logrus"

	"reeve/env"
)

// TestMain keeps Compose's reader from logging every variable that is not set.
func TestMain(m *testing.M) {
	logrus.SetOutput(io.Discard)
	m.Run()
}

// around is the environment of all readers.
var around = map[string]string{"V": "v w", "E": "", "lower": "lo"}

func lookup(key string) (string, bool) {
	value, ok := around[key]
	return value, ok
}

// answer is what a reader makes of a text; nil: it refuses it.
type answer map[string]string

// reader reads texts.
type reader struct {
	name string
	read func(t *testing.T, texts []string) []answer // skips what is not installed
}

// all are the readers in the order of the table in the documentation.
var all = []reader{
	{ruby, script("ruby.rb", []string{"ruby"})},
	{python, script("python.py", []string{"python3"}, []string{"/usr/bin/python3"})},
	{js, script("dotenv.js", []string{"node"})},
	{node, script("node.js", []string{"node"})},
	{golang, each(func(text string) (map[string]string, error) { return godotenv.Unmarshal(text) })},
	{compose, each(func(text string) (map[string]string, error) {
		return dotenv.ParseWithLookup(strings.NewReader(text), lookup)
	})},
}

// each reads text by text, in this process.
func each(read func(string) (map[string]string, error)) func(*testing.T, []string) []answer {
	return func(_ *testing.T, texts []string) (answers []answer) {
		for _, text := range texts {
			vars, err := read(text)
			if err != nil {
				vars = nil
			}
			answers = append(answers, vars)
		}
		return answers
	}
}

// script has a script read all texts, with the first interpreter that can.
func script(file string, interpreters ...[]string) func(*testing.T, []string) []answer {
	return func(t *testing.T, texts []string) []answer {
		path, err := filepath.Abs(filepath.Join("readers", file))
		if err != nil {
			t.Fatal(err)
		}
		var failed []string
		for _, command := range interpreters {
			answers, err := run(append(command, path), texts)
			if err == nil {
				return answers
			}
			failed = append(failed, err.Error())
		}
		t.Skipf("not installed (see make tools): %s", strings.Join(failed, "; "))
		return nil
	}
}

// run has an interpreter answer.
func run(command []string, texts []string) ([]answer, error) {
	question, err := json.Marshal(texts)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "NODE_PATH=" + absolute("node_modules")}
	for key, value := range around {
		cmd.Env = append(cmd.Env, key+"="+value)
	}
	var said bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(question), &said
	out, err := cmd.Output()
	if err != nil {
		first, _, _ := strings.Cut(strings.TrimSpace(said.String()), "\n")
		return nil, errors.New(command[0] + ": " + err.Error() + ": " + first)
	}
	var answers []answer
	return answers, json.Unmarshal(out, &answers)
}

func absolute(path string) string {
	abs, _ := filepath.Abs(path)
	return abs
}

// ours is what reeve makes of a text, and whether check has a word about it.
func ours(t *testing.T, text string) (a answer, warned bool) {
	path := filepath.Join(t.TempDir(), ".env")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	vars, err := env.Parse(path, []byte(text), env.Scope{Below: lookup, Real: lookup})
	if err != nil {
		return nil, true
	}
	a = answer{}
	for _, v := range vars {
		a[v.Key] = v.Value
	}
	environ := []string{}
	for key, value := range around {
		environ = append(environ, key+"="+value)
	}
	loaded, err := env.Load(env.Options{Files: []string{path}, Environ: environ})
	return a, err != nil || len(loaded.Warnings()) > 0
}
