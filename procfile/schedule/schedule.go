// Package schedule knows when something is to run by itself: at times of day, in the language of crontab, or
// again and again after some time.
//
// # What a text means
//
// Five fields are what the manual of Vixie's cron says: lists, ranges, steps, names, Sunday as 0 and as 7. The two
// fields for days are alternatives if neither begins with a *; else both must match. Where crons disagree about what a
// text means, or it is the language of another one (seconds, ?, L, W, #), it is an error that says what to write.
//
// # What a clock does
//
// A schedule is about what a clock on the wall shows, which daylight saving sets forward and back. Two rules
// say what that means, those of Vixie's cron. What runs in every hour goes by the time that passes. Anything else runs
// once for each time that the schedule names: at the first moment after, if the clock skips it, and the first time
// that the clock shows it, if it does so twice.
package schedule

import (
	"cmp"
	"fmt"
	"time"
)

// Schedule says when something runs. The zero value: never.
type Schedule struct {
	Every time.Duration // again and again after this time; 0: at times of day
	Times Times
	text  string
}

// Times are the times of day and the days.
type Times struct{ Minute, Hour, Day, Month, Weekday Field }

// IsSet reports whether anything runs by the schedule.
func (s Schedule) IsSet() bool { return s.text != "" }

// String is the schedule as it was written, with single blanks.
func (s Schedule) String() string { return s.text }

// Next is the first time after another one, by the clock in its location.
func (s Schedule) Next(after time.Time) time.Time {
	switch {
	case s.Every > 0:
		return after.Add(s.Every)
	case s.Times.Hour.is(all):
		return s.Times.nextPassing(after)
	}
	return s.Times.nextShown(after)
}

// searchedYears is further than any two dates of a schedule are apart: a 29 February that is a certain
// day of the week may be 40 years away.
const searchedYears = 41

// nextPassing is the next time of what runs in every hour.
func (t Times) nextPassing(after time.Time) time.Time {
	at := after.Add(time.Minute - time.Duration(after.Second())*time.Second - time.Duration(after.Nanosecond()))
	for end := at.AddDate(searchedYears, 0, 0); at.Before(end); {
		switch y, m, d := at.Date(); {
		case !t.has(y, m, d):
			tomorrow := moment(y, m, d+1, 0, 0, at.Location())
			at = at.Add(time.Hour)
			if tomorrow.After(at) {
				at = tomorrow
			}
		case t.Minute.has(at.Minute()):
			return at
		default:
			at = at.Add(time.Minute)
		}
	}
	return time.Time{}
}

// nextShown is the next time of anything else: a day has each only once.
func (t Times) nextShown(after time.Time) time.Time {
	y, month, d := after.Date()
	for range searchedYears * 366 {
		if t.has(y, month, d) {
			for _, hour := range t.Hour.Values() {
				for _, minute := range t.Minute.Values() {
					if at := moment(y, month, d, hour, minute, after.Location()); at.After(after) {
						return at
					}
				}
			}
		}
		y, month, d = time.Date(y, month, d+1, 0, 0, 0, 0, time.UTC).Date()
	}
	return time.Time{}
}

// has reports whether a day is one of the schedule's.
func (t Times) has(y int, m time.Month, d int) bool {
	if !t.Month.has(int(m)) {
		return false
	}
	day, weekday := t.Day.has(d), t.Weekday.has(int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Weekday()))
	if t.EitherDay() {
		return day || weekday
	}
	return day && weekday
}

// EitherDay reports whether it is enough that one of the two fields for days matches.
func (t Times) EitherDay() bool { return !t.Day.is(star) && !t.Weekday.is(star) }

// moment is when a clock shows a time: the first time if it does so twice, and the first moment after if it
// does not.
func moment(y int, month time.Month, d, hour, minute int, in *time.Location) time.Time {
	t := time.Date(y, month, d, hour, minute, 0, 0, in)
	start, end := t.ZoneBounds()
	wanted := time.Date(y, month, d, hour, minute, 0, 0, time.UTC).Unix()
	switch cmp.Compare(t.Unix()+offset(t), wanted) {
	case 1: // the clock was set forward before
		return start
	case -1: // or is afterwards
		return end
	}
	if start.IsZero() {
		return t
	}
	earlier := time.Unix(wanted-offset(start.Add(-time.Second)), 0).In(in)
	if earlier.Before(start) {
		return earlier
	}
	return t
}

// offset is by how many seconds a clock is ahead of UTC at some time.
func offset(t time.Time) int64 {
	_, seconds := t.Zone()
	return int64(seconds)
}

// AtTimes are the times of day of the schedule, also those of an interval that divides an hour or a day evenly. Not
// ok: there are none.
func (s Schedule) AtTimes() (t Times, ok bool) {
	var text string
	switch every := s.Every; {
	case every == 0:
		return s.Times, s.IsSet()
	case every < time.Hour && every%time.Minute == 0 && time.Hour%every == 0:
		text = fmt.Sprintf("*/%d * * * *", every/time.Minute)
	case every == 24*time.Hour:
		text = "@daily"
	case every%time.Hour == 0 && 24*time.Hour%every == 0:
		text = fmt.Sprintf("0 */%d * * *", every/time.Hour)
	default:
		return t, false
	}
	s, err := Parse(text)
	return s.Times, err == nil
}

// Fields writes the times in five fields, as numbers. Not ok: other crons would take them for other days, since
// they do not agree about what it means that a field begins with a *.
func (t Times) Fields() (fields [5]string, ok bool) {
	fields = [5]string{t.Minute.String(), t.Hour.String(), t.Day.String(), t.Month.String(), t.Weekday.String()}
	if t.EitherDay() && (t.Day.is(all) || t.Weekday.is(all)) {
		fields[2], fields[4] = "*", "*"
	}
	return fields, t.EitherDay() || t.Day.is(all) || t.Weekday.is(all)
}
