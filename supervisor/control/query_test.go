package control

import (
	"net/url"
	"testing"
	"time"
)

func TestAges(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"5m": 5 * time.Minute, "90": 90 * time.Second, "0.25": time.Second / 4, "0": 0, "1m30s": 90 * time.Second,
	} {
		q, err := parseLogQuery(url.Values{"since": {text}})
		if err != nil || q.Since != want {
			t.Errorf("since=%s: %v, %v; want %v", text, q.Since, err, want)
		}
	}
	for _, text := range []string{"", "x", "-1", "-1m", "1e99", "NaN", "Inf"} {
		if _, err := parseLogQuery(url.Values{"until": {text}}); err == nil {
			t.Errorf("until=%s is accepted", text)
		}
	}
}
