package propose

import (
	"encoding/json"
	"strings"

	"reeve/internal/asjson"
	"reeve/internal/pattern"
)

// deno runs the tasks of a deno.json, or its main program.
func deno(d dir) []Proposal {
	file := d.first("deno.json", "deno.jsonc")
	if file == "" {
		return nil
	}
	var config struct {
		Tasks map[string]json.RawMessage `json:"tasks"`
	}
	_ = json.Unmarshal([]byte(plainJSON(d.read(file))), &config) // a broken one proposes nothing
	a := nodeAppIn(d)
	for _, task := range []string{"dev", "start", "serve"} {
		if text := taskText(config.Tasks[task]); text != "" && !a.isRunner(text) {
			return []Proposal{{"web", "deno task " + task, "The task " + task + " in " + file + ": " + oneLine(text) + "\n" + ownPort}}
		}
	}
	if main := d.first("main.ts", "main.js", "server.ts"); main != "" {
		return []Proposal{{"web", "deno run --allow-net --allow-env --allow-read " + main, main + " is there. " + ownPort}}
	}
	return nil
}

// taskText is what a task runs: a text, or an object with one.
func taskText(raw json.RawMessage) string {
	var text string
	var object struct{ Command string }
	if json.Unmarshal(raw, &text) != nil && json.Unmarshal(raw, &object) == nil {
		text = object.Command
	}
	return text
}

// lastComma finds the commas after the last value of a list or an object.
var lastComma = pattern.New(`,(\s*[}\]])`)

// plainJSON turns JSON with comments and trailing commas into JSON. Where a text looks like
// such a comma, the comma is lost: nothing that is read here has one.
func plainJSON(text string) string {
	return lastComma.Get().ReplaceAllString(withoutComments(text), "$1")
}

func withoutComments(text string) string {
	var b strings.Builder
	quoted := false
	for n := 0; n < len(text); n++ {
		switch c := text[n]; {
		case quoted:
			b.WriteByte(c)
			if c == '\\' && n+1 < len(text) {
				n++
				b.WriteByte(text[n])
			}
			quoted = c != '"'
		case c == '"':
			b.WriteByte(c)
			quoted = true
		case strings.HasPrefix(text[n:], "//"):
			n += strings.IndexByte(text[n:]+"\n", '\n') - 1
		case strings.HasPrefix(text[n:], "/*"):
			n += max(strings.Index(text[n:], "*/"), 0) + 1
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// jsonList is a list of texts in JSON.
func jsonList(list []string) string { return asjson.String(list) }
