package export

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// What has a schedule is a task. As a process that is to stay, or as a task that others wait for, it would run at
// once, so a format without schedules refuses it.

// IsScheduled reports whether a type has a schedule.
func (t Type) IsScheduled() bool { return t.Schedule.IsSet() }

// refuseSchedules names the types of an app that have a schedule.
func refuseSchedules(format string, a App) error {
	names := named(a, Type.IsScheduled)
	if len(names) == 0 {
		return nil
	}
	return fmt.Errorf("%s: %s cannot start anything on a schedule: use --exclude %s, or export to %s",
		strings.Join(names, ", "), format, strings.Join(names, ","), strings.Join(withSchedules(), ", "))
}

// withSchedules are the formats that have schedules.
func withSchedules() (names []string) {
	for _, f := range Formats {
		if f.Schedules {
			names = append(names, f.Name)
		}
	}
	return names
}

// timed leaves out the types without a schedule, for a format that starts no others.
func (f Format) timed(a App) (App, []string) {
	names := named(a, func(t Type) bool { return !t.IsScheduled() })
	if !f.TimedOnly || len(names) == 0 {
		return a, nil
	}
	a.Types = slices.DeleteFunc(slices.Clone(a.Types), func(t Type) bool { return !t.IsScheduled() })
	return a, []string{fmt.Sprintf("%s: cron starts only what has a schedule: left out, for another format", strings.Join(names, ", "))}
}

// named are the names of some types.
func named(a App, which func(Type) bool) (names []string) {
	for _, t := range a.Types {
		if which(t) {
			names = append(names, t.Name)
		}
	}
	return names
}

// checkFields reports schedules that five fields cannot say.
func checkFields(a App) error {
	var errs []error
	for _, t := range a.Types {
		if !t.IsScheduled() {
			continue
		}
		switch times, ok := t.Schedule.AtTimes(); {
		case !ok:
			errs = append(errs, fmt.Errorf("--cron %s: %s cannot be written as times of day: use an interval that divides an hour or a day, as in every 5m", t.Name, t.Schedule))
		default:
			if _, ok := times.Fields(); !ok {
				errs = append(errs, fmt.Errorf("--cron %s: %s needs days that match both fields, but other crons would accept either: have the command check one of them", t.Name, t.Schedule))
			}
		}
	}
	return errors.Join(errs...)
}

// cronFields is the schedule of a type in five fields, which have been checked.
func cronFields(t Type) string {
	times, _ := t.Schedule.AtTimes()
	fields, _ := times.Fields()
	return strings.Join(fields[:], " ")
}

// calendars are the times of a schedule as systemd writes them (systemd.time(7)). It knows no days that are
// alternatives, but several calendars are.
func calendars(p Page) (all []string) {
	times := p.Type.Schedule.Times
	weekdays := ""
	if names := []string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}; times.Weekday.String() != "*" {
		var days []string
		for _, n := range times.Weekday.Values() {
			days = append(days, names[n])
		}
		weekdays = strings.Join(days, ",") + " "
	}
	dots := strings.NewReplacer("-", "..")
	add := func(weekdays, day string) {
		text := fmt.Sprintf("%s*-%s-%s %s:%s:00", weekdays, dots.Replace(times.Month.String()), dots.Replace(day), dots.Replace(times.Hour.String()), dots.Replace(times.Minute.String()))
		all = append(all, strings.TrimSuffix(text+" "+p.App.Zone, " "))
	}
	switch day := times.Day.String(); {
	case !times.EitherDay():
		add(weekdays, day)
	case weekdays == "" || day == "*":
		add("", "*")
	default:
		add("", day)
		add(weekdays, "*")
	}
	return all
}

// Limits of formats that have schedules.
var (
	atFullHours = limit{types: func(t Type) bool { return t.Schedule.Every > 0 }, text: "%s: here, an interval counts from the full hour or from midnight, not from the start"}
	noZone      = limit{app: hasZone, text: "%s: times are in the machine's time zone: the one that is set is left out"}
)

func hasZone(a App) string {
	if len(named(a, Type.IsScheduled)) == 0 {
		return ""
	}
	return a.Zone
}

// hasNoZone names the types whose times of day are in an unknown time zone.
func hasNoZone(a App) string {
	if a.Zone != "" {
		return ""
	}
	return strings.Join(named(a, func(t Type) bool { return t.IsScheduled() && t.Schedule.Every == 0 }), ", ")
}

// withoutSchedules are the types of an app that time does not start.
func withoutSchedules(a App) []Type {
	return slices.DeleteFunc(slices.Clone(a.Types), Type.IsScheduled)
}
