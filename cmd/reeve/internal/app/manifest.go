package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"strings"
	"unicode/utf8"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/place"
	"reeve/internal/sorting"
)

// ManifestFile describes an app to Heroku and others.
const ManifestFile = "app.json"

// manifest is what reeve reads of an app.json (Heroku's schema).
type manifest struct {
	declared  []string       // the variables that it speaks of
	env       []Requirement  // without those that are optional or have a value
	types     []Requirement  // the process types that it has a formation for
	formation map[string]int // their quantities, where it says
	cron      []cronEntry    // its schedules
}

// readManifest reads app.json, if there is one. It only says what is wanted, and other
// tools have files of that name as well, so what cannot be read is a warning.
func (a *App) readManifest() (manifest, []diag.Problem) {
	path := a.fileInRoot(ManifestFile)
	a.Files = append(a.Files, path)
	src, err := place.ReadFound(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return manifest{}, nil
	case err != nil:
		return manifest{}, []diag.Problem{{Severity: diag.Warning, Message: err.Error()}}
	}
	return parseManifest(path, src)
}

// parseManifest reads the text of an app.json. A section that cannot be read leaves the
// others alone, a text that is not JSON says nothing at all.
func parseManifest(path string, src []byte) (manifest, []diag.Problem) {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	r := manifestReader{path: path, src: src, json: json.NewDecoder(bytes.NewReader(src))}
	r.formation = map[string]int{}
	r.json.UseNumber()
	if line := invalidLine(src); line > 0 {
		r.warn(line, "not UTF-8; save the file as UTF-8")
		return manifest{}, r.found
	}
	err := r.object("the file", r.section)
	if err == nil {
		err = r.end()
	}
	if err != nil {
		r.warn(r.lineOf(err), jsonReason(err))
		return manifest{}, r.found
	}
	byKey := func(a, b Requirement) int { return strings.Compare(a.Key, b.Key) }
	sorting.Stable(r.env, byKey)
	sorting.Stable(r.types, byKey)
	return r.manifest, r.found
}

// manifestReader reads an app.json token by token, as only that tells on which line
// something is.
type manifestReader struct {
	manifest
	path  string
	src   []byte
	json  *json.Decoder
	found []diag.Problem
}

func (r *manifestReader) warn(line int, message string) {
	r.found = append(r.found, diag.Problem{File: r.path, Line: line, Severity: diag.Warning, Message: message})
}

// line is the one that has been read up to.
func (r *manifestReader) line() int { return r.lineAt(r.json.InputOffset()) }

func (r *manifestReader) lineAt(offset int64) int {
	return 1 + bytes.Count(r.src[:min(int(offset), len(r.src))], []byte("\n"))
}

// object reads an object, and has each read the value of one key. What is not an object is
// read anyway; null is an empty one.
func (r *manifestReader) object(name string, each func(key string) error) error {
	first, err := r.json.Token()
	switch {
	case err != nil:
		return err
	case first == json.Delim('['):
		r.warn(r.line(), name+" is a JSON array and should be an object")
		for r.json.More() {
			if err := r.skip(); err != nil {
				return err
			}
		}
	case first == json.Delim('{'):
		for r.json.More() {
			key, err := r.json.Token()
			if err != nil {
				return err
			}
			if err := each(key.(string)); err != nil {
				return err
			}
		}
	case first == nil:
		return nil
	default:
		r.warn(r.line(), name+" is a JSON "+jsonKind(first)+" and should be an object")
		return nil
	}
	_, err = r.json.Token() // the closing one
	return err
}

// section reads the value of one of the outermost keys.
func (r *manifestReader) section(key string) error {
	switch key {
	case "env":
		return r.object(key, r.variable)
	case "formation":
		return r.object(key, r.member)
	case "cron":
		return r.schedules()
	}
	return r.skip()
}

// variable reads one entry of env.
func (r *manifestReader) variable(key string) error {
	line := r.line()
	var entry json.RawMessage
	err := r.json.Decode(&entry)
	r.declared = append(r.declared, key)
	if isRequired(entry) {
		r.env = append(r.env, Requirement{Key: key, file: r.path, line: line, required: true})
	}
	return err
}

// schedules reads cron. What cannot be read is missing, which matters only if the schedules are asked for.
func (r *manifestReader) schedules() error {
	var entries []json.RawMessage
	var text json.RawMessage
	if err := r.json.Decode(&text); err != nil || json.Unmarshal(text, &entries) != nil {
		return err
	}
	start := r.json.InputOffset() - int64(len(text))
	at := 0
	for _, entry := range entries {
		at += bytes.Index(text[at:], entry)
		c := cronEntry{line: r.lineAt(start + int64(at))}
		at += len(entry)
		_ = json.Unmarshal(entry, &c) // what it lacks then is reported
		r.cron = append(r.cron, c)
	}
	return nil
}

// member reads one entry of formation.
func (r *manifestReader) member(typ string) error {
	line := r.line()
	r.types = append(r.types, Requirement{Key: typ, file: r.path, line: line})
	return r.object("formation."+typ, func(key string) error {
		if key != "quantity" {
			return r.skip()
		}
		line := r.line()
		var value any
		if err := r.json.Decode(&value); err != nil || value == nil {
			return err
		}
		number, _ := value.(json.Number)
		n, err := number.Int64()
		if err != nil || n < 0 {
			r.warn(line, "formation."+typ+".quantity must be a whole number, at least 0")
			return nil
		}
		r.formation[typ] = int(n)
		return nil
	})
}

func (r *manifestReader) skip() error {
	var value json.RawMessage
	return r.json.Decode(&value)
}

// end reports what comes after the object.
func (r *manifestReader) end() error {
	switch _, err := r.json.Token(); {
	case err == nil:
		return errAfterObject
	case errors.Is(err, io.EOF):
		return nil
	default:
		return err
	}
}

var errAfterObject = errors.New("text after the end")

// lineOf is the line of an error in a JSON text.
func (r *manifestReader) lineOf(err error) int {
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return r.lineAt(max(syntax.Offset, r.json.InputOffset()))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return r.lineAt(int64(len(r.src)))
	}
	return r.line()
}

// jsonReason says why a text is not JSON.
func jsonReason(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "not JSON: unexpected end"
	}
	return "not JSON: " + err.Error()
}

// jsonKind is what a plain JSON value is.
func jsonKind(token json.Token) string {
	switch token.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	}
	return "number"
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

// invalidLine gives the first line that is not UTF-8, or 0.
func invalidLine(src []byte) int {
	line := 0
	for text := range bytes.Lines(src) {
		line++
		if !utf8.Valid(text) {
			return line
		}
	}
	return 0
}
