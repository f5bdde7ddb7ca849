package export

import (
	"errors"
	"time"

	"reeve/procfile/export/internal/template"
)

// A template sees the fields of [Page] and of what is in it, and besides them only what is
// listed: here for all formats, and as the view of a format for the templates of that one.

// commonView is what the templates of every format can ask.
func commonView() []template.Method {
	return []template.Method{
		{Name: "Marker", Func: Page.Marker},
		{Name: "Logged", Func: ofInstance(Page.Logged)},
		{Name: "LogFile", Func: ofInstance(Page.LogFile)},
		{Name: "LogName", Func: ofInstance(Page.LogName)},
		{Name: "IsRelease", Func: Page.IsRelease},

		{Name: "MakeDir", Func: App.MakeDir},
		{Name: "Login", Func: App.Login},
		{Name: "EnvFile", Func: App.EnvFile},
		{Name: "Config", Func: App.Config},
		{Name: "Secrets", Func: App.Secrets},
		{Name: "All", Func: App.All},
		{Name: "Before", Func: App.Before},
		{Name: "UserUnits", Func: App.UserUnits},
		{Name: "ImageName", Func: App.ImageName},

		{Name: "DirOf", Func: App.DirOf},

		{Name: "Count", Func: Type.Count},
		{Name: "Argv", Func: Type.Argv},
		{Name: "ShellLine", Func: Type.ShellLine},
		{Name: "ExecStart", Func: execStart},
		{Name: "ComposeCommand", Func: composeCommand},
		{Name: "KubernetesCommand", Func: kubernetesCommand},
		{Name: "NomadCommand", Func: nomadCommand},
		{Name: "InImage", Func: Type.InImage},
		{Name: "Shared", Func: Type.Shared},
		{Name: "Stays", Func: Type.Stays},
		{Name: "Checkable", Func: Type.Checkable},
		{Name: "Has", Func: Type.Has},
		{Name: "IsTask", Func: Type.IsTask},
		{Name: "IsScheduled", Func: Type.IsScheduled},

		{Name: "Dashed", Func: Instance.Dashed},
		{Name: "Shell", Func: Probe.Shell},

		{Name: "Seconds", Func: time.Duration.Seconds},
		{Name: "Milliseconds", Func: time.Duration.Milliseconds},
		{Name: "Minutes", Func: time.Duration.Minutes},
		{Name: "Hours", Func: time.Duration.Hours},
		{Name: "Round", Func: time.Duration.Round},
		{Name: "Truncate", Func: time.Duration.Truncate},
		{Name: "String", Func: time.Duration.String},
	}
}

// ofType asks something of a page that is about a process type.
func ofType[T any](ask func(Page) T) func(Page) (T, error) {
	return func(p Page) (answer T, err error) {
		if p.Type == nil {
			return answer, errors.New("this file is not about a process type")
		}
		return ask(p), nil
	}
}

// ofInstance asks something of a page that is about an instance.
func ofInstance[T any](ask func(Page) T) func(Page) (T, error) {
	return func(p Page) (answer T, err error) {
		if p.Type == nil || p.Instance == nil {
			return answer, errors.New("this file is not about an instance")
		}
		return ask(p), nil
	}
}
