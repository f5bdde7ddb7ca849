package schedule

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones must be the same wherever this is tested
)

// What crontab(5) of Vixie's cron says that schedules mean, and cron(8) of daylight saving.
func TestNext(t *testing.T) {
	for _, tt := range []struct {
		text, zone, after string
		want              string // the next times, with blanks between
	}{
		// Numbers, lists, ranges and steps.
		{"0 3 * * *", "UTC", "2026-03-01T03:00:00Z", "2026-03-02T03:00:00Z 2026-03-03T03:00:00Z"},
		{"0 3 * * *", "UTC", "2026-03-01T02:59:59Z", "2026-03-01T03:00:00Z"},
		{"* * * * *", "UTC", "2026-03-01T02:59:59.5Z", "2026-03-01T03:00:00Z 2026-03-01T03:01:00Z"},
		{"5,10 8,20 * * *", "UTC", "2026-03-01T08:05:00Z", "2026-03-01T08:10:00Z 2026-03-01T20:05:00Z"},
		{"10-50/20 * * * *", "UTC", "2026-03-01T00:11:00Z", "2026-03-01T00:30:00Z 2026-03-01T00:50:00Z 2026-03-01T01:10:00Z"},
		{"*/7 * * * *", "UTC", "2026-03-01T00:50:00Z", "2026-03-01T00:56:00Z 2026-03-01T01:00:00Z"},
		{"*/15,7 9-17/4 * * *", "UTC", "2026-03-01T13:45:00Z", "2026-03-01T17:00:00Z 2026-03-01T17:07:00Z"},
		{"0 23-23 31 12 *", "UTC", "2026-01-01T00:00:00Z", "2026-12-31T23:00:00Z"},
		{"00 03 01 01 00", "UTC", "2026-01-01T04:00:00Z", "2026-01-04T03:00:00Z 2026-01-11T03:00:00Z"},
		// Names, in any case, and Sunday as 7.
		{"0 0 * JAN-mar Mon-FRI", "UTC", "2026-03-06T00:00:00Z", "2026-03-09T00:00:00Z"},
		{"0 0 * * 7", "UTC", "2026-03-02T00:00:00Z", "2026-03-08T00:00:00Z"},
		{"0 0 * * 0", "UTC", "2026-03-02T00:00:00Z", "2026-03-08T00:00:00Z"},
		{"0 0 * * 5-7", "UTC", "2026-03-06T00:00:00Z", "2026-03-07T00:00:00Z 2026-03-08T00:00:00Z 2026-03-13T00:00:00Z"},
		{"0 0 * * fri-sun", "UTC", "2026-03-06T00:00:00Z", "2026-03-07T00:00:00Z 2026-03-08T00:00:00Z 2026-03-13T00:00:00Z"},
		{"0 0 * * 0-7", "UTC", "2026-03-06T00:00:00Z", "2026-03-07T00:00:00Z 2026-03-08T00:00:00Z"},
		{"0 0 * dec,jun tue", "UTC", "2026-06-24T00:00:00Z", "2026-06-30T00:00:00Z 2026-12-01T00:00:00Z"},
		// Either day, unless a field begins with a *.
		{"0 0 13 * fri", "UTC", "2026-03-06T00:00:00Z", "2026-03-13T00:00:00Z 2026-03-20T00:00:00Z"},
		{"0 0 10 * fri", "UTC", "2026-03-06T00:00:00Z", "2026-03-10T00:00:00Z 2026-03-13T00:00:00Z"},
		{"30 4 1,15 * 5", "UTC", "2026-05-29T04:30:00Z", "2026-06-01T04:30:00Z 2026-06-05T04:30:00Z"},
		{"0 0 */2 * mon", "UTC", "2026-03-01T00:00:00Z", "2026-03-09T00:00:00Z 2026-03-23T00:00:00Z"},
		{"0 0 1,15 * */2", "UTC", "2026-03-01T00:00:00Z", "2026-03-15T00:00:00Z"},
		{"0 0 1-31 * mon", "UTC", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z 2026-03-03T00:00:00Z"},
		{"0 0 31 2 mon", "UTC", "2026-02-20T00:00:00Z", "2026-02-23T00:00:00Z 2027-02-01T00:00:00Z"},
		// Dates that are rare.
		{"0 0 29 2 *", "UTC", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z 2032-02-29T00:00:00Z"},
		{"0 0 29 feb *", "UTC", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z"},
		{"0 0 29-30 2 *", "UTC", "2027-03-01T00:00:00Z", "2028-02-29T00:00:00Z"},
		{"* * 29 2 *", "UTC", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z 2104-02-29T00:01:00Z"},
		{"0 0 31 * *", "UTC", "2026-03-31T00:00:00Z", "2026-05-31T00:00:00Z 2026-07-31T00:00:00Z 2026-08-31T00:00:00Z"},
		{"0 0 */28 2 mon", "UTC", "2027-02-02T00:00:00Z", "2038-02-01T00:00:00Z"},
	} {
		check(t, tt.text, tt.zone, tt.after, tt.want)
	}
}

func check(t *testing.T, text, zone, after, want string) {
	t.Helper()
	s, err := Parse(text)
	if err != nil {
		t.Errorf("%s: %v", text, err)
		return
	}
	in, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.Parse(time.RFC3339, after)
	if err != nil {
		t.Fatal(err)
	}
	at = at.In(in)
	var got []string
	for range strings.Fields(want) {
		at = s.Next(at)
		got = append(got, at.Format(time.RFC3339))
	}
	if text2 := strings.Join(got, " "); text2 != want {
		t.Errorf("%s in %s after %s: %s, not %s", text, zone, after, text2, want)
	}
}
