package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io/fs"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"reeve/env"
)

// requirement is a variable that the app says it needs: III of the twelve factors. Or a
// process type.
type requirement struct {
	key  string
	file string // that asks for it
	line int    // 0 where it cannot be told
}

// exampleFiles list the variables of an app; the first that is there counts.
var exampleFiles = []string{".env.example", ".env.sample", ".env.template"}

// manifestFile describes an app to Heroku and others.
const manifestFile = "app.json"

// manifest is what reeve reads of an app.json (Heroku's schema).
type manifest struct {
	declared  []string       // the variables that it speaks of
	env       []requirement  // without those that are optional or have a value
	types     []requirement  // the process types that it has a formation for
	formation map[string]int // their quantities, where it says
}

// readExample reads the list of variables that an app comes with, if it has one.
func (a *app) readExample() ([]requirement, error) {
	for _, name := range exampleFiles {
		path := a.fileInRoot(name)
		src, err := readFound(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		vars, err := env.Parse(path, src, env.Scope{})
		var asked []requirement
		for _, v := range vars {
			asked = append(asked, requirement{v.Key, path, v.Line})
		}
		return asked, err
	}
	return nil, nil
}

// readManifest reads app.json, if there is one.
func (a *app) readManifest() (m manifest, err error) {
	path := a.fileInRoot(manifestFile)
	src, err := readFound(path)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return m, err
	}
	var file struct {
		Env       map[string]json.RawMessage `json:"env"`
		Formation map[string]struct {
			Quantity *int `json:"quantity"`
		} `json:"formation"`
	}
	if err := json.Unmarshal(src, &file); err != nil {
		return m, problem{File: path, Line: jsonLine(src, err), Message: jsonReason(err)}
	}
	if !utf8.Valid(src) {
		return m, problem{File: path, Line: invalidLine(src), Message: "not UTF-8; save the file as UTF-8"}
	}
	for key, value := range file.Env {
		m.declared = append(m.declared, key)
		if isRequired(value) {
			m.env = append(m.env, requirement{key, path, keyLine(src, key)})
		}
	}
	byKey := func(a, b requirement) int { return strings.Compare(a.key, b.key) }
	slices.SortFunc(m.env, byKey)
	m.formation = map[string]int{}
	for typ, f := range file.Formation {
		m.types = append(m.types, requirement{typ, path, keyLine(src, typ)})
		if f.Quantity != nil {
			m.formation[typ] = *f.Quantity
			err = errors.Join(err, checkQuantity(m.types[len(m.types)-1], *f.Quantity))
		}
	}
	slices.SortFunc(m.types, byKey)
	return m, err
}

// checkQuantity complains of a quantity that there cannot be.
func checkQuantity(typ requirement, n int) error {
	if n >= 0 {
		return nil
	}
	return problem{File: typ.file, Line: typ.line, Message: "formation." + typ.key + ".quantity should be at least 0"}
}

// isRequired reads one entry of env: a default value as a string, or an object, in
// which required is true unless it says otherwise.
func isRequired(entry json.RawMessage) bool {
	var object struct {
		Required  *bool  `json:"required"`
		Value     any    `json:"value"`
		Generator string `json:"generator"`
	}
	if json.Unmarshal(entry, &object) != nil {
		return false // a plain value
	}
	if object.Required != nil && !*object.Required {
		return false
	}
	return object.Value == nil && object.Generator == ""
}

// jsonLine gives the line of an error in a JSON text.
func jsonLine(src []byte, err error) int {
	offset := int64(len(src))
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &syntax) {
		offset = syntax.Offset
	} else if errors.As(err, &wrong) {
		offset = wrong.Offset
	}
	return 1 + bytes.Count(src[:min(int(offset), len(src))], []byte("\n"))
}

// invalidLine gives the first line that is not UTF-8.
func invalidLine(src []byte) int {
	line := 1
	for text := range bytes.Lines(src) {
		if !utf8.Valid(text) {
			break
		}
		line++
	}
	return line
}

// jsonReason says what is wrong with a JSON text, without a piece of it.
func jsonReason(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		what := cmp.Or(wrong.Field, "the file")
		// The text of a number stands behind its kind.
		kind, _, _ := strings.Cut(wrong.Value, " ")
		if wrong.Type.Kind() == reflect.Int {
			return what + " is a JSON " + kind + " and should be a whole number"
		}
		return what + " is a JSON " + kind + " and should be an object"
	}
	return "not JSON: " + strings.TrimPrefix(err.Error(), "json: ")
}

// keyLine finds the line that has a key, 0 if it is written in an unusual way.
func keyLine(src []byte, key string) int {
	quoted, _ := json.Marshal(key)
	at := regexp.MustCompile(regexp.QuoteMeta(string(quoted)) + `\s*:`).FindIndex(src)
	if at == nil {
		return 0
	}
	return 1 + bytes.Count(src[:at[0]], []byte("\n"))
}

// missing lists the requirements that the environment does not meet. A variable that
// is empty on purpose is there; what reeve assigns need not be.
func (a *app) missing() []requirement {
	var missing []requirement
	for _, r := range a.required {
		_, ok := a.env.Lookup(r.key)
		if !ok && (r.key != "PORT" || a.noPort) && r.key != "PS" {
			missing = append(missing, r)
		}
	}
	return missing
}

// standardKeys are the variables that every process gets with --clean-env, beside
// LC_*. They say where it runs and for whom, not how the app is configured.
var standardKeys = []string{"PATH", "HOME", "USER", "SHELL", "LANG", "TERM", "TMPDIR", "TZ"}

// isStandard says whether a variable is one of those.
func isStandard(key string) bool {
	return slices.Contains(standardKeys, key) || strings.HasPrefix(key, "LC_")
}
