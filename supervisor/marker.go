package supervisor

import "strings"

// MarkerKey is the variable that says which formation and instance started a process.
const MarkerKey = "REEVE_RUN"

// Marker is the variable by which processes of an instance are found that have left
// its session and whose parents have ended. Every process of a formation gets it.
func Marker(formation, instance string) string {
	return MarkerKey + "=" + formation + "/" + instance
}

// marker is what Marker says.
type marker struct{ formation, instance string }

// markerAmong finds the marker in an environment. Of several, the last one counts, which
// reeve puts there.
func markerAmong(environ []string) (m marker, ok bool) {
	for i := len(environ) - 1; i >= 0; i-- {
		if value, found := strings.CutPrefix(environ[i], MarkerKey+"="); found {
			m.formation, m.instance, _ = strings.Cut(value, "/")
			return m, true
		}
	}
	return marker{}, false
}
