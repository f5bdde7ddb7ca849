package schedule

import (
	"strings"
	"testing"
	"time"
)

func TestParseEvery(t *testing.T) {
	for text, want := range map[string]time.Duration{"every 1s": time.Second, "every 90m": 90 * time.Minute, "  every\t1h30m ": 90 * time.Minute, "every 1.5s": 1500 * time.Millisecond} {
		s, err := Parse(text)
		if err != nil || s.Every != want || !s.IsSet() {
			t.Errorf("%q is %v: %v", text, s.Every, err)
		}
		now := time.Now()
		if next := s.Next(now); next.Sub(now) != want {
			t.Errorf("%q is due in %v", text, next.Sub(now))
		}
	}
}

func TestShorthands(t *testing.T) {
	for n, word := range Shorthands {
		short, err := Parse(word)
		long, longErr := Parse(shorthandFields[n])
		if err != nil || longErr != nil || short.Times != long.Times || short.String() != word {
			t.Errorf("%s is %+v: %v", word, short, err)
		}
	}
}

// What is wrong is said, and what to write instead.
func TestParseErrors(t *testing.T) {
	const five = "must have five fields, not "
	const week = "must be from 0 to 7, or from sun to sat"
	const seconds = ": seconds and years are not supported; for seconds use every, as in every 30s"
	for text, want := range map[string]string{
		"":                             "must not be empty",
		" \t":                          "must not be empty",
		"60 * * * *":                   "minute 60: must be from 0 to 59",
		"-1 * * * *":                   "minute -1: a value is missing",
		"+1 * * * *":                   "minute +1: must be from 0 to 59",
		"1.5 * * * *":                  "minute 1.5: must be from 0 to 59",
		"99999999999999999999 * * * *": "minute 99999999999999999999: must be from 0 to 59",
		"* 24 * * *":                   "hour 24: must be from 0 to 23",
		"* * 0 * *":                    "day of month 0: must be from 1 to 31",
		"* * 32 * *":                   "day of month 32: must be from 1 to 31",
		"* * * 13 *":                   "month 13: must be from 1 to 12, or from jan to dec",
		"* * * 0 *":                    "month 0: must be from 1 to 12, or from jan to dec",
		"* * * janu *":                 "month janu: write jan",
		"* * * * 8":                    "day of week 8: " + week,
		"* * * * monday":               "day of week monday: write mon",
		"* * * * mon-friday":           "day of week mon-friday: write fri",
		"* * * * mo":                   "day of week mo: " + week,
		"* * * * onm":                  "day of week onm: " + week,
		"* * mon * *":                  "day of month mon: must be from 1 to 31",
		"5-1 * * * *":                  "minute 5-1: the range ends before it begins: write 5-59,0-1",
		"0 22-4 * * *":                 "hour 22-4: the range ends before it begins: write 22-23,0-4",
		"0 0 * * fri-mon":              "day of week fri-mon: the range ends before it begins: write fri-6,0-mon",
		"5/15 * * * *":                 "minute 5/15: some crons read this as a single value: write 5-59/15",
		"*/0 * * * *":                  "minute */0: a step must be from 1 to 59; for other intervals use every, as in every 90m",
		"*/90 * * * *":                 "minute */90: a step must be from 1 to 59; for other intervals use every, as in every 90m",
		"*/ * * * *":                   "minute */: a step must be from 1 to 59; for other intervals use every, as in every 90m",
		"*/5/2 * * * *":                "minute */5/2: a step must be from 1 to 59; for other intervals use every, as in every 90m",
		"1,,2 * * * *":                 "minute 1,,2: a value is missing",
		"1- * * * *":                   "minute 1-: a value is missing",
		"*-5 * * * *":                  "minute *-5: must be from 0 to 59",
		"** * * * *":                   "minute **: must be from 0 to 59",
		"0 0 ? * *":                    "day of month ?: write * instead",
		"0 0 L * *":                    "day of month L: L is not supported: write 28-31, and have the command check whether tomorrow is the 1st",
		"0 0 * * 5L":                   "day of week 5L: L is not supported: write 28-31, and have the command check whether tomorrow is the 1st",
		"0 0 15W * *":                  "day of month 15W: W is not supported: list days, and have the command check the weekday",
		"0 0 * * 5#2":                  "day of week 5#2: # is not supported: write the weekday alone, and have the command check the date",
		"H * * * *":                    "minute H: random times are not supported: choose one",
		"0~59 * * * *":                 "minute 0~59: random times are not supported: choose one",
		"0 0 0 * * *":                  five + "6" + seconds,
		"0 0 0 * * * 2026":             five + "7" + seconds,
		"0 0 30 2 *":                   "would never run: there is no day 30 in feb",
		"0 0 31 4,6,9,11 *":            "would never run: there is no day 31 in apr, jun, sep, nov",
		"0 0 30-31 feb *":              "would never run: there is no day 30 in feb",
		"@reboot":                      "what runs once at the start is a task, not a schedule: use --ready TYPE=exit",
		"@every 5m":                    "write every without the @, as in every 30s",
		"@Daily":                       "@Daily is not one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually",
		"@daily 5":                     "@daily 5 is not one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually",
		"every":                        "every needs a duration, as in every 30s, every 5m or every 1h30m",
		"every 5":                      "every needs a duration, as in every 30s, every 5m or every 1h30m",
		"every 5 minutes":              "every needs a duration, as in every 30s, every 5m or every 1h30m",
		"every 1d":                     "every needs a duration, as in every 30s, every 5m or every 1h30m",
		"every 999ms":                  "must be at least 1s",
		"every -5s":                    "must be at least 1s",
		"CRON_TZ=UTC 0 3 * * *":        "a schedule has no time zone of its own: set cron-zone, which applies to all, and leave it out here",
		"TZ=UTC 0 3 * * *":             "a schedule has no time zone of its own: set cron-zone, which applies to all, and leave it out here",
	} {
		if _, err := Parse(text); err == nil || err.Error() != want {
			t.Errorf("%q: %v, not %s", text, err, want)
		}
	}
}

// The numbers of a field are those that every cron understands.
func TestFieldString(t *testing.T) {
	for text, want := range map[string][5]string{
		"* * * * *":                           {"*", "*", "*", "*", "*"},
		"*/15 */2 */2 */3 */2":                {"0-45/15", "0-22/2", "1-31/2", "1-10/3", "0-6/2"},
		"0-59 0-23 1-31 jan-dec 0-7":          {"*", "*", "*", "*", "*"},
		"5,6 1,3,5,8 1-3,7-9 feb,dec fri-sun": {"5,6", "1-5/2,8", "1-3,7-9", "2,12", "0,5,6"},
		"1,2,3,30 0 1 1 7":                    {"1-3,30", "0", "1", "1", "0"},
	} {
		s, err := Parse(text)
		if got := [5]string{s.Times.Minute.String(), s.Times.Hour.String(), s.Times.Day.String(), s.Times.Month.String(), s.Times.Weekday.String()}; err != nil || got != want {
			t.Errorf("%s is %q: %v", text, got, err)
		}
	}
}

// What is written is read as the same, and Next goes on.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"*/15 2 29 2 mon", "@daily", "every 1h30m", "0 0 1-31/3,5 jan-dec 5-7", "5/15 * * * *", "0 0 ? * 5#2"} {
		f.Add(text, int64(1_800_000_000))
	}
	f.Fuzz(func(t *testing.T, text string, unix int64) {
		s, err := Parse(text)
		if err != nil {
			return
		}
		again, err := Parse(s.String())
		if err != nil || again != s {
			t.Fatalf("%q is written as %q: %v", text, s, err)
		}
		now := time.Unix(unix%(1<<33), 0).UTC()
		next := s.Next(now)
		if !next.After(now) {
			t.Fatalf("%q is due at %v after %v", text, next, now)
		}
		if s.Every == 0 && !s.Times.has(next.Date()) {
			t.Fatalf("%q is due on %v", text, next)
		}
	})
}

// An interval has times of day if it divides an hour or a day.
func TestAtTimes(t *testing.T) {
	for text, want := range map[string]string{
		"every 1m": "* * * * *", "every 60s": "* * * * *", "every 5m": "0-55/5 * * * *", "every 30m": "0,30 * * * *",
		"every 1h": "0 * * * *", "every 2h": "0 0-22/2 * * *", "every 12h": "0 0,12 * * *", "every 24h": "0 0 * * *",
		"every 30s": "", "every 7m": "", "every 90m": "", "every 5h": "", "every 48h": "", "every 1m30s": "",
		"0 3 13 * fri": "0 3 13 * 5", "0 3 1-31 * fri": "0 3 * * *", "0 3 * * fri": "0 3 * * 5", "0 3 */2 * *": "0 3 1-31/2 * *", "0 3 */2 * fri": "",
	} {
		s, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if times, ok := s.AtTimes(); ok {
			if fields, ok := times.Fields(); ok {
				got = strings.Join(fields[:], " ")
			}
		}
		if got != want {
			t.Errorf("%s is %q, not %q", text, got, want)
		}
	}
}
