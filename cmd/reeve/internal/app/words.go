package app

import (
	"fmt"
	"strings"
	"time"

	"reeve/cmd/reeve/internal/diag"
	"reeve/cmd/reeve/internal/held"
	"reeve/cmd/reeve/internal/place"
	"reeve/cmd/reeve/internal/slot"
	"reeve/env"
)

// PortText says that somebody else listens on the port of an instance.
func PortText(instance string, o env.Owner) string {
	text := fmt.Sprintf("port %d of %s is in use", o.Port, instance)
	if o.PID != 0 {
		text += fmt.Sprintf(" by %s (pid %d)", o.Name, o.PID)
	}
	return text + ": stop that program, or " + OtherPortsText
}

// OtherPortsText says what to do where a port is in use.
const OtherPortsText = "use other ports with --port auto or --port N"

// ChoiceText says which ports reeve has chosen, and why not the usual ones.
func ChoiceText(c slot.Choice) string {
	text := fmt.Sprintf("ports %d to %d (slot %d)", c.First, c.Last, c.Slot)
	var why []string
	if c.Linked {
		why = append(why, "this is a linked git worktree")
	}
	if c.Obstacle != nil {
		why = append(why, obstacleText(*c.Obstacle))
	}
	if len(why) == 0 {
		return text
	}
	return text + ", since " + strings.Join(why, ", and ")
}

// obstacleText says why a slot cannot be had.
func obstacleText(o slot.Obstacle) string {
	if o.Holder.Port == 0 {
		text := "another formation"
		if o.Claimer != 0 {
			text += fmt.Sprintf(" (pid %d)", o.Claimer)
		}
		return text + fmt.Sprintf(" has ports %d to %d", o.First, o.Last)
	}
	text := fmt.Sprintf("port %d is in use", o.Holder.Port)
	if o.Holder.PID != 0 {
		text += fmt.Sprintf(" by %s (pid %d)", o.Holder.Name, o.Holder.PID)
	}
	return text
}

// noSlotText says that there are no ports for the formation.
func noSlotText(usual int, c slot.Choice) error {
	return fmt.Errorf("--port auto: no free ports from %d on: %s, and so it goes on up to 65535", usual, obstacleText(*c.Obstacle))
}

// HeldText says that reeve cannot hold the socket of a type.
func HeldText(typ string, at held.Address, why error) string {
	return fmt.Sprintf("cannot listen on %s for %s: %s", at, typ, why)
}

// noPortToHold reports a type of which reeve is to hold the PORT, and which has none.
func noPortToHold(typ string, noPorts bool) error {
	why := typ + " has no PORT"
	if noPorts {
		why += " with --no-port"
	}
	return fmt.Errorf("--listen %s: %s: name an address, as in %s=127.0.0.1:8080", typ, why, typ)
}

// sameSocket reports two types whose sockets would be the same.
func sameSocket(one, other string, at held.Address) error {
	return fmt.Errorf("--listen: %s and %s would both listen on %s", one, other, at)
}

// shellHoldsText says that a socket would be handed to a shell.
func shellHoldsText(typ string) string {
	return typ + ": --listen hands the socket to one process, by its pid in LISTEN_PID, and this command's would be the shell: write exec before the program that takes it over"
}

// heldProbeText says that a probe tells nothing of a type.
func heldProbeText(typ string) string {
	return typ + ": --ready tcp is true from the beginning, since --listen accepts connections before it runs: use an http:// probe, notify, log: or exec:"
}

// outsideText reports a port that is not among those that reeve has chosen.
func outsideText(port int, chosen slot.Block) error {
	return fmt.Errorf("port %d would be needed, but this formation has %d to %d: start it with that many instances (-m), so that --port auto finds enough ports",
		port, chosen.First, chosen.Last)
}

// notAPort reports a PORT, where it is set.
func notAPort(at env.Origin) error {
	const text = "is not a port: it must be a whole number from 1 to 65535; or use --port N"
	if at.Line > 0 {
		return diag.Problem{File: at.Layer, Line: at.Line, Message: "PORT " + text}
	}
	return fmt.Errorf("PORT of %s %s", at, text)
}

// MissingText names what is missing, by the files that ask for it.
func MissingText(missing []Requirement) string {
	var files []string
	byFile := map[string][]string{}
	for _, r := range missing {
		if byFile[r.file] == nil {
			files = append(files, r.file)
		}
		byFile[r.file] = append(byFile[r.file], r.Key)
	}
	var parts []string
	for _, f := range files {
		parts = append(parts, strings.Join(byFile[f], ", ")+" (listed in "+f+")")
	}
	return "missing config: " + strings.Join(parts, "; ")
}

// foreignText says that a settings file of another runner is not read, and how reeve
// calls those of its settings that it has too.
func foreignText(file string, same []string) string {
	if len(same) == 0 {
		return file + " is not read: settings belong in " + place.SettingsFile + ", see: reeve help settings"
	}
	return file + " is not read: write in " + place.SettingsFile + " " + strings.Join(same, ", ") + "; see: reeve help settings"
}

// foreignProcfileText says that an env file chooses no Procfile, as it does for honcho.
const foreignProcfileText = "PROCFILE does not choose the Procfile here: name it with -f, or write procfile in " + place.SettingsFile

// ConflictText says which of two values of a variable counts.
func ConflictText(c env.Conflict) string {
	return fmt.Sprintf("%s differs between %s and %s: the value from %s is used", c.Key, c.Winner, c.Loser, c.Winner)
}

// SuspendedText says that the formation cannot answer.
func SuspendedText(pid int) string {
	return fmt.Sprintf("the formation is suspended (pid %d): continue it with fg in its terminal, or with kill -CONT %d", pid, pid)
}

// FormationText names the running formation, as the source of ports.
func FormationText(pid int) string {
	return fmt.Sprintf("the running formation (pid %d)", pid)
}

// TimeText is a time of day in the zone in which it is given, with the day if that is not today. The zone is said
// where it is another one than here.
func TimeText(t, now time.Time) string {
	layout := "15:04:05"
	if t.Format(time.DateOnly) != now.In(t.Location()).Format(time.DateOnly) {
		layout = time.DateTime
	}
	if t.Second() == 0 {
		layout = strings.TrimSuffix(layout, ":05")
	}
	_, there := t.Zone()
	if _, here := t.Local().Zone(); there != here {
		layout += " -0700"
	}
	return t.Format(layout)
}

// DueText says when a type is due.
func DueText(d Due, now time.Time) string {
	if d.At.IsZero() {
		return d.Type + " runs " + d.Schedule.String()
	}
	return fmt.Sprintf("%s runs at %s (%s)", d.Type, TimeText(d.At, now), d.Schedule)
}
