package service

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// waited is what a wait came to.
type waited struct {
	err  error
	took time.Duration
	said []string
}

// wait waits for services, of which the addresses accept connections after so long; the others
// never do.
func wait(ctx context.Context, within time.Duration, upAfter map[string]time.Duration, urls ...string) (w waited) {
	var services []Service
	for _, url := range urls {
		s, err := Parse("DB_URL", url)
		if err != nil {
			panic(err)
		}
		s.key += string(rune('1' + len(services)))
		services = append(services, s)
	}
	began := time.Now()
	w.err = Wait{
		Within: within,
		Say: func(text string, since time.Duration) time.Duration {
			w.said = append(w.said, since.String()+": "+text)
			return SayAgain
		},
		Dial: func(_ context.Context, _, at string) error {
			if after, ok := upAfter[at]; ok && time.Since(began) >= after {
				return nil
			}
			return errors.New("connection refused")
		},
	}.For(ctx, services)
	w.took = time.Since(began)
	return w
}

// TestWait waits in fake time.
func TestWait(t *testing.T) {
	const db, cache = "postgres://u:secret@db:1/app", "redis://cache:2"
	for _, tt := range []struct {
		name    string
		upAfter map[string]time.Duration
		took    time.Duration
		err     string
		said    string
	}{
		{"all are there", map[string]time.Duration{"db:1": 0, "cache:2": 0}, 0, "", ""},
		{"one comes soon", map[string]time.Duration{"db:1": 200 * time.Millisecond, "cache:2": 0}, 350 * time.Millisecond, "", ""},
		{"one comes late", map[string]time.Duration{"db:1": 7 * time.Second, "cache:2": 0}, 7550 * time.Millisecond, "",
			"1s: waiting for DB_URL1 (db:1) 6s: waiting for DB_URL1 (db:1)"},
		{"both come late", map[string]time.Duration{"db:1": 2 * time.Second, "cache:2": 1500 * time.Millisecond}, 2550 * time.Millisecond, "",
			"1s: waiting for DB_URL1 (db:1), DB_URL2 (cache:2)"},
		{"one never comes", map[string]time.Duration{"cache:2": 0}, 10 * time.Second, "gave up on DB_URL1 after 10s: connection refused",
			"1s: waiting for DB_URL1 (db:1) 6s: waiting for DB_URL1 (db:1)"},
		{"none comes", nil, 10 * time.Second, "gave up on DB_URL1 after 10s: connection refused\ngave up on DB_URL2 after 10s: connection refused",
			"1s: waiting for DB_URL1 (db:1), DB_URL2 (cache:2) 6s: waiting for DB_URL1 (db:1), DB_URL2 (cache:2)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := wait(t.Context(), 10*time.Second, tt.upAfter, db, cache)
				got := ""
				if w.err != nil {
					got = w.err.Error()
				}
				if got != tt.err || w.took != tt.took {
					t.Errorf("%q after %v, want %q after %v", got, w.took, tt.err, tt.took)
				}
				if said := strings.Join(w.said, " "); said != tt.said {
					t.Errorf("said %q, want %q", said, tt.said)
				}
			})
		})
	}
}

// TestWaitCancelled leaves at once, with the cause.
func TestWaitCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("asked to stop")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(3*time.Second, func() { cancel(cause) })
		if w := wait(ctx, time.Minute, nil, "redis://cache:2"); w.err != cause || w.took != 3*time.Second {
			t.Errorf("%v after %v", w.err, w.took)
		}
	})
}
