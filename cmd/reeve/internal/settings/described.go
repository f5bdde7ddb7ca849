package settings

import (
	"fmt"
	"slices"
	"strings"

	"reeve/cmd/reeve/internal/place"
)

// passing are the settings of a start that change nothing about the formation that results: which
// part of it is asked for, and what one log looks like.
var passing = []string{
	"procfile", "root", "formation", "exclude", "detach", "color", "no-color", "timestamp", "no-timestamp", "no-prefix", "quiet", "no-hints",
	"log-dir", "log-size", "log-keep",
}

// Described gives what is set for a formation, by the names of the flags, so that two starts can
// be compared. The texts are for nothing else.
func (o *Options) Described() map[string]string {
	all := map[string]string{}
	for _, row := range Rows(OnStart) {
		if slices.Contains(passing, row.Name) {
			continue
		}
		all[row.Name] = row.described(o)
	}
	return all
}

// described gives what a flag is set to.
func (r Row) described(o *Options) string {
	v := r.value(o)
	text := v.String()
	if own, ok := v.(interface{ described() string }); ok {
		text = own.described()
	}
	if r.Arg.Of.name == file.name && text != "" {
		var paths []string
		for _, path := range splitList(text) {
			paths = append(paths, place.Absolute(path))
		}
		text = strings.Join(paths, ",")
	}
	return text
}

// What String does not tell: the values of single process types.

func (v *perTypeValue[T]) described() string { return fmt.Sprint(v.show(v.of.all), v.of.types) }
func (v *ofTypeValue[T]) described() string  { return fmt.Sprint(*v.of) }

func (v *orderValue) described() string { return fmt.Sprint(map[string][]string(*v)) }
