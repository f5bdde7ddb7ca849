package verify

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template"
	"time"

	"github.com/hashicorp/go-envparse"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	hcljson "github.com/hashicorp/hcl/v2/json"
	"github.com/hashicorp/nomad/api"
	"github.com/zclconf/go-cty/cty"
)

// Nomad's parser of job files (jobspec2) is not to be had as a module. It is HCL's own
// parser and the tags of the API's types, so that is what reads the job here.

// readJob reads a job file. Names that the API does not have are mistakes.
func (a exportable) readJob(path string) *api.Job {
	a.t.Helper()
	file, problems := hclparse.NewParser().ParseHCLFile(path)
	if problems.HasErrors() {
		a.t.Fatal(problems)
	}
	blocks := file.Body.(*hclsyntax.Body).Blocks
	if len(blocks) != 1 || blocks[0].Type != "job" {
		a.t.Fatalf("%s has no job", path)
	}
	name := blocks[0].Labels[0]
	job := &api.Job{ID: &name, Name: &name}
	a.decode(blocks[0].Body, reflect.ValueOf(job).Elem(), "job")
	return job
}

// decode fills a value of the API from a block.
func (a exportable) decode(body *hclsyntax.Body, into reflect.Value, where string) {
	a.t.Helper()
	for name, attribute := range body.Attributes {
		field, ok := fieldOf(into, name, "optional", "")
		if !ok {
			a.t.Errorf("%s has no attribute %s", where, name)
			continue
		}
		value, problems := attribute.Expr.Value(nil)
		if problems.HasErrors() {
			a.t.Fatal(problems)
		}
		a.assign(field, value, where+"."+name)
	}
	for _, block := range body.Blocks {
		field, ok := fieldOf(into, block.Type, "block")
		if !ok {
			a.t.Errorf("%s has no block %s", where, block.Type)
			continue
		}
		a.decodeBlock(block, field, where+"."+block.Type)
	}
}

func (a exportable) decodeBlock(block *hclsyntax.Block, field reflect.Value, where string) {
	a.t.Helper()
	switch {
	case field.Kind() == reflect.Map:
		field.Set(reflect.ValueOf(a.free(block.Body)))
		return
	case field.Kind() == reflect.Pointer:
		field.Set(reflect.New(field.Type().Elem()))
		field = field.Elem()
	case field.Kind() == reflect.Slice && field.Type().Elem().Kind() == reflect.Pointer:
		item := reflect.New(field.Type().Elem().Elem())
		field.Set(reflect.Append(field, item))
		field = item.Elem()
	case field.Kind() == reflect.Slice:
		field.Set(reflect.Append(field, reflect.New(field.Type().Elem()).Elem()))
		field = field.Index(field.Len() - 1)
	}
	if len(block.Labels) > 0 {
		label, ok := fieldOf(field, "name", "label")
		if !ok {
			label, ok = fieldOf(field, "", "label")
		}
		if !ok {
			a.t.Fatalf("%s takes no label", where)
		}
		if label.Kind() == reflect.Pointer {
			label.Set(reflect.ValueOf(&block.Labels[0]))
		} else {
			label.SetString(block.Labels[0])
		}
	}
	a.decode(block.Body, field, where)
}

// fieldOf finds the field that has a name in job files.
func fieldOf(in reflect.Value, name string, kinds ...string) (reflect.Value, bool) {
	for n := range in.NumField() {
		tag, kind, _ := strings.Cut(in.Type().Field(n).Tag.Get("hcl"), ",")
		if tag == name && slices.Contains(kinds, kind) {
			return in.Field(n), true
		}
	}
	return reflect.Value{}, false
}

func (a exportable) assign(field reflect.Value, value cty.Value, where string) {
	a.t.Helper()
	if field.Kind() == reflect.Pointer {
		field.Set(reflect.New(field.Type().Elem()))
		field = field.Elem()
	}
	switch {
	case field.Type() == reflect.TypeFor[time.Duration]():
		d, err := time.ParseDuration(value.AsString())
		a.must(err)
		field.SetInt(int64(d))
	case field.Kind() == reflect.String && value.Type() == cty.String:
		field.SetString(value.AsString())
	case field.Kind() == reflect.Bool && value.Type() == cty.Bool:
		field.SetBool(value.True())
	case field.Kind() == reflect.Int && value.Type() == cty.Number:
		n, _ := value.AsBigFloat().Int64()
		field.SetInt(n)
	case field.Kind() == reflect.Slice && value.Type().IsTupleType():
		field.Set(reflect.MakeSlice(field.Type(), value.LengthInt(), value.LengthInt()))
		for n, item := range value.AsValueSlice() {
			a.assign(field.Index(n), item, where)
		}
	default:
		a.t.Errorf("%s: %s where there should be a %s", where, value.Type().FriendlyName(), field.Type())
	}
}

// free reads a block without a schema, such as the config of a driver.
func (a exportable) free(body *hclsyntax.Body) map[string]any {
	a.t.Helper()
	all := map[string]any{}
	for name, attribute := range body.Attributes {
		value, problems := attribute.Expr.Value(nil)
		if problems.HasErrors() {
			a.t.Fatal(problems)
		}
		all[name] = plain(value)
	}
	for _, block := range body.Blocks {
		all[block.Type] = a.free(block.Body)
	}
	return all
}

func plain(value cty.Value) any {
	switch {
	case value.Type() == cty.String:
		return value.AsString()
	case value.Type() == cty.Bool:
		return value.True()
	}
	var list []string
	for it := value.ElementIterator(); it.Next(); {
		_, item := it.Element()
		list = append(list, item.AsString())
	}
	return list
}

// nomadEnviron is what the templates of a task set: rendered as consul-template does with
// the functions that are used, and read by the parser that Nomad uses.
func (a exportable) nomadEnviron(task *api.Task, variables map[string]string) map[string]string {
	a.t.Helper()
	type item struct{ Value string }
	functions := template.FuncMap{
		"env":      func(string) string { return "1" }, // NOMAD_ALLOC_INDEX of the second instance
		"parseInt": func(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) },
		"add":      func(a, b any) int64 { return reflect.ValueOf(a).Int() + reflect.ValueOf(b).Int() },
		"toJSON":   func(s string) (string, error) { text, err := json.Marshal(s); return string(text), err },
		"nomadVar": func(path string) map[string]item {
			if path != "nomad/jobs/shop" {
				a.t.Errorf("a task reads the variables of %s", path)
			}
			items := map[string]item{}
			for key, value := range variables {
				items[key] = item{value}
			}
			return items
		},
	}
	env := map[string]string{}
	for _, t := range task.Templates {
		parsed, err := template.New("").Funcs(functions).Parse(*t.EmbeddedTmpl)
		a.must(err)
		var out bytes.Buffer
		a.must(parsed.Execute(&out, nil))
		vars, err := envparse.Parse(&out)
		if err != nil {
			a.t.Fatalf("%v in %s", err, out.Bytes())
		}
		for key, value := range vars {
			env[key] = value
		}
		if !*t.Envvars {
			a.t.Error("a template does not set the environment")
		}
	}
	return env
}

// nomadConfig puts values into a list of a driver's config as Nomad does: by HCL again,
// from JSON.
func (a exportable) nomadConfig(list []string, env map[string]string) []string {
	a.t.Helper()
	text, err := json.Marshal(map[string]any{"list": list})
	a.must(err)
	file, problems := hcljson.Parse(text, "config")
	if problems.HasErrors() {
		a.t.Fatal(problems)
	}
	attributes, _ := file.Body.JustAttributes()
	variables := map[string]cty.Value{}
	for key, value := range env {
		variables[key] = cty.StringVal(value)
	}
	value, problems := attributes["list"].Expr.Value(&hcl.EvalContext{Variables: variables})
	if problems.HasErrors() {
		a.t.Fatal(problems)
	}
	return plain(value).([]string)
}

// TestNomad reads the job with HCL's parser, Nomad's types and its reader of variables.
func TestNomad(t *testing.T) {
	a := newApp(t)
	want := a.reference()
	dir := a.export("nomad", "-u", "1000", "--image", "registry.example.com/shop:v1.2", "--namespace", "shops", "--secret", "YAML,JSON",
		"--stop-signal", "web=INT", "--timeout", "90", "--run", "/run/shop", "--restart", "worker=always", "--restart-limit", "3", "--restart", "shell=always",
		"--ready", "web=http://localhost:$PORT/health?a=b", "--ready", "shell=tcp")
	a.mode(filepath.Join(dir, "shop.nv.json"), 0o600)
	a.noSecrets(dir)
	var spec struct {
		Path, Namespace string
		Items           map[string]string
	}
	text, err := os.ReadFile(filepath.Join(dir, "shop.nv.json"))
	a.must(err)
	strict := json.NewDecoder(bytes.NewReader(text))
	strict.DisallowUnknownFields()
	a.must(strict.Decode(&spec))
	if spec.Path != "nomad/jobs/shop" || spec.Namespace != "shops" || len(spec.Items) != len(values) {
		t.Errorf("the variables: %+v", spec)
	}
	job := a.readJob(filepath.Join(dir, "shop.nomad.hcl"))
	if *job.ID != "shop" || *job.Namespace != "shops" || len(job.TaskGroups) != 3 {
		t.Errorf("job %s in %s with %d groups", *job.ID, *job.Namespace, len(job.TaskGroups))
	}
	counts := map[string]int{}
	for _, group := range job.TaskGroups {
		counts[*group.Name] = *group.Count
		for _, task := range group.Tasks {
			name, second := task.Name+".1", task.Name+".2"
			env := a.nomadEnviron(task, spec.Items)
			if task.Name != "release" && env["PS"] != second {
				t.Errorf("PS of the second %s is %s", task.Name, env["PS"])
			}
			env["PS"] = name
			a.sameEnv(name, env, want[name].environ())
			env["NOMAD_ALLOC_INDEX"] = "0"
			a.sameCommand(name, a.nomadConfig(task.Config["entrypoint"].([]string), env), env, want[name].Args)
			if task.Config["image"] != "registry.example.com/shop:v1.2" || *task.KillTimeout != 90*time.Second || task.User != "1000" {
				t.Errorf("%s: image %s, grace %v, user %s", name, task.Config["image"], *task.KillTimeout, task.User)
			}
		}
	}
	web, worker := job.TaskGroups[0], job.TaskGroups[1]
	if counts["web"] != 2 || counts["worker"] != 3 || counts["shell"] != 1 {
		t.Errorf("counts %v", counts)
	}
	release := web.Tasks[0]
	if release.Name != "release" || release.Lifecycle.Hook != "prestart" || release.Lifecycle.Sidecar {
		t.Errorf("the release: %+v", release)
	}
	if web.Tasks[1].KillSignal != "SIGINT" || worker.Tasks[0].KillSignal != "SIGTERM" {
		t.Errorf("signals %s, %s", web.Tasks[1].KillSignal, worker.Tasks[0].KillSignal)
	}
	if p := web.Networks[0].DynamicPorts[0]; p.Label != "http" || p.To != 5000 || web.Services[0].PortLabel != "http" || !slices.Equal(web.Tasks[1].Config["ports"].([]string), []string{"http"}) {
		t.Errorf("the port of web: %+v", p)
	}
	if check := web.Services[0].Checks[0]; check.Type != "http" || check.Path != "/health?a=b" || *check.CheckRestart.Grace != 30*time.Second || web.Services[0].Name != "shop-web" {
		t.Errorf("the check of web: %+v", check)
	}
	if *web.RestartPolicy.Attempts != 0 || *worker.RestartPolicy.Attempts != 3 || *worker.RestartPolicy.Mode != "fail" {
		t.Errorf("restarts %+v, %+v", web.RestartPolicy, worker.RestartPolicy)
	}
}
