package live

import (
	"reeve/cmd/reeve/internal/diag"
	"reeve/output"
)

// sayApart says what is wrong where the log does not.
func sayApart(n output.Notice) {
	if n.Failure || n.Event == "warning" || n.Event == "port-taken" {
		diag.Warn(n.Text)
	}
}
