// Package schedule parses schedules and computes when they are due: at times of day, written as in a crontab, or
// at a fixed interval.
//
// # Syntax
//
// The five fields are those of Vixie cron: lists, ranges, steps, names, Sunday as 0 and as 7. The two day fields are
// alternatives if neither begins with a *; otherwise both must match. Whatever crons read differently, or only some of
// them have (seconds, ?, L, W, #), is an error that says what to write instead.
//
// # Daylight saving
//
// Times of day are those of a clock on the wall, which daylight saving sets forward and back. Two rules of Vixie cron
// say what follows. A schedule that runs in every hour goes by elapsed time. Any other runs once for each time that it
// names: at the first moment after the gap if the clock skips that time, and the first time if the clock shows it
// twice.
package schedule

import (
	"cmp"
	"fmt"
	"time"
)

// Schedule says when something runs. The zero value is never due.
type Schedule struct {
	Every time.Duration // the interval; 0: at times of day
	Times Times
	text  string
}

// Times are times of day on certain days.
type Times struct{ Minute, Hour, Day, Month, Weekday Field }

// IsSet reports whether there is a schedule at all.
func (s Schedule) IsSet() bool { return s.text != "" }

// String is the schedule as it was written, with single blanks.
func (s Schedule) String() string { return s.text }

// Next is the first time that is due after another one, in that one's location.
func (s Schedule) Next(after time.Time) time.Time {
	switch {
	case s.Every > 0:
		return after.Add(s.Every)
	case s.Times.Hour.is(all):
		return s.Times.nextPassing(after)
	}
	return s.Times.nextShown(after)
}

// searchedYears is more than the longest gap between two dates of a schedule: 29 February on a certain
// day of the week may be 40 years away.
const searchedYears = 41

// nextPassing is the next time of a schedule that runs in every hour: it goes by elapsed time.
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

// nextShown is the next time of any other schedule: each time comes once a day.
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

// has reports whether the schedule runs on a day.
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

// EitherDay reports whether it is enough that one of the two day fields matches.
func (t Times) EitherDay() bool { return !t.Day.is(star) && !t.Weekday.is(star) }

// moment is when a clock shows a time: the first time if it shows it twice, and the first moment after the gap
// if it skips it.
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

// offset is how many seconds a clock is ahead of UTC at some time.
func offset(t time.Time) int64 {
	_, seconds := t.Zone()
	return int64(seconds)
}

// AtTimes are the schedule's times of day, or those of an interval that divides an hour or a day evenly. Not ok:
// the interval does not.
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

// Fields writes the times as five fields of numbers. Not ok: other crons would run on other days, since they
// disagree on what a day field that begins with a * means.
func (t Times) Fields() (fields [5]string, ok bool) {
	fields = [5]string{t.Minute.String(), t.Hour.String(), t.Day.String(), t.Month.String(), t.Weekday.String()}
	if t.EitherDay() && (t.Day.is(all) || t.Weekday.is(all)) {
		fields[2], fields[4] = "*", "*"
	}
	return fields, t.EitherDay() || t.Day.is(all) || t.Weekday.is(all)
}
