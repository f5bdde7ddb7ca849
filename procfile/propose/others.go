package propose

import (
	"slices"
	"strings"

	"reeve/internal/pattern"
	"reeve/procfile"
)

// otherProcfile takes the lines of the only Procfile that is there under another name, such
// as Procfile.dev.
func otherProcfile(d dir) []Proposal {
	files := d.glob("Procfile.*")
	if len(files) != 1 || d.has("Procfile") {
		return nil
	}
	parsed, err := procfile.Parse(files[0], []byte(d.read(files[0])))
	if err != nil || parsed == nil {
		return nil
	}
	var found []Proposal
	for _, e := range parsed.Entries {
		found = append(found, Proposal{e.Type, e.Command, "As in " + files[0] + ", which reeve start -f " + files[0] + " runs as it is."})
	}
	return found
}

// composeFiles are what Docker Compose reads, the first that is there.
var composeFiles = []string{"compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"}

// compose takes the commands of the services that are built from the app. The others are
// images of somebody else's: a database, say.
func compose(d dir) []Proposal {
	file := d.first(composeFiles...)
	if file == "" {
		return nil
	}
	var found []Proposal
	project := readYAML(d.read(file))
	services := project.get("services")
	if services == nil {
		return nil
	}
	for _, s := range services.children {
		image := image{cmd: s.get("command").command(), entrypoint: s.get("entrypoint").command()}
		if image.entrypoint != "" && !strings.HasPrefix(image.entrypoint, "[") { // words here, and no shell's
			image.entrypoint = jsonList(splitWords(image.entrypoint))
		}
		if image.entrypoint != "" && image.cmd != "" && !strings.HasPrefix(image.cmd, "[") {
			image.cmd = jsonList(splitWords(image.cmd))
		}
		if !isBuilt(project, s) || image.command() == "" {
			continue
		}
		found = append(found, Proposal{typeOf(s.key), image.command(), "The service " + s.key + " in " + file + ". Paths and hosts may differ from those in its containers."})
	}
	return found
}

// isBuilt reports whether a service is built from the app, also where it takes that over from
// another part of the file.
func isBuilt(project, service *yamlNode) bool {
	if service.get("build") != nil {
		return true
	}
	merged, ok := "", false
	if m := service.get("<<"); m != nil {
		merged, ok = strings.CutPrefix(strings.Trim(m.value, "[] "), "*")
	}
	for _, n := range append(slices.Clone(project.children), project.get("services").children...) {
		if ok && n.value == "&"+merged && n != service {
			return n.get("build") != nil
		}
	}
	return false
}

// yamlNode is a line of a YAML file, with the lines that belong to it. That is as much of
// YAML as is needed to find a few keys.
type yamlNode struct {
	key, value string // of an item of a list, the key is -
	text       string // what stands below > or |, in one line
	children   []*yamlNode
}

// get finds a child; nil if there is none.
func (n *yamlNode) get(key string) *yamlNode {
	if n == nil {
		return nil
	}
	at := slices.IndexFunc(n.children, func(c *yamlNode) bool { return c.key == key })
	if at < 0 {
		return nil
	}
	return n.children[at]
}

// items are those of a list, in whatever way it is written.
func (n *yamlNode) items() []string {
	if n == nil {
		return nil
	}
	var items []string
	if list, ok := strings.CutPrefix(n.value, "["); ok {
		for _, item := range strings.Split(strings.TrimSuffix(list, "]"), ",") {
			items = append(items, unquoteYAML(strings.TrimSpace(item)))
		}
	}
	for _, c := range n.children {
		if c.key == "-" {
			items = append(items, c.value)
		}
	}
	return items
}

// command is a command of Compose, as a Dockerfile would have it: text, or a list in JSON.
func (n *yamlNode) command() string {
	switch {
	case n == nil:
		return ""
	case len(n.items()) > 0:
		return strings.ReplaceAll(jsonList(n.items()), "$$", "$")
	}
	text := n.value
	if blockText.Get().MatchString(text) {
		text = n.text
	}
	return strings.ReplaceAll(text, "$$", "$")
}

// blockText finds what comes before a text of several lines.
var blockText = pattern.New(`^[|>][+-]?$`)

// readYAML reads the block style.
func readYAML(text string) *yamlNode {
	type open struct {
		indent int
		node   *yamlNode
	}
	root := &yamlNode{}
	stack := []open{{-1, root}}
	for line := range strings.Lines(text) {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if last := stack[len(stack)-1]; blockText.Get().MatchString(last.node.value) && indent > last.indent {
			last.node.text = strings.TrimSpace(last.node.text + " " + strings.TrimSpace(line))
			continue
		}
		content := strings.TrimSpace(uncommented(line))
		if content == "" || content == "---" {
			continue
		}
		node := &yamlNode{}
		if item, ok := strings.CutPrefix(content, "-"); ok && (item == "" || item[0] == ' ') {
			node.key, node.value = "-", unquoteYAML(strings.TrimSpace(item))
			indent++ // a list may stand as far left as its key
		} else {
			key, value, _ := strings.Cut(content, ":")
			node.key, node.value = unquoteYAML(strings.TrimSpace(key)), unquoteYAML(strings.TrimSpace(value))
		}
		for stack[len(stack)-1].indent >= indent {
			stack = stack[:len(stack)-1]
		}
		parent := stack[len(stack)-1].node
		parent.children = append(parent.children, node)
		stack = append(stack, open{indent, node})
	}
	return root
}

// uncommented drops a comment that begins a line or follows a blank, outside of
// quotes.
func uncommented(line string) string {
	quote := byte(0)
	for n := range len(line) {
		switch c := line[n]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '#' && (n == 0 || line[n-1] == ' '):
			return line[:n]
		}
	}
	return line
}

func unquoteYAML(s string) string {
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		inner := s[1 : len(s)-1]
		if s[0] == '"' {
			return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(inner)
		}
		return strings.ReplaceAll(inner, "''", "'")
	}
	return s
}
