package export

import (
	"bytes"
	"slices"
	"strings"
)

// Owns reports whether a file or a directory in a location is one of an app's: it is
// called as this format calls those of a type that the Procfile has, or it is called as
// another file of the app and its text says so.
func (f Format) Owns(a string, types []string, name string, text func() []byte) bool {
	for _, pattern := range f.owned {
		typ, ok := match(strings.ReplaceAll(pattern, "{app}", a), name)
		if ok && (slices.Contains(types, typ) || f.isMarked(a, text())) {
			return true
		}
	}
	return false
}

// isMarked reports whether a text begins as an app's files do: with the marker, or as the format
// itself says.
func (f Format) isMarked(app string, text []byte) bool {
	head, _, found := strings.Cut(string(text[:min(len(text), 4096)]), markerStart(f.Name, app))
	return found && strings.Count(head, "\n") < 5 || f.begins != nil && bytes.HasPrefix(text, []byte(f.begins(app)))
}

// match takes the type out of a name that has the form of a pattern.
func match(pattern, name string) (typ string, ok bool) {
	before, after, typed := strings.Cut(pattern, "{type}")
	if !typed {
		return "", pattern == name
	}
	after, end, numbered := strings.Cut(after, "{n}")
	rest, ok := strings.CutPrefix(name, before)
	if !ok {
		return "", false
	}
	if rest, ok = strings.CutSuffix(rest, end); !ok {
		return "", false
	}
	if numbered {
		digits := strings.TrimRight(rest, "0123456789")
		if digits == rest {
			return "", false
		}
		rest = digits
	}
	typ, ok = strings.CutSuffix(rest, after)
	return typ, ok && typ != "" && !strings.ContainsAny(typ, "./")
}

// MayReplace reports whether a file that is there can be overwritten: one that is the same,
// one that an export has written, and one that is called after a type, or is in a directory
// that is.
func (f Format) MayReplace(app string, types []string, file File, old []byte) bool {
	top, _, inside := strings.Cut(file.Path, "/")
	named := f.Owns(app, types, top, func() []byte { return nil })
	return bytes.Equal(old, file.Content) || f.isMarked(app, old) || named || inside && strings.HasPrefix(top, app)
}
