package main

import (
	"os"

	"reeve/output"
)

// stderr is where everything goes that reeve says on standard error. Nobody may read that, or
// nobody any more: neither is a reason to wait or to end.
var stderr = output.NewImpatient(os.Stderr)
