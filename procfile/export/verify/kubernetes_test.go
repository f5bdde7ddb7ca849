package verify

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	apps_validation "k8s.io/kubernetes/pkg/apis/apps/validation"
	"k8s.io/kubernetes/pkg/apis/batch"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	batch_validation "k8s.io/kubernetes/pkg/apis/batch/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/third_party/forked/golang/expansion"
)

// manifests are the objects of an export, by kind and name.
type manifests map[string]runtime.Object

// readManifests reads files as the API server does: fields that it does not know are
// mistakes, defaults are put in, and all is validated.
func (a exportable) readManifests(dir string) manifests {
	a.t.Helper()
	decoder := serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict).UniversalDecoder()
	all := manifests{}
	paths, _ := filepath.Glob(dir + "/*.yaml")
	for _, path := range paths {
		text, err := os.ReadFile(path)
		a.must(err)
		documents := yaml.NewDocumentDecoder(io.NopCloser(bytes.NewReader(text)))
		for {
			document := make([]byte, 1<<20)
			n, err := documents.Read(document)
			if errors.Is(err, io.EOF) {
				break
			}
			a.must(err)
			object, _, err := decoder.Decode(document[:n], nil, nil)
			if err != nil {
				a.t.Fatalf("%s: %v", path, err)
			}
			key, problems := validated(object)
			for _, problem := range problems {
				a.t.Errorf("%s: %s: %v", path, key, problem)
			}
			all[key] = object
		}
	}
	return all
}

// validated lets the API server's own code judge an object.
func validated(object runtime.Object) (key string, problems field.ErrorList) {
	setNamespace := func(namespace *string) {
		if *namespace == "" {
			*namespace = "default" // as the API server does with that of the request
		}
	}
	switch o := object.(type) {
	case *apps.Deployment:
		setNamespace(&o.Namespace)
		return "Deployment/" + o.Name, apps_validation.ValidateDeployment(o, validation.PodValidationOptions{})
	case *batch.Job:
		setNamespace(&o.Namespace)
		// As the API server does with a number of its own.
		manual := true
		o.Spec.ManualSelector, o.Spec.Selector = &manual, &meta.LabelSelector{MatchLabels: o.Spec.Template.Labels}
		return "Job/" + o.Name, batch_validation.ValidateJobCreate(o, batch_validation.JobValidationOptions{})
	case *batch.CronJob:
		setNamespace(&o.Namespace)
		return "CronJob/" + o.Name, batch_validation.ValidateCronJobCreate(o, validation.PodValidationOptions{})
	case *core.Service:
		setNamespace(&o.Namespace)
		return "Service/" + o.Name, validation.ValidateServiceCreate(o)
	case *core.ConfigMap:
		setNamespace(&o.Namespace)
		return "ConfigMap/" + o.Name, validation.ValidateConfigMap(o)
	case *core.Secret:
		setNamespace(&o.Namespace)
		return "Secret/" + o.Name, validation.ValidateSecret(o)
	}
	return "", field.ErrorList{field.InternalError(nil, errors.New("an object of an unexpected kind"))}
}

// environ is what the kubelet gives to a container.
func (m manifests) environ(c core.Container) map[string]string {
	env := map[string]string{}
	for _, from := range c.EnvFrom {
		switch {
		case from.ConfigMapRef != nil:
			maps.Copy(env, m["ConfigMap/"+from.ConfigMapRef.Name].(*core.ConfigMap).Data)
		case from.SecretRef != nil:
			for key, value := range m["Secret/"+from.SecretRef.Name].(*core.Secret).Data {
				env[key] = string(value)
			}
		}
	}
	for _, v := range c.Env {
		env[v.Name] = expansion.Expand(v.Value, expansion.MappingFuncFor(env))
	}
	return env
}

// command is what the kubelet starts.
func (m manifests) command(c core.Container) []string {
	var command []string
	for _, word := range c.Command {
		command = append(command, expansion.Expand(word, expansion.MappingFuncFor(m.environ(c))))
	}
	return command
}

// TestKubernetes reads the manifests with the code of the API server and of the kubelet.
func TestKubernetes(t *testing.T) {
	a := newApp(t)
	want := a.reference()
	dir := a.export("kubernetes", "-u", "1000", "--image", "registry.example.com:5000/shop:v1.2", "--namespace", "shops", "--secret", "YAML",
		"--stop-signal", "web=INT", "--timeout", "90", "--run", "/run/shop",
		"--ready", "web=http://localhost:$PORT/health?a=b", "--ready", `worker=exec:test "$EMPTY" = "" && echo '$x $(PORT)' %`, "--ready", "shell=tcp")
	a.mode(filepath.Join(dir, "shop-secret.yaml"), 0o600)
	a.noSecrets(dir)
	all := a.readManifests(dir)
	if got := slices.Sorted(maps.Keys(all)); !slices.Equal(got, []string{"ConfigMap/shop-config", "Deployment/shop-shell", "Deployment/shop-web",
		"Deployment/shop-worker", "Job/shop-release", "Secret/shop-secret", "Service/shop-shell", "Service/shop-web"}) {
		t.Errorf("the objects are %v", got)
	}
	public := slices.Sorted(maps.Keys(all["ConfigMap/shop-config"].(*core.ConfigMap).Data))
	if !slices.Equal(public, []string{"EMPTY", "MY_SECRET", "RAILS_ENV"}) {
		t.Errorf("public are %v", public)
	}
	pods := map[string]core.PodTemplateSpec{"release.1": all["Job/shop-release"].(*batch.Job).Spec.Template}
	for _, typ := range []string{"web", "worker", "shell"} {
		pods[typ+".1"] = all["Deployment/shop-"+typ].(*apps.Deployment).Spec.Template
	}
	for name, pod := range pods {
		container := pod.Spec.Containers[0]
		env := all.environ(container)
		if from := container.Env[0]; from.Name != "PS" || from.ValueFrom.FieldRef.FieldPath != "metadata.name" {
			t.Errorf("%s: PS is not the name of the pod: %+v", name, from)
		}
		env["PS"] = name
		a.sameEnv(name, env, want[name].environ())
		a.sameCommand(name, all.command(container), env, want[name].Args)
		if container.Image != "registry.example.com:5000/shop:v1.2" || *pod.Spec.TerminationGracePeriodSeconds != 90 || *container.SecurityContext.RunAsUser != 1000 {
			t.Errorf("%s: image %s, grace %d, user %d", name, container.Image, *pod.Spec.TerminationGracePeriodSeconds, *container.SecurityContext.RunAsUser)
		}
		if *pod.Spec.EnableServiceLinks {
			t.Errorf("%s: variables of services are put in", name)
		}
	}
	web := all["Deployment/shop-web"].(*apps.Deployment)
	if web.Spec.Replicas != 2 || web.Namespace != "shops" || all["Deployment/shop-worker"].(*apps.Deployment).Spec.Replicas != 3 {
		t.Errorf("web: %d replicas in %s", web.Spec.Replicas, web.Namespace)
	}
	labels := map[string]string{"app.kubernetes.io/name": "shop", "app.kubernetes.io/instance": "shop", "app.kubernetes.io/version": "v1.2",
		"app.kubernetes.io/component": "web", "app.kubernetes.io/part-of": "shop", "app.kubernetes.io/managed-by": "reeve"}
	if !maps.Equal(web.Labels, labels) || !maps.Equal(web.Spec.Template.Labels, labels) {
		t.Errorf("labels %v, %v", web.Labels, web.Spec.Template.Labels)
	}
	container := web.Spec.Template.Spec.Containers[0]
	if get := container.ReadinessProbe.HTTPGet; get == nil || get.Path != "/health?a=b" || get.Port.IntValue() != 5000 || get.Host != "" {
		t.Errorf("readiness of web: %+v", container.ReadinessProbe)
	}
	if tries := container.StartupProbe.FailureThreshold * container.StartupProbe.PeriodSeconds; tries != 30 {
		t.Errorf("web may take %d seconds to start", tries)
	}
	if hook := container.Lifecycle.PreStop.Exec.Command[2]; hook != "kill -s INT 1; while kill -s 0 1; do sleep 1; done" {
		t.Errorf("before the stop of web: %s", hook)
	}
	shell := all["Deployment/shop-shell"].(*apps.Deployment).Spec.Template.Spec.Containers[0]
	if hook := shell.Lifecycle.PreStop.Exec.Command[2]; hook != "kill -s TERM -1; kill -s TERM 1; while kill -s 0 1; do sleep 1; done" {
		t.Errorf("before the stop of shell: %s", hook)
	}
	if shell.ReadinessProbe.TCPSocket.Port.IntValue() != 5200 {
		t.Errorf("shell: %+v", shell.ReadinessProbe)
	}
	if all["Deployment/shop-worker"].(*apps.Deployment).Spec.Template.Spec.Containers[0].Lifecycle != nil {
		t.Error("worker has a hook and needs none")
	}
	worker := all["Deployment/shop-worker"].(*apps.Deployment).Spec.Template.Spec.Containers[0]
	var probe []string
	for _, word := range worker.ReadinessProbe.Exec.Command {
		probe = append(probe, expansion.Expand(word, expansion.MappingFuncFor(map[string]string{"PORT": "5100"})))
	}
	if !slices.Equal(probe, []string{"/bin/sh", "-c", `test "$EMPTY" = "" && echo '$x $(PORT)' %`}) {
		t.Errorf("readiness of worker: %q", probe)
	}
	service := all["Service/shop-web"].(*core.Service)
	if p := service.Spec.Ports[0]; p.Port != 5000 || p.TargetPort.StrVal != container.Ports[0].Name || container.Ports[0].ContainerPort != 5000 {
		t.Errorf("the service of web: %+v", p)
	}
	for key, value := range service.Spec.Selector {
		if web.Spec.Template.Labels[key] != value {
			t.Errorf("the service of web does not select its pods: %v", service.Spec.Selector)
		}
	}
}
