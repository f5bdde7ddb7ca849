//go:build unix

package docs

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// The stand-ins for clusters run nothing either, and look at what they are given.
var clusters = []standIn{
	{"docker", `compose up -d`, composeUp},
	{"kubectl", `apply( -f \S+)+`, applyManifests},
	{"kubectl", `delete --ignore-not-found -f \S+`, fileBehind("-f")},
	{"kubectl", `wait -n \w+ --for=condition=complete --timeout=10m job/\S+`, isApplied},
	{"kubectl", `rollout restart -n \w+ deployment/\S+`, isApplied},
	{"kubectl", `exec( -it)? deploy/shop -- \S.*`, inPlace("--")},
	{"nomad", `var put -in json @\S+`, putVariable},
	{"nomad", `job run \S+`, runJob},
}

// composeUp wants the files of values to be there.
func composeUp([]string) error {
	text, err := os.ReadFile("compose.yaml")
	if err != nil {
		return err
	}
	var files []string
	for _, found := range regexp.MustCompile(`(?m)^    env_file:\n      - (\S+)$`).FindAllSubmatch(text, -1) {
		files = append(files, string(found[1]))
	}
	if len(files) == 0 || !strings.Contains(string(text), "\nservices:\n") {
		return errors.New("compose.yaml has no services with values")
	}
	return areThere(0)(files)
}

// applied is where kubectl remembers what there is in the cluster.
func applied(namespace, object string) string {
	return filepath.Join(os.Getenv(standInState), "applied-"+namespace+"-"+strings.ReplaceAll(object, "/", "-"))
}

var (
	manifestKind      = regexp.MustCompile(`(?m)^kind: (\w+)$`)
	manifestName      = regexp.MustCompile(`(?m)^metadata:\n  name: "?([\w-]+)`)
	manifestNamespace = regexp.MustCompile(`(?m)^  namespace: "?([\w-]+)`)
)

// applyManifests wants each object to have an API, a kind and a name, and remembers it.
func applyManifests(args []string) error {
	for i := 2; i < len(args); i += 2 {
		text, err := readManifests(args[i])
		if err != nil {
			return err
		}
		for _, object := range regexp.MustCompile(`(?m)^---$`).Split(text, -1) {
			if err := applyObject(object); err != nil {
				return fmt.Errorf("%s: %w", args[i], err)
			}
		}
	}
	return nil
}

func readManifests(place string) (text string, err error) {
	files := []string{place}
	if place == "-" {
		files = []string{"/dev/stdin"}
	} else if found, _ := filepath.Glob(filepath.Join(place, "*.yaml")); found != nil {
		files = found
	}
	var texts []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		texts = append(texts, string(text))
	}
	return strings.Join(texts, "\n---\n"), nil
}

func applyObject(text string) error {
	kind, name := manifestKind.FindStringSubmatch(text), manifestName.FindStringSubmatch(text)
	if kind == nil || name == nil || !strings.Contains(text, "apiVersion: ") {
		return fmt.Errorf("no object of Kubernetes:\n%s", text)
	}
	namespace := ""
	if found := manifestNamespace.FindStringSubmatch(text); found != nil {
		namespace = found[1]
	}
	object := strings.ToLower(kind[1]) + "/" + name[1]
	fmt.Println(object, "is applied")
	return os.WriteFile(applied(namespace, object), nil, 0o600)
}

// isApplied wants an object to be there.
func isApplied(args []string) error {
	namespace := ""
	for i, arg := range args {
		if arg == "-n" {
			namespace = args[i+1]
		}
	}
	return areThere(0)([]string{applied(namespace, args[len(args)-1])})
}

// putVariable wants a variable of Nomad with a path and items.
func putVariable(args []string) error {
	text, err := os.ReadFile(strings.TrimPrefix(args[len(args)-1], "@"))
	if err != nil {
		return err
	}
	var variable struct {
		Path  string
		Items map[string]string
	}
	err = json.Unmarshal(text, &variable)
	if err == nil && (variable.Path == "" || len(variable.Items) == 0) {
		err = errors.New("it has no path or no items")
	}
	return err
}

func runJob(args []string) error {
	text, err := os.ReadFile(args[2])
	if err == nil && !regexp.MustCompile(`(?m)^job "shop" \{$`).Match(text) {
		err = errors.New("it has no job shop")
	}
	return err
}
