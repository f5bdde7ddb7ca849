package live

import (
	"fmt"
	"strings"

	"reeve/output"
)

// laterText says from when on flags count.
func laterText(flags []string, when string) string {
	verb := "take"
	if len(flags) == 1 {
		verb = "takes"
	}
	return fmt.Sprintf("%s %s effect %s", strings.Join(flags, ", "), verb, when)
}

// changedText lists a few of the things that have changed.
func changedText(what []string) string {
	const most = 4
	text, verb := strings.Join(what[:min(len(what), most)], ", "), "has"
	if len(what) > 1 {
		verb = "have"
	}
	if more := len(what) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text + " " + verb + " changed"
}

// reloadNotice says what is made of the formation.
func reloadNotice(n *news) output.Notice {
	var parts []string
	fields := []output.Field{{Key: "command", Value: "reload"}}
	for _, part := range []struct {
		key, text string
		of        []string
	}{{"stop", "stopping", n.stop}, {"restart", "restarting", n.anew}, {"start", "starting", n.start}, {"schedule", "scheduling", n.plan}, {"next", "from the next run on", n.next}} {
		var texts []string
		for _, name := range part.of {
			if why := n.why[name]; len(why) > 0 {
				name += " (" + changedText(why) + ")"
			}
			texts = append(texts, name)
		}
		if len(texts) > 0 {
			parts = append(parts, part.text+" "+strings.Join(texts, ", "))
			fields = append(fields, output.Field{Key: part.key, Value: part.of})
		}
	}
	if len(parts) == 0 {
		parts = []string{"no process has changed"}
	}
	return output.Notice{Event: "reload", Fields: fields, Text: "reeve reload: " + strings.Join(parts, "; ")}
}
