package live

import (
	"fmt"

	"reeve/cmd/reeve/internal/app"
	"reeve/cmd/reeve/internal/held"
	"reeve/cmd/reeve/internal/slot"
	"reeve/env"
	"reeve/output"
)

// What reeve start says before anything runs.

// conflictNotice says which of two values of a variable counts.
func conflictNotice(c env.Conflict) output.Notice {
	return output.Notice{
		Event:  "conflict",
		Fields: []output.Field{{Key: "key", Value: c.Key}, {Key: "winner", Value: c.Winner}, {Key: "loser", Value: c.Loser}},
		Text:   app.ConflictText(c),
	}
}

// listeningNotice says that reeve holds the socket of a type.
func listeningNotice(l output.Label, at held.Address) output.Notice {
	return output.Notice{
		Label: l, Event: "listening", Fields: []output.Field{{Key: "address", Value: at.String()}},
		Text: fmt.Sprintf("listening on %s for %s", at, l.Type),
	}
}

// portNotice says that somebody else listens on an instance's port.
func portNotice(l output.Label, o env.Owner) output.Notice {
	n := output.Notice{
		Label: l, Event: "port-taken", Fields: []output.Field{{Key: "port", Value: o.Port}},
		Text: app.PortText(l.Name, o),
	}
	if o.PID != 0 {
		n.Fields = append(n.Fields, output.Field{Key: "owner", Value: o.PID}, output.Field{Key: "owner_name", Value: o.Name})
	}
	return n
}

// choiceNotice says which ports reeve has chosen.
func choiceNotice(c slot.Choice) output.Notice {
	return output.Notice{
		Event: "ports", Fields: []output.Field{{Key: "slot", Value: c.Slot}, {Key: "port", Value: c.First}, {Key: "last_port", Value: c.Last}},
		Text: "using " + app.ChoiceText(c),
	}
}
