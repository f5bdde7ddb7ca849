package settings

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"reeve/procfile/schedule"
	"reeve/supervisor"
)

// ManifestWord stands for the schedules that app.json has.
const ManifestWord = "app.json"

// IsScheduled reports whether a type has a schedule.
func (o Policies) IsScheduled(typ string) bool { return o.Cron[typ] != "" }

// ReadsManifest reports whether the schedules of app.json count.
func (o Policies) ReadsManifest() bool {
	_, said := o.Cron[ManifestWord]
	return said
}

// ScheduleOf is the schedule of a type.
func (o Policies) ScheduleOf(typ string) (s schedule.Schedule) {
	if o.IsScheduled(typ) {
		s, _ = schedule.Parse(o.Cron[typ]) // it has been read already
	}
	return s
}

// startedBy says the same to the supervisor.
func (o Policies) startedBy(typ string) supervisor.Schedule {
	of, zone := o.ScheduleOf(typ), o.Zone
	if !of.IsSet() || of.Every > 0 {
		return supervisor.Schedule{Every: of.Every}
	}
	if zone == nil {
		zone = time.Local
	}
	return supervisor.Schedule{Next: func(after time.Time) time.Time { return of.Next(after.In(zone)) }}
}

// cronValue is TYPE=SCHEDULE or app.json, or several of them with commas. A schedule may have commas,
// but nothing in it is what one of the two begins with.
type cronValue struct{ ofTypeValue[string] }

func cronVar(of *map[string]string) value {
	return &cronValue{ofTypeValue[string]{of, parseSchedule, "TYPE=SCHEDULE, as in clean='0 3 * * *', or " + ManifestWord}}
}

func parseSchedule(text string) (string, error) {
	s, err := schedule.Parse(text)
	return s.String(), err
}

func (v *cronValue) Set(s string) error {
	item := ""
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); item != "" && part != ManifestWord && !strings.Contains(part, "=") {
			item += "," + part
			continue
		}
		if err := v.setOne(item); err != nil {
			return err
		}
		item = part
	}
	return v.setOne(cmp.Or(item, "="))
}

// setOne sets one schedule; the empty text is none.
func (v *cronValue) setOne(item string) error {
	switch item {
	case "":
		return nil
	case ManifestWord:
		putAll(v.of, map[string]string{ManifestWord: ""})
		return nil
	}
	err := v.ofTypeValue.Set(item)
	if typ := typeIn(item); err != nil && typ != "" && typ != item {
		return fmt.Errorf("%s: %w", typ, err)
	}
	return err
}

// put replaces the schedule of a type.
func (v *cronValue) put(stronger value) { putAll(v.of, *stronger.(*cronValue).of) }

// WithSchedules adds schedules to types that have none.
func (o *Options) WithSchedules(more map[string]string) {
	maps.Copy(more, o.Cron)
	o.Cron = more
}

// zoneValue is the name of a time zone.
type zoneValue string

func (v *zoneValue) String() string     { return string(*v) }
func (*zoneValue) Type() string         { return "zone" }
func (v *zoneValue) put(stronger value) { *v = *stronger.(*zoneValue) }

func (v *zoneValue) Set(s string) error {
	*v = zoneValue(s)
	_, err := Location(s)
	return err
}

// Location finds a time zone by its name.
func Location(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err == nil && name != "" {
		return zone, nil
	}
	if _, err := time.LoadLocation("Europe/London"); err != nil {
		return nil, errors.New("time zones are not installed here (tzdata): only UTC and Local are known")
	}
	return nil, errors.New("must be the name of a time zone, as in Europe/Berlin or UTC")
}
